//! A child: a process that was launched, its pipes, and its end.
//!
//! Nothing here knows WebAssembly or which generation called.

mod communicate;
mod exit;
pub(crate) mod pipe;
mod supervise;

pub use communicate::{Captured, Output};
pub use exit::ExitStatus;
pub use exit::{EndCause, Exit};
pub(crate) use supervise::{Supervised, supervise};

use crate::deferred::Deferred;
use crate::error::{ErrorCode, Part};
use crate::launch::{Process, SignalTarget};
use offspring_policy::{Signal, SignalSet};
use pipe::{Closed, ReadEnd, WriteEnd};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::watch;

/// A child process, as its guest holds it.
///
/// Dropping it kills the process group, if the child still runs; the supervisor reaps it.
pub struct Child {
    running: Arc<Running>,
    pipes: Pipes,
    stdin_closed: Option<Closed>,
    signals: SignalSet,
    drain: Duration,
}

/// The host's ends of a child's standard streams, until the guest takes them.
#[derive(Debug, Default)]
pub(crate) struct Pipes {
    pub stdin: Option<WriteEnd>,
    pub stdout: Option<ReadEnd>,
    pub stderr: Option<ReadEnd>,
}

impl Child {
    pub(crate) fn new(
        running: Arc<Running>,
        pipes: Pipes,
        signals: SignalSet,
        drain: Duration,
    ) -> Self {
        Self {
            running,
            pipes,
            stdin_closed: None,
            signals,
            drain,
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

    /// How the child ended, or `None` while it runs.
    pub(crate) fn try_wait(&self) -> Result<Option<Exit>, ErrorCode> {
        self.running.exit.borrow().transpose()
    }

    /// Wait for the exit. The wait stands on its own and may outlive the child's handle.
    pub(crate) fn wait(&self) -> Wait {
        Wait(self.running.exit.subscribe())
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

    /// End the child and its process group: `SIGKILL`, which needs no permission.
    pub(crate) fn kill(&self) -> Result<(), ErrorCode> {
        self.send_signal(Signal::Kill, SignalTarget::ProcessGroup)
    }

    /// Write, read and wait at once, with what the guest has not taken.
    pub(crate) fn communicate(&mut self, input: Option<Vec<u8>>, limit: u64) -> Deferred<Output> {
        let pipes = std::mem::take(&mut self.pipes);
        if let Some(stdin) = &pipes.stdin {
            self.stdin_closed.get_or_insert_with(|| stdin.closed());
        }
        communicate::start(pipes, input, limit, self.wait(), self.drain)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.running.end(EndCause::OwnerGone);
    }
}

/// A wait for the end of a child.
#[derive(Clone, Debug)]
pub(crate) struct Wait(watch::Receiver<Option<Result<Exit, ErrorCode>>>);

impl Wait {
    /// The end, once it is known.
    pub(crate) fn get(&self) -> Option<Result<Exit, ErrorCode>> {
        *self.0.borrow()
    }

    /// Resolves with the end.
    pub(crate) async fn exited(&mut self) -> Result<Exit, ErrorCode> {
        match self.0.wait_for(Option::is_some).await.map(|exit| *exit) {
            Ok(Some(exit)) => exit,
            // The supervisor is gone without a word: its runtime was shut down.
            Ok(None) | Err(_) => Err(ErrorCode::Io(crate::error::IoError::Other)),
        }
    }
}

/// What a child's handle, its waits and its supervisor share.
pub(crate) struct Running {
    id: u32,
    state: Mutex<State>,
    exit: watch::Sender<Option<Result<Exit, ErrorCode>>>,
}

enum State {
    Running {
        process: Box<dyn Process>,
        cause: Option<EndCause>,
    },
    Reaped,
}

impl Running {
    pub(crate) fn new(process: Box<dyn Process>) -> Arc<Self> {
        Arc::new(Self {
            id: process.id(),
            state: Mutex::new(State::Running {
                process,
                cause: None,
            }),
            exit: watch::Sender::new(None),
        })
    }

    /// Signal the process. The lock is what makes the number safe: while it is held and the state
    /// says running, nobody has reaped the process, so its number belongs to it.
    fn signal(&self, signal: Signal, target: SignalTarget) -> Result<(), ErrorCode> {
        match &mut *self.state() {
            State::Running { process, .. } => process.signal(signal, target),
            State::Reaped => Err(ErrorCode::AlreadyExited),
        }
    }

    /// Kill the process group, for a reason that the exit will tell.
    fn end(&self, why: EndCause) {
        if let State::Running { process, cause } = &mut *self.state() {
            cause.get_or_insert(why);
            // It fails only where the group is gone, which is what is wanted.
            let _ = process.signal(Signal::Kill, SignalTarget::ProcessGroup);
        }
    }

    /// Wait for the exit and reap, in one step under the lock.
    fn poll_exit(&self, cx: &mut Context<'_>) -> Poll<io::Result<Exit>> {
        let mut state = self.state();
        let State::Running { process, cause } = &mut *state else {
            return Poll::Pending;
        };
        let polled = process.poll_exit(cx);
        let polled = polled.map_ok(|status| Exit {
            status,
            cause: *cause,
        });
        if polled.is_ready() {
            *state = State::Reaped;
        }
        polled
    }

    fn publish(&self, exit: Result<Exit, ErrorCode>) {
        self.exit.send_replace(Some(exit));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
