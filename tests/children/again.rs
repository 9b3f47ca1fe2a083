//! Starts this program again, as a child of itself.

use std::process::{Child, Command, Stdio};

/// Starts this program with `stage` as its only argument. Output is inherited.
#[expect(
    clippy::disallowed_methods,
    reason = "a helper that makes descendants has to"
)]
pub(crate) fn again(stage: &str) -> Child {
    let program = std::env::current_exe().expect("a program knows its own file");
    let mut command = Command::new(program);
    command.arg(stage).stdin(Stdio::null());
    command.spawn().expect("a program can start itself again")
}
