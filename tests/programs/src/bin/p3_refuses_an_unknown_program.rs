//! A program that the policy does not name is refused, and nothing is told of it.

use offspring::p3::Command;
use offspring::{Error, Part};

async fn run() {
    let result = Command::new("no-such-program").spawn().await;
    assert_eq!(result.err(), Some(Error::AccessDenied(Part::Program)));
}

offspring::p3::main!(run);

fn main() {}
