//! A program that the policy does not name is refused, and nothing is told of it.

use offspring::blocking::Command;
use offspring::{Error, Part};

fn main() {
    let result = Command::new("no-such-program").spawn();
    assert_eq!(result.err(), Some(Error::AccessDenied(Part::Program)));
}
