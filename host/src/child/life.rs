//! The states of a child's life, and what is to be done when one becomes another.
//!
//! Nothing here waits or touches a process: the [supervisor](super::supervise) tells what has
//! happened and does what comes of it. The states are:
//!
//! | state | what has happened | what comes next |
//! | --- | --- | --- |
//! | running | it was started | an exit, or somebody wants its end |
//! | ending | the host wants its end, and waits between two steps of the teardown | an exit, or the time is over |
//! | killed | its whole tree was killed | the exit |
//! | lingering | it has exited while it was being ended, and something that it had started is still there | nothing is left, or the time is over |
//! | left | it has exited, and something that it had started is still there | the guest lets go of it |
//! | clearing | it has exited, and what is left was killed | nothing is left |
//! | gone | nothing is left | |

use super::exit::EndCause;
use offspring_policy::{Background, Signal, Teardown, TeardownStep};
use std::time::Duration;

/// Something that happens to a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The host wants it to end.
    End(EndCause),
    /// The guest kills it.
    Kill,
    /// The time to wait is over.
    TimeUp,
    /// It has exited, and has left something behind or not.
    Exited { left: bool },
    /// Nothing is left of what it has left behind.
    Gone,
}

/// What is to be done, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Todo {
    /// Send these signals to its process group.
    pub signals: Vec<Signal>,
    /// Kill everything that is left of its tree.
    pub kill: bool,
    /// Let what it has left behind stay.
    pub keep: bool,
    /// Tell after this time that it is over.
    pub wait: Option<Duration>,
}

impl Todo {
    fn kill() -> Self {
        Self {
            kill: true,
            ..Self::default()
        }
    }
}

/// A child's life.
#[derive(Debug)]
pub(crate) struct Life {
    teardown: Teardown,
    background: Background,
    state: State,
    cause: Option<EndCause>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Running,
    /// The step of the teardown that comes when the time is over.
    Ending(usize),
    Killed,
    Lingering,
    Left,
    Clearing,
    Gone,
}

impl Life {
    /// A child that runs.
    pub(crate) fn new(teardown: Teardown, background: Background) -> Self {
        Self {
            teardown,
            background,
            state: State::Running,
            cause: None,
        }
    }

    /// Why the host ended it: the first reason that there was, if it still ran then.
    pub(crate) fn cause(&self) -> Option<EndCause> {
        self.cause
    }

    /// Whether it has not exited, so that it can be signalled.
    pub(crate) fn runs(&self) -> bool {
        matches!(
            self.state,
            State::Running | State::Ending(_) | State::Killed
        )
    }

    /// Whether nothing is left of it.
    pub(crate) fn is_gone(&self) -> bool {
        self.state == State::Gone
    }

    /// Take note of what has happened, and say what is to be done.
    pub(crate) fn on(&mut self, event: Event) -> Todo {
        match (self.state, event) {
            (State::Running, Event::End(cause)) => {
                self.cause = Some(cause);
                self.steps(0)
            }
            (State::Ending(next), Event::TimeUp) => self.steps(next),
            (State::Running | State::Ending(_), Event::Kill) => {
                self.state = State::Killed;
                Todo::kill()
            }
            (State::Running, Event::Exited { left: true }) => {
                // What is to stay is the guest's from now on, and no concern of the child's.
                let keep = self.background == Background::Keep;
                self.state = if keep { State::Gone } else { State::Left };
                Todo {
                    keep,
                    ..Todo::default()
                }
            }
            (State::Ending(_), Event::Exited { left: true }) => {
                // What it has started was asked to end too, and has as much time.
                self.state = State::Lingering;
                Todo::default()
            }
            (State::Killed, Event::Exited { left: true })
            | (State::Lingering, Event::TimeUp | Event::Kill)
            | (State::Left, Event::End(_)) => {
                self.state = State::Clearing;
                Todo::kill()
            }
            (State::Running | State::Ending(_) | State::Killed, Event::Exited { left: false })
            | (State::Lingering | State::Left | State::Clearing, Event::Gone) => {
                self.state = State::Gone;
                Todo::default()
            }
            // It is being ended already, or has ended; or the time was over as it exited.
            (
                State::Ending(_) | State::Killed | State::Lingering | State::Clearing | State::Gone,
                Event::End(_),
            )
            | (State::Killed | State::Left | State::Clearing | State::Gone, Event::Kill)
            | (
                State::Running | State::Killed | State::Left | State::Clearing | State::Gone,
                Event::TimeUp,
            )
            | (
                State::Lingering | State::Left | State::Clearing | State::Gone,
                Event::Exited { .. },
            )
            | (State::Running | State::Ending(_) | State::Killed | State::Gone, Event::Gone) => {
                Todo::default()
            }
        }
    }

    /// Take the steps of the teardown from `next` on, up to the next wait or the end.
    fn steps(&mut self, next: usize) -> Todo {
        let mut todo = Todo::default();
        for (index, step) in self.teardown.steps().iter().enumerate().skip(next) {
            match *step {
                TeardownStep::Signal(signal) => todo.signals.push(signal),
                TeardownStep::Wait(time) => {
                    self.state = State::Ending(index + 1);
                    todo.wait = Some(time);
                    return todo;
                }
            }
        }
        self.state = State::Killed;
        todo.kill = true;
        todo
    }
}

#[cfg(test)]
mod tests;
