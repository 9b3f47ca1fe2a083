//! Goes on as two processes.

use nix::unistd::{ForkResult, Pid, fork};

/// Does `work` in a new process, which is a copy of this one and returns never.
///
/// A copy needs no file to be started from: where a child lives, there may be no
/// /proc that tells a program which file is its own.
#[expect(
    unsafe_code,
    reason = "a copy of a process with several threads would be unsound"
)]
pub(crate) fn again(work: fn() -> !) -> Pid {
    // SAFETY: this process has one thread.
    match unsafe { fork() }.expect("a process can be made") {
        ForkResult::Parent { child } => child,
        ForkResult::Child => work(),
    }
}
