//! A program that the policy does not name is refused, and nothing is told of it.

use offspring_test_programs::p2::process::{Command, ErrorCode, Part, spawn};

fn main() {
    let refused = spawn(Command::new("no-such-program"));
    refused.subscribe().block();
    let result = refused.get().expect("the pollable was ready");
    assert!(
        matches!(result, Err(ErrorCode::AccessDenied(Part::Program))),
        "{result:?}"
    );
}
