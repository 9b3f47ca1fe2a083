//! What came of an attempt, in stable words.

use std::fmt;
use std::io;

use nix::errno::Errno;
use nix::sys::signal::Signal;

/// What came of an attempt.
pub(crate) enum Outcome {
    /// It was done.
    Allowed,
    /// Nothing stood in its way, and it then failed for its wrong arguments.
    Reached(Errno),
    /// It was not done.
    Refused(Errno),
    /// There is nothing here that it could have been done to.
    Absent,
    /// Whoever tried was killed.
    Killed(Signal),
    /// What was found.
    Value(String),
}

/// An error that carries a number of the kernel's.
pub(crate) trait Failure {
    /// That number.
    fn errno(&self) -> Errno;
}

impl Failure for Errno {
    fn errno(&self) -> Errno {
        *self
    }
}

impl Failure for io::Error {
    fn errno(&self) -> Errno {
        self.raw_os_error()
            .map_or(Errno::UnknownErrno, Errno::from_raw)
    }
}

impl Outcome {
    /// Something that was found.
    pub(crate) fn value(value: impl ToString) -> Outcome {
        Outcome::Value(value.to_string())
    }

    /// Which of two things was found.
    pub(crate) fn which(found: bool, yes: &str, no: &str) -> Outcome {
        Outcome::value(if found { yes } else { no })
    }

    /// The outcome of a call whose arguments are wrong on purpose. The `signs`
    /// are errors that the kernel gives only after it has let the caller pass.
    pub(crate) fn past<T>(answer: Result<T, impl Failure>, signs: &[Errno]) -> Outcome {
        match answer {
            Err(error) if signs.contains(&error.errno()) => Outcome::Reached(error.errno()),
            answer => answer.into(),
        }
    }

    /// The names that were found, in order, or why none could be.
    pub(crate) fn names(names: Result<Vec<String>, impl Failure>) -> Outcome {
        match names {
            Ok(mut names) => {
                names.sort_unstable();
                Outcome::value(words(&names))
            }
            Err(error) => Err::<(), _>(error).into(),
        }
    }
}

/// The names with spaces between, or a word for none.
pub(crate) fn words(names: &[impl AsRef<str>]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names
            .iter()
            .map(|name| name.as_ref().escape_default().to_string())
            .collect::<Vec<_>>()
            .join(" "),
    }
}

impl<T, E: Failure> From<Result<T, E>> for Outcome {
    fn from(answer: Result<T, E>) -> Self {
        match answer.map_err(|error| error.errno()) {
            Ok(_) => Outcome::Allowed,
            Err(Errno::ENOENT | Errno::ESRCH | Errno::ENXIO | Errno::ENODEV) => Outcome::Absent,
            Err(errno) => Outcome::Refused(errno),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Allowed => f.write_str("allowed"),
            Outcome::Reached(errno) => write!(f, "reached {errno:?}"),
            Outcome::Refused(errno) => write!(f, "refused {errno:?}"),
            Outcome::Absent => f.write_str("absent"),
            Outcome::Killed(signal) => write!(f, "killed {signal}"),
            Outcome::Value(value) => f.write_str(value),
        }
    }
}
