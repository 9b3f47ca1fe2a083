//! How the host ends a child: a list of steps.

use crate::defaults;
use crate::signal::Signal;
use crate::units;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How the host ends a child, step by step. It is used whenever the host ends one: a deadline has
/// passed, a limit is reached, the guest has dropped the child or has ended, or the host shuts
/// down.
///
/// After the last step everything that is left of the child's tree is killed, whatever the list
/// says, and what was killed is reaped. So an empty list kills at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Teardown(Arc<[TeardownStep]>);

/// One step of a [`Teardown`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeardownStep {
    /// Send a signal to the child's process group.
    Signal(Signal),
    /// Wait so long for the child to exit. Once it has, the steps that follow are passed over.
    Wait(Duration),
}

impl Teardown {
    /// A teardown of these steps.
    pub fn new(steps: impl IntoIterator<Item = TeardownStep>) -> Self {
        Self(steps.into_iter().collect())
    }

    /// Kill at once.
    pub fn kill() -> Self {
        Self::new([])
    }

    /// The steps before everything that is left is killed.
    pub fn steps(&self) -> &[TeardownStep] {
        &self.0
    }
}

/// Prints the steps and the end: `SIGTERM, 2s, kill`.
impl fmt::Display for Teardown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in self.steps() {
            write!(f, "{step}, ")?;
        }
        f.write_str("kill")
    }
}

/// Prints the policy's word for it: `SIGTERM`, `5s`.
impl fmt::Display for TeardownStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal(signal) => signal.fmt(f),
            Self::Wait(time) => f.write_str(&units::written_duration(*time)),
        }
    }
}

impl Default for Teardown {
    /// `SIGTERM`, [`GRACE`](defaults::GRACE), and then the end.
    fn default() -> Self {
        Self::new([
            TeardownStep::Signal(Signal::Term),
            TeardownStep::Wait(defaults::GRACE),
        ])
    }
}
