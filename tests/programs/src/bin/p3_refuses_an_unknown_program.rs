//! A program that the policy does not name is refused, and nothing is told of it.

use offspring_test_programs::p3::process::{Command, ErrorCode, Part, spawn};
use offspring_test_programs::p3::{Guest, export};

struct Program;

export!(Program);

impl Guest for Program {
    async fn run() -> Result<(), ()> {
        let result = spawn(Command::new("no-such-program")).await;
        assert!(
            matches!(result, Err(ErrorCode::AccessDenied(Part::Program))),
            "{result:?}"
        );
        Ok(())
    }
}

fn main() {}
