//! What a child's handle, its waits and its supervisor share.

use super::exit::{EndCause, Exit, ExitStatus, ResourceUsage};
use super::life::{Event, Life, Todo};
use super::meter::Meter;
use crate::error::{ErrorCode, IoError};
use crate::launch::{Exited, Process, SignalTarget};
use offspring_policy::{ChildLimits, Signal, SpawnPlan};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// A child that was started, until nothing is left of it.
pub(crate) struct Running {
    pub id: u32,
    state: Mutex<State>,
    /// The supervisor has something to look at: another time to wait for.
    changed: Notify,
    exit: watch::Receiver<Option<Result<Exit, ErrorCode>>>,
    meter: Arc<Meter>,
    limits: ChildLimits,
    begun: Instant,
}

struct State {
    process: Box<dyn Process>,
    life: Life,
    /// When the teardown goes on.
    wait_until: Option<Instant>,
}

impl Running {
    /// A process that was started as `plan` says, and what its end is to be told to.
    pub(crate) fn new(
        process: Box<dyn Process>,
        plan: &SpawnPlan,
        meter: Arc<Meter>,
    ) -> (Arc<Self>, ExitSender) {
        let life = Life::new(plan.teardown().clone(), plan.background());
        let (sender, exit) = watch::channel(None);
        let running = Self {
            id: process.id(),
            state: Mutex::new(State {
                process,
                life,
                wait_until: None,
            }),
            changed: Notify::new(),
            exit,
            meter,
            limits: *plan.limits(),
            begun: Instant::now(),
        };
        (Arc::new(running), sender)
    }

    /// Wait for the exit. The wait stands on its own and may outlive the child's handle.
    pub(crate) fn wait(&self) -> Wait {
        Wait {
            exit: self.exit.clone(),
            meter: self.meter.clone(),
        }
    }

    /// Send a signal. The lock is what makes the number safe: while it is held and the child runs,
    /// nobody has reaped it, so its number belongs to it.
    pub(crate) fn signal(&self, signal: Signal, target: SignalTarget) -> Result<(), ErrorCode> {
        let mut state = self.state();
        if !state.life.runs() {
            return Err(ErrorCode::AlreadyExited);
        }
        state.process.signal(signal, target)
    }

    /// Begin to end it, for a reason that the exit will tell; what the teardown does first is done
    /// at once.
    pub(crate) fn end(&self, why: EndCause) {
        self.state().on(Event::End(why));
        self.changed.notify_one();
    }

    /// Kill it and everything that it has started, because the guest asks for it.
    pub(crate) fn kill(&self) -> Result<(), ErrorCode> {
        let mut state = self.state();
        if !state.life.runs() {
            return Err(ErrorCode::AlreadyExited);
        }
        state.on(Event::Kill);
        Ok(())
    }

    /// Kill it and everything that it has started, because nobody watches it any more.
    pub(super) fn abandon(&self) {
        let mut state = self.state();
        if !state.life.is_gone() {
            state.process.kill_tree();
        }
    }

    /// Go on with the teardown when its time comes. Never resolves: cancel it.
    pub(super) async fn tear_down(&self) {
        loop {
            let wait_until = self.state().wait_until;
            tokio::select! {
                () = self.changed.notified() => {}
                () = past(wait_until) => self.state().on(Event::TimeUp),
            }
        }
    }

    /// Wait for the exit and reap, in one step under the lock.
    pub(super) fn poll_exit(&self, cx: &mut Context<'_>) -> Poll<io::Result<Exit>> {
        let mut state = self.state();
        let exited = std::task::ready!(state.process.poll_exit(cx));
        let cause = state.life.cause();
        let left = exited.as_ref().is_ok_and(|exited| exited.left);
        state.on(Event::Exited { left });
        Poll::Ready(exited.map(|exited| self.exit(exited, cause)))
    }

    fn exit(&self, exited: Exited, cause: Option<EndCause>) -> Exit {
        let Exited {
            status,
            usage,
            lost,
            ..
        } = exited;
        let signaled = |by| matches!(status, ExitStatus::Signaled { signal, .. } if signal == by);
        let cause = cause.or_else(|| {
            let used = usage.user + usage.system + CPU_MARGIN;
            let cpu = self.limits.cpu.is_some_and(|most| most <= used)
                && (signaled(Signal::Xcpu) || signaled(Signal::Kill));
            let file = self.limits.file_size.is_some() && signaled(Signal::Xfsz);
            let cpu = cpu.then_some(EndCause::CpuLimit);
            let file = file.then_some(EndCause::FileSizeLimit);
            lost.then_some(EndCause::SandboxLost).or(cpu).or(file)
        });
        Exit {
            status,
            cause,
            usage: ResourceUsage {
                process: usage,
                wall: self.begun.elapsed(),
                // Every wait fills it in when it tells.
                carried: Default::default(),
            },
        }
    }

    /// Wait until nothing is left of it, once it has exited.
    pub(super) fn poll_gone(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if state.life.is_gone() {
            return Poll::Ready(());
        }
        std::task::ready!(state.process.poll_gone(cx));
        state.on(Event::Gone);
        Poll::Ready(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn on(&mut self, event: Event) {
        let Todo {
            signals,
            kill,
            keep,
            wait,
        } = self.life.on(event);
        for signal in signals {
            // A step that fails is passed over: the last one is a kill.
            let _ = self.process.signal(signal, SignalTarget::ProcessGroup);
        }
        if kill {
            self.process.kill_tree();
        }
        if keep {
            self.process.keep();
        }
        if event == Event::TimeUp {
            self.wait_until = None;
        }
        // A time too far to be represented never comes.
        if let Some(time) = wait {
            self.wait_until = Instant::now().checked_add(time);
        }
    }
}

/// How much less processor time may be told than the system has counted towards the bound: it looks
/// at its clock now and then.
const CPU_MARGIN: Duration = Duration::from_millis(500);

/// Tells every wait how a child ended.
pub(crate) type ExitSender = watch::Sender<Option<Result<Exit, ErrorCode>>>;

/// A wait for the end of a child.
#[derive(Clone, Debug)]
pub(crate) struct Wait {
    exit: watch::Receiver<Option<Result<Exit, ErrorCode>>>,
    meter: Arc<Meter>,
}

impl Wait {
    /// The end, once it is known.
    pub(crate) fn get(&self) -> Option<Result<Exit, ErrorCode>> {
        // In this order: a supervisor that ends in between has spoken before it went.
        let gone = self.exit.has_changed().is_err();
        let exit = *self.exit.borrow();
        exit.or(gone.then_some(LOST)).map(|exit| self.filled(exit))
    }

    /// Resolves with the end.
    pub(crate) async fn exited(&mut self) -> Result<Exit, ErrorCode> {
        match self.exit.wait_for(Option::is_some).await.map(|exit| *exit) {
            Ok(Some(exit)) => self.filled(exit),
            Ok(None) | Err(_) => LOST,
        }
    }

    /// The end, with what the pipes have carried by now.
    fn filled(&self, exit: Result<Exit, ErrorCode>) -> Result<Exit, ErrorCode> {
        exit.map(|mut exit| {
            exit.usage.carried = self.meter.carried();
            exit
        })
    }
}

/// The supervisor is gone without a word: its runtime was shut down.
const LOST: Result<Exit, ErrorCode> = Err(ErrorCode::Io(IoError::Other));

/// Resolves when `time` has come; without one, never.
pub(super) async fn past(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}
