//! How a child ended.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::{ResourceUsage, Signal};

/// Why the host ended a child, or the system did because of a bound that the
/// policy sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndCause {
    /// The deadline of the command or of the policy passed.
    Deadline,
    /// The child wrote nothing for as long as the command or the policy allows.
    Idle,
    /// The child wrote more than the policy allows.
    OutputLimit,
    /// The child used the processor for longer than the policy allows
    /// (`SIGXCPU`).
    CpuLimit,
    /// The child wrote a larger file than the policy allows (`SIGXFSZ`).
    FileSizeLimit,
    /// The guest dropped the child, or ended.
    OwnerGone,
    /// The host shut down.
    Shutdown,
    /// What confined the child ended, and the child with it: the system or somebody
    /// killed the process that holds it, or the host had to end it because of one of
    /// the guest's children. The status is a kill (`SIGKILL`), also of a child that
    /// had ended by itself and was not reported yet, and nothing is known of what it
    /// used.
    SandboxLost,
}

impl fmt::Display for EndCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            EndCause::Deadline => "its deadline passed",
            EndCause::Idle => "it wrote nothing for too long",
            EndCause::OutputLimit => "it wrote more than the policy allows",
            EndCause::CpuLimit => "it used more processor time than the policy allows",
            EndCause::FileSizeLimit => "it wrote a larger file than the policy allows",
            EndCause::OwnerGone => "its owner is gone",
            EndCause::Shutdown => "the host shut down",
            EndCause::SandboxLost => "what confined it ended",
        })
    }
}

/// What the operating system reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum End {
    Exited(i32),
    Signaled { signal: Signal, core_dumped: bool },
}

/// How a child ended: with a code, or by a signal; why the host ended it, if it
/// did; and what it used.
///
/// Two statuses are equal if the children ended in the same way for the same
/// reason. What they [used](Self::usage), which is never twice the same, does not
/// count.
///
/// ```
/// # use offspring::{ExitStatus, Signal};
/// let status = ExitStatus::from_signal(Signal::Kill);
/// assert_eq!(status.to_string(), "signal: 9 (SIGKILL)");
/// assert_eq!(status.code(), None);
/// assert_eq!(status.returncode(), -9);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ExitStatus {
    end: End,
    cause: Option<EndCause>,
    usage: ResourceUsage,
}

impl ExitStatus {
    /// The status of a child that exited with `code`.
    #[must_use]
    pub fn from_code(code: i32) -> ExitStatus {
        ExitStatus::of(End::Exited(code))
    }

    /// The status of a child that `signal` ended.
    #[must_use]
    pub fn from_signal(signal: Signal) -> ExitStatus {
        ExitStatus::signaled(signal, false)
    }

    /// The status of a child that `signal` ended, perhaps with a core dump.
    pub(crate) fn signaled(signal: Signal, core_dumped: bool) -> ExitStatus {
        ExitStatus::of(End::Signaled {
            signal,
            core_dumped,
        })
    }

    fn of(end: End) -> ExitStatus {
        ExitStatus {
            end,
            cause: None,
            usage: ResourceUsage::default(),
        }
    }

    /// The same status with the reason of the host, and with what was used.
    pub(crate) fn told(self, cause: Option<EndCause>, usage: ResourceUsage) -> ExitStatus {
        ExitStatus {
            cause,
            usage,
            ..self
        }
    }

    /// Whether the child exited with code 0. One that the host asked to end may
    /// still exit so, with its output cut: look at [`cause`](Self::cause) too.
    #[must_use]
    pub fn success(&self) -> bool {
        self.code() == Some(0)
    }

