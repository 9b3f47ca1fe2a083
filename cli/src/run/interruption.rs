//! What ends a guest from outside: a signal to this command, or the time.

use crate::{exit, report};
use offspring_host::Supervisor;
use std::io;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::timeout;
use wasmtime::Engine;

/// How long the end of a guest may take, its children's teardown apart, before this command exits all
/// the same.
const GRACE: Duration = Duration::from_secs(5);

/// After how long somebody who waits for that wants to know what for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why a guest is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interruption {
    /// This time has passed.
    Timeout(Duration),
    /// This signal came.
    Signal(i32),
}

impl Interruption {
    pub(crate) fn exit_code(self) -> i32 {
        match self {
            Self::Timeout(_) => exit::LIMIT,
            Self::Signal(number) => exit::signal(number),
        }
    }
}

/// What is watched for, and what ends then.
pub(crate) struct Watch {
    /// What the guest runs in.
    pub engine: Engine,
    /// How long the guest may run.
    pub timeout: Option<Duration>,
    /// What ends its children.
    pub supervisor: Supervisor,
    /// How long that takes.
    pub teardown: Duration,
    /// Whether nothing is said of it.
    pub quiet: bool,
}

/// Watches from a task of its own. An interruption is sent, and moves the engine's epoch, so that a
/// guest which computes without end yields.
///
/// A second signal, or a guest that cannot be ended, kills the children and ends this process.
pub(crate) fn watch(watch: Watch) -> io::Result<oneshot::Receiver<Interruption>> {
    let Watch {
        engine,
        timeout: limit,
        supervisor,
        teardown,
        quiet,
    } = watch;
    let (sender, receiver) = oneshot::channel();
    let mut signals = Signals::new()?;
    tokio::spawn(async move {
        let interruption = match limit {
            None => Interruption::Signal(signals.next().await),
            Some(limit) => match timeout(limit, signals.next()).await {
                Ok(number) => Interruption::Signal(number),
                Err(_) => Interruption::Timeout(limit),
            },
        };
        // The guest may have ended just now, and then nobody listens.
        let interrupted = sender.send(interruption).is_ok();
        if let (true, Interruption::Timeout(time)) = (interrupted, interruption) {
            eprintln!("offspring: error: the guest did not end in {time:?}; see --timeout");
        }
        engine.increment_epoch();
        if timeout(PATIENCE, signals.next()).await.is_err() {
            if !quiet {
                report::note(
                    "the guest and its children are being ended; a second signal kills them",
                );
            }
            let _ = timeout(GRACE.saturating_add(teardown), signals.next()).await;
        }
        let left = supervisor.shutdown(Duration::ZERO).await.left;
        if left > 0 {
            eprintln!("offspring: error: {left} processes of the guest cannot be ended");
        }
        std::process::exit(interruption.exit_code());
    });
    Ok(receiver)
}

/// The signals that ask a program to end.
struct Signals {
    hangup: Signal,
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> i32 {
        let kind = tokio::select! {
            _ = self.hangup.recv() => SignalKind::hangup(),
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.terminate.recv() => SignalKind::terminate(),
        };
        kind.as_raw_value()
    }
}
