//! Errors of the system, told with what was being done.

use crate::sys::errno;
use crate::wire::{Failure, Step};
use std::io;

/// Turns a result of the system into one of ours.
pub trait Failed<T> {
    /// Say what was being done, and to what.
    fn failed(self, step: Step, what: impl AsRef<[u8]>) -> Result<T, Failure>;
}

impl<T> Failed<T> for io::Result<T> {
    fn failed(self, step: Step, what: impl AsRef<[u8]>) -> Result<T, Failure> {
        self.map_err(of(step, what))
    }
}

/// A failure that the system reported.
pub fn of(step: Step, what: impl AsRef<[u8]>) -> impl FnOnce(io::Error) -> Failure {
    move |error| numbered(step, errno(&error), what)
}

/// A failure with this number.
pub fn numbered(step: Step, errno: i32, what: impl AsRef<[u8]>) -> Failure {
    Failure {
        step,
        errno,
        what: what.as_ref().to_vec(),
    }
}

/// A failure that says all with its step.
pub fn plain(step: Step) -> Failure {
    numbered(step, 0, "")
}
