//! A child: a process that was launched, its pipes, and its end.
//!
//! Nothing here knows WebAssembly or which generation called.

mod communicate;
mod exit;
mod extra;
mod life;
pub(crate) mod meter;
pub(crate) mod pipe;
mod running;
mod supervise;

pub use communicate::{Captured, Output};
pub use exit::{EndCause, Exit, ExitStatus, ResourceUsage, Usage};
pub(crate) use extra::ExtraPipes;
pub(crate) use running::{Running, Wait};
pub(crate) use supervise::{Supervised, supervise};

use crate::budget::Budget;
use crate::deferred::Deferred;
use crate::error::{ErrorCode, Part};
use crate::launch::SignalTarget;
use offspring_policy::{Signal, SignalSet};
use pipe::{Closed, ReadEnd, WriteEnd};
use std::sync::Arc;

/// A child process, as its guest holds it.
///
/// Dropping it ends the child by the policy's teardown, if it still runs, and kills what it has left
/// behind, if it has exited and that is not to stay.
pub struct Child {
    running: Arc<Running>,
    pipes: Pipes,
    stdin_closed: Option<Closed>,
    signals: SignalSet,
    memory: Budget,
}

/// The host's ends of a child's pipes, until the guest takes them.
#[derive(Debug, Default)]
pub(crate) struct Pipes {
    pub stdin: Option<WriteEnd>,
    pub stdout: Option<ReadEnd>,
    pub stderr: Option<ReadEnd>,
    pub extra: ExtraPipes,
}

impl Child {
    pub(crate) fn new(
        running: Arc<Running>,
        pipes: Pipes,
        signals: SignalSet,
        memory: Budget,
    ) -> Self {
        Self {
            running,
            pipes,
            stdin_closed: None,
            signals,
            memory,
        }
    }

    /// The process number as the child sees it.
    pub(crate) fn id(&self) -> u32 {
        self.running.id
    }

    /// Take the end that writes to standard input.
    pub(crate) fn take_stdin(&mut self) -> Option<WriteEnd> {
        let stdin = self.pipes.stdin.take()?;
        self.stdin_closed.get_or_insert_with(|| stdin.closed());
        Some(stdin)
    }

    /// The event that standard input is closed, where it is a pipe.
    pub(crate) fn stdin_closed(&mut self) -> Option<Closed> {
        if let Some(stdin) = &self.pipes.stdin {
            self.stdin_closed.get_or_insert_with(|| stdin.closed());
        }
        self.stdin_closed.clone()
    }

    /// Take the end that reads standard output.
    pub(crate) fn take_stdout(&mut self) -> Option<ReadEnd> {
        self.pipes.stdout.take()
    }

    /// Take the end that reads standard error.
    pub(crate) fn take_stderr(&mut self) -> Option<ReadEnd> {
        self.pipes.stderr.take()
    }

    /// Take the end that reads what the child writes to its extra pipe `fd`.
    pub(crate) fn take_pipe_reader(&mut self, fd: u32) -> Option<ReadEnd> {
        self.pipes.extra.take_reader(fd)
    }

    /// Take the end that writes what the child reads from its extra pipe `fd`.
    pub(crate) fn take_pipe_writer(&mut self, fd: u32) -> Option<WriteEnd> {
        self.pipes.extra.take_writer(fd)
    }

    /// How the child ended, or `None` while it runs.
    pub(crate) fn try_wait(&self) -> Result<Option<Exit>, ErrorCode> {
        self.wait().get().transpose()
    }

    /// Wait for the exit. The wait stands on its own and may outlive the child's handle.
    pub(crate) fn wait(&self) -> Wait {
        self.running.wait()
    }

    /// Send a signal that the policy allows.
    pub(crate) fn send_signal(
        &self,
        signal: Signal,
        target: SignalTarget,
    ) -> Result<(), ErrorCode> {
        if !signal.exists() {
            return Err(ErrorCode::InvalidArgument(Part::Signal));
        }
        if signal != Signal::Kill && !self.signals.contains(signal) {
            return Err(ErrorCode::AccessDenied(Part::Signal));
        }
        self.running.signal(signal, target)
    }

    /// Ask the child to end: `SIGTERM` to the child itself.
    pub(crate) fn terminate(&self) -> Result<(), ErrorCode> {
        self.send_signal(Signal::Term, SignalTarget::Process)
    }

    /// End the child and everything that it has started: `SIGKILL`, which needs no permission.
    pub(crate) fn kill(&self) -> Result<(), ErrorCode> {
        self.running.kill()
    }

    /// Write, read and wait at once, with those standard streams that the guest has not taken.
    pub(crate) fn communicate(&mut self, input: Option<Vec<u8>>, limit: u64) -> Deferred<Output> {
        if let Some(stdin) = &self.pipes.stdin {
            self.stdin_closed.get_or_insert_with(|| stdin.closed());
        }
        let wait = self.wait();
        communicate::start(&mut self.pipes, input, limit, wait, &self.memory)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.running.end(EndCause::OwnerGone);
    }
}
