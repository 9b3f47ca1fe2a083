//! How a child ended, and what it used.

use offspring_policy::Signal;
use std::os::unix::process::ExitStatusExt;
use std::process;
use std::time::Duration;

/// The end of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// How it ended, as the operating system reported it.
    pub status: ExitStatus,
    /// Why the host ended it, where it did.
    pub cause: Option<EndCause>,
    /// What it used.
    pub usage: ResourceUsage,
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

/// Why the host ended a child, or the system did because of a bound that the policy sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndCause {
    /// Its deadline passed.
    Deadline,
    /// It wrote nothing for as long as it may.
    Idle,
    /// It wrote more than it may.
    OutputLimit,
    /// It used the processor for longer than it may.
    CpuLimit,
    /// It wrote a file that is larger than it may be.
    FileSizeLimit,
    /// Its guest dropped it, or ended.
    OwnerGone,
    /// The host shut down.
    Shutdown,
    /// What confined it ended, and it ended with that.
    SandboxLost,
}

/// What a process used from its start to its end, as a launcher reports it.
///
/// Those of its descendants that were waited for are counted in, as the system does (getrusage(2)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Processor time in the program.
    pub user: Duration,
    /// Processor time in the system on its behalf.
    pub system: Duration,
    /// The most memory that was resident at once, in bytes: the child's, or of one of its
    /// descendants. It is no less than the memory of whoever started it: the host, where it is not
    /// confined, and its warden otherwise.
    pub peak_memory: u64,
}

/// What a child used from its start to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResourceUsage {
    /// As the system counted it.
    pub process: Usage,
    /// From the start to the end.
    pub wall: Duration,
    /// The bytes that the host has carried so far.
    pub carried: Carried,
}

/// Bytes that the host has carried between a guest and a child. What goes to files, or from child
/// to child, does not pass the host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// To standard input.
    pub stdin: u64,
    /// From standard output.
    pub stdout: u64,
    /// From standard error, where that is not standard output.
    pub stderr: u64,
    /// Through the extra pipes, both ways.
    pub extra: u64,
}
