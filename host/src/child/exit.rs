//! How a child ended.

use offspring_policy::Signal;
use std::os::unix::process::ExitStatusExt;
use std::process;

/// The end of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// How it ended, as the operating system reported it.
    pub status: ExitStatus,
    /// Why the host ended it, where it did.
    pub cause: Option<EndCause>,
}

/// How a child ended, as the operating system reported it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// It exited with this code.
    Exited(i32),
    /// A signal ended it.
    Signaled {
        /// The signal.
        signal: Signal,
        /// Whether the system wrote a core dump.
        core_dumped: bool,
    },
}

impl From<process::ExitStatus> for ExitStatus {
    fn from(status: process::ExitStatus) -> Self {
        match (status.code(), status.signal().and_then(Signal::from_number)) {
            (Some(code), _) => Self::Exited(code),
            (None, Some(signal)) => Self::Signaled {
                signal,
                core_dumped: status.core_dumped(),
            },
            // A child is waited for until it exits, so no stopped or continued status gets here;
            // what is left is a number that no signal has.
            (None, None) => Self::Exited(status.into_raw()),
        }
    }
}

/// Why the host ended a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndCause {
    /// Its deadline passed.
    Deadline,
    /// It wrote more than it may.
    OutputLimit,
    /// Its guest dropped it, or ended.
    OwnerGone,
}
