//! A child: a process that was launched, its pipes, and its end.
//!
//! Nothing here knows WebAssembly or which generation called.

mod communicate;
mod exit;
mod extra;
pub(crate) mod pipe;
mod supervise;

pub use communicate::{Captured, Output};
pub use exit::ExitStatus;
pub use exit::{EndCause, Exit};
pub(crate) use extra::ExtraPipes;
pub(crate) use supervise::{Supervised, supervise};

use crate::budget::Budget;
use crate::deferred::Deferred;
use crate::error::{ErrorCode, IoError, Part};
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
        drain: Duration,
        memory: Budget,
    ) -> Self {
        Self {
            running,
            pipes,
            stdin_closed: None,
            signals,
            drain,
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
        Wait(self.running.exit.clone())
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
        self.running.kill()
    }

    /// Write, read and wait at once, with those standard streams that the guest has not taken.
    pub(crate) fn communicate(&mut self, input: Option<Vec<u8>>, limit: u64) -> Deferred<Output> {
        if let Some(stdin) = &self.pipes.stdin {
            self.stdin_closed.get_or_insert_with(|| stdin.closed());
        }
        let wait = self.wait();
        communicate::start(
            &mut self.pipes,
            input,
            limit,
            wait,
            self.drain,
            &self.memory,
        )
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
        // In this order: a supervisor that ends in between has spoken before it went.
        let gone = self.0.has_changed().is_err();
        let exit = *self.0.borrow();
        exit.or(gone.then_some(LOST))
    }

    /// Resolves with the end.
    pub(crate) async fn exited(&mut self) -> Result<Exit, ErrorCode> {
        match self.0.wait_for(Option::is_some).await.map(|exit| *exit) {
            Ok(Some(exit)) => exit,
            Ok(None) | Err(_) => LOST,
        }
    }
}

/// The supervisor is gone without a word: its runtime was shut down.
const LOST: Result<Exit, ErrorCode> = Err(ErrorCode::Io(IoError::Other));

/// Kill the group and the child itself, which may have left its group (setpgid(2)).
fn kill(process: &mut dyn Process) -> Result<(), ErrorCode> {
    let group = process.signal(Signal::Kill, SignalTarget::ProcessGroup);
    process
        .signal(Signal::Kill, SignalTarget::Process)
        .or(group)
}

/// Tells every wait how a child ended.
pub(crate) type ExitSender = watch::Sender<Option<Result<Exit, ErrorCode>>>;

/// What a child's handle, its waits and its supervisor share.
pub(crate) struct Running {
    id: u32,
    state: Mutex<State>,
    exit: watch::Receiver<Option<Result<Exit, ErrorCode>>>,
}

enum State {
    Running {
        process: Box<dyn Process>,
        cause: Option<EndCause>,
    },
    Reaped,
}

impl Running {
    /// A process that runs, and what its end is to be told to.
    pub(crate) fn new(process: Box<dyn Process>) -> (Arc<Self>, ExitSender) {
        let (sender, exit) = watch::channel(None);
        let running = Self {
            id: process.id(),
            state: Mutex::new(State::Running {
                process,
                cause: None,
            }),
            exit,
        };
        (Arc::new(running), sender)
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
            // It fails only where there is nothing left to kill.
            let _ = kill(&mut **process);
        }
    }

    /// Kill the process group because the guest asks for it.
    fn kill(&self) -> Result<(), ErrorCode> {
        match &mut *self.state() {
            State::Running { process, .. } => kill(&mut **process),
            State::Reaped => Err(ErrorCode::AlreadyExited),
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

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
