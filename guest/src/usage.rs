//! What a child used.

use std::time::Duration;

/// What a child used from its start to its end; see
/// [`ExitStatus::usage`](crate::ExitStatus::usage).
///
/// Times and memory are what getrusage(2) has of the child and of those of its
/// descendants that were waited for.
///
/// ```no_run
/// # async fn example() -> offspring::Result<()> {
/// let build = offspring::p2::Command::new("make").status().await?;
/// let usage = build.usage();
/// println!("{:?} of processor in {:?}", usage.cpu_time(), usage.wall_time);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[doc(alias = "rusage")]
#[non_exhaustive]
pub struct ResourceUsage {
    /// Processor time in the program.
    #[doc(alias = "ru_utime")]
    pub user_time: Duration,
    /// Processor time in the system on the child's behalf.
    #[doc(alias = "ru_stime")]
    pub system_time: Duration,
    /// The time from the start to the end.
    pub wall_time: Duration,
    /// The most memory that was resident at once, in bytes: the child's, or that
    /// of one of its descendants. Linux counts in what started the child: where the
    /// operator does not confine children, it is no less than what the host has.
    #[doc(alias = "ru_maxrss")]
    pub peak_memory: u64,
    /// The bytes that the host has carried to standard input.
    ///
    /// This and those that follow are as they were when the status was told: who
    /// reads on after the exit and wants to know it all asks once more, with
    /// `try_wait`. What goes to a file, or from child to child, does not pass the
    /// host.
    pub stdin_bytes: u64,
    /// The bytes that the host has carried from standard output.
    pub stdout_bytes: u64,
    /// The bytes that the host has carried from standard error.
    pub stderr_bytes: u64,
    /// The bytes that the host has carried through the extra pipes, either way.
    pub extra_bytes: u64,
}

impl ResourceUsage {
    /// Processor time in the program and in the system on its behalf.
    #[must_use]
    pub fn cpu_time(&self) -> Duration {
        self.user_time.saturating_add(self.system_time)
    }
}