    /// The exit code, or `None` where a signal ended the child.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        match self.end {
            End::Exited(code) => Some(code),
            End::Signaled { .. } => None,
        }
    }

    /// The signal that ended the child, or `None` where it exited.
    #[must_use]
    pub fn signal(&self) -> Option<Signal> {
        match self.end {
            End::Exited(_) => None,
            End::Signaled { signal, .. } => Some(signal),
        }
    }

    /// Whether the system wrote a core dump.
    #[must_use]
    pub fn core_dumped(&self) -> bool {
        matches!(
            self.end,
            End::Signaled {
                core_dumped: true,
                ..
            }
        )
    }

    /// The status as Python's `returncode`: the exit code, or the negative
    /// number of the signal.
    #[must_use]
    pub fn returncode(&self) -> i32 {
        match self.end {
            End::Exited(code) => code,
            End::Signaled { signal, .. } => -signal.number(),
        }
    }

    /// Why the host ended the child, or the system did by a bound of the policy;
    /// `None` where it ended by itself or by a signal that somebody sent. It can
    /// stand beside any status.
    #[must_use]
    pub fn cause(&self) -> Option<EndCause> {
        self.cause
    }

    /// What the child used. A status that no host has told, such as
    /// [`from_code`](Self::from_code) makes, has used nothing.
    #[must_use]
    #[doc(alias = "rusage")]
    pub fn usage(&self) -> &ResourceUsage {
        &self.usage
    }
}

impl PartialEq for ExitStatus {
    fn eq(&self, other: &ExitStatus) -> bool {
        (self.end, self.cause) == (other.end, other.cause)
    }
}

impl Eq for ExitStatus {}

impl Hash for ExitStatus {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.end, self.cause).hash(state);
    }
}

impl fmt::Display for ExitStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.end {
            End::Exited(code) => write!(f, "exit status: {code}")?,
            End::Signaled {
                signal,
                core_dumped,
            } => {
                write!(f, "signal: {} ({signal})", signal.number())?;
                if core_dumped {
                    f.write_str(" (core dumped)")?;
                }
            }
        }
        match self.cause {
            Some(cause) => write!(f, ", because {cause}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_not_a_success() {
        assert!(!ExitStatus::from_code(1).success());
        assert!(!ExitStatus::from_signal(Signal::Term).success());
        assert!(ExitStatus::from_code(0).success());
    }

    #[test]
    fn it_reads_as_the_standard_library_writes_it() {
        assert_eq!(ExitStatus::from_code(3).to_string(), "exit status: 3");
        let dumped = ExitStatus::signaled(Signal::Segv, true);
        assert_eq!(dumped.to_string(), "signal: 11 (SIGSEGV) (core dumped)");
        assert!(dumped.core_dumped());
    }

    #[test]
    fn the_reason_of_the_host_is_told() {
        let killed = ExitStatus::from_signal(Signal::Kill);
        let status = killed.told(Some(EndCause::Deadline), ResourceUsage::default());
        assert_eq!(
            status.to_string(),
            "signal: 9 (SIGKILL), because its deadline passed"
        );
        let spun = ExitStatus::from_signal(Signal::Xcpu)
            .told(Some(EndCause::CpuLimit), ResourceUsage::default());
        assert_eq!(
            spun.to_string(),
            "signal: 24 (SIGXCPU), because it used more processor time than the policy allows"
        );
        assert_ne!(spun, ExitStatus::from_signal(Signal::Xcpu));
    }

    #[test]
    fn statuses_are_equal_whatever_was_used() {
        let usage = ResourceUsage {
            peak_memory: 4096,
            ..ResourceUsage::default()
        };
        let told = ExitStatus::from_code(0).told(None, usage);
        assert_eq!(told.usage().peak_memory, 4096);
        assert_eq!(told, ExitStatus::from_code(0));
        let both = [told, ExitStatus::from_code(0)];
        assert_eq!(std::collections::HashSet::from(both).len(), 1);
    }

    #[test]
    fn a_signal_is_a_negative_returncode() {
        assert_eq!(ExitStatus::from_signal(Signal::Term).returncode(), -15);
        assert_eq!(
            ExitStatus::from_signal(Signal::Realtime(1)).returncode(),
            -35
        );
        assert_eq!(ExitStatus::from_code(7).returncode(), 7);
    }

    #[test]
    fn numbers_and_signals_agree() {
        for number in (1..=31).chain(34..=64) {
            assert_eq!(
                Signal::from_number(number).map(Signal::number),
                Some(number)
            );
        }
        for number in [-1, 0, 32, 33, 65] {
            assert_eq!(Signal::from_number(number), None);
        }
    }
}
