//! What is wrong with a bound, or with how children end.

use crate::defaults::LONGEST_TEARDOWN;
use crate::units;
use std::time::Duration;

/// What is wrong with a bound, or with how children end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LimitProblem {
    /// A number that is no bound.
    #[error(
        "`{key}` is a whole number from {least} to {most}{}, and {written} is not; write one, or \
         leave `{key}` out", if *.liftable { " or \"none\"" } else { "" }
    )]
    BadCount {
        /// The key.
        key: &'static str,
        /// What was written.
        written: String,
        /// The least that it can be.
        least: u64,
        /// The most that it can be.
        most: u64,
        /// Whether `"none"` takes the bound away.
        liftable: bool,
    },
    /// Too little memory for any program.
    #[error(
        "with `{0}` of memory no program can be loaded; write 1MiB at least, and far more than the \
         program uses, since what it only reserves counts too"
    )]
    LittleMemory(String),
    /// A text that is no rate.
    #[error(
        "`{0}` is not a rate; write how many in which time, such as \"10/s\", \"100/min\" or \
         \"1/5s\", or \"none\""
    )]
    BadRate(String),
    /// A bound of a guest among those of a program.
    #[error(
        "`{0}` bounds a guest with all its children, and not those of one program; write it in \
         [limits]"
    )]
    GuestLimit(&'static str),
    /// A step of a teardown that is none.
    #[error(
        "`{0}` is no step of `teardown`; write names of signals such as \"TERM\", and times such as \
         \"5s\" to wait between them"
    )]
    BadTeardown(String),
    /// An end before the end.
    #[error(
        "nothing is left after `{0}`, so no step can follow it; move it to the end of `teardown`, or \
         take it out, since everything is killed after the last step anyway"
    )]
    EarlyKill(String),
    /// A teardown that takes too long.
    #[error(
        "the times of `teardown` are {} together, and a host that shuts down would wait as long; \
         write no more than {}", units::written_duration(*.0), units::written_duration(LONGEST_TEARDOWN)
    )]
    LongTeardown(Duration),
    /// A word that says nothing of background processes.
    #[error("`{0}` does not say what becomes of background processes; write \"kill\" or \"keep\"")]
    BadBackground(String),
}
