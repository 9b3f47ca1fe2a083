//! Policies: those of a run, and the commands about them.

mod check;
mod explain;
mod grants;
mod load;

pub(crate) use grants::granted;

use crate::args::PolicyCommand;
use crate::{exit, report};

/// `offspring policy`: its exit code.
pub(crate) fn run(command: &PolicyCommand) -> i32 {
    let done = match command {
        PolicyCommand::Check(args) => check::check(args),
        PolicyCommand::Explain(args) => explain::explain(args),
    };
    done.unwrap_or_else(|error| {
        report::error(&error);
        exit::INVALID
    })
}
