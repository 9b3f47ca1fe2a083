//! Faults at the launcher's seam: each has an error with a type, and leaves nothing.

use super::*;
use crate::error::IoError;
use crate::launch::{Launcher, Launching, Process};
use crate::limits::DESCRIPTORS;
use nix::errno::Errno;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::task::Waker;

/// Fails to launch as it is told.
struct Refusing(fn() -> ErrorCode);

impl Launcher for Refusing {
    fn launch<'a>(&'a self, _: Launch<'a>) -> Launching<'a> {
        Box::pin(std::future::ready(Err((self.0)())))
    }
}

/// Never has done with a launch.
struct Endless;

impl Launcher for Endless {
    fn launch<'a>(&'a self, launch: Launch<'a>) -> Launching<'a> {
        Box::pin(async move {
            let _held = launch;
            std::future::pending().await
        })
    }
}

/// Launches processes that a test drives by hand.
#[derive(Clone, Default)]
struct Puppeteer(Arc<Mutex<Strings>>);

/// What is to happen to a process, and what was done to it.
#[derive(Default)]
struct Strings {
    exits: Option<io::Result<Exited>>,
    gone: bool,
    signals: Vec<Signal>,
    kills: usize,
    kept: bool,
    waiting: Option<Waker>,
}

impl Puppeteer {
    fn pull(&self, pull: impl FnOnce(&mut Strings)) {
        let mut strings = self.strings();
        pull(&mut strings);
        if let Some(waker) = strings.waiting.take() {
            waker.wake();
        }
    }

    fn strings(&self) -> std::sync::MutexGuard<'_, Strings> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wait until something is so.
    async fn until(&self, is: impl Fn(&Strings) -> bool) {
        while !is(&self.strings()) {
            tokio::task::yield_now().await;
        }
    }
}

impl Launcher for Puppeteer {
    fn launch<'a>(&'a self, _: Launch<'a>) -> Launching<'a> {
        let process: Box<dyn Process> = Box::new(Puppet(self.clone()));
        Box::pin(std::future::ready(Ok(process)))
    }
}

struct Puppet(Puppeteer);

impl Process for Puppet {
    fn id(&self) -> u32 {
        1
    }

    fn poll_exit(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Exited>> {
        let mut strings = self.0.strings();
        match strings.exits.take() {
            Some(exit) => Poll::Ready(exit),
            None => {
                strings.waiting = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    fn signal(&mut self, signal: Signal, _: SignalTarget) -> Result<(), ErrorCode> {
        self.0.strings().signals.push(signal);
        Err(ErrorCode::Io(IoError::Again))
    }

    fn kill_tree(&mut self) {
        self.0.strings().kills += 1;
    }

    fn keep(&mut self) {
        self.0.strings().kept = true;
    }

    fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut strings = self.0.strings();
        if strings.gone {
            return Poll::Ready(());
        }
        strings.waiting = Some(cx.waker().clone());
        Poll::Pending
    }
}

fn driven(policy: PolicyBuilder) -> (ProcessCtx, Puppeteer) {
    let puppeteer = Puppeteer::default();
    let mut ctx = context(policy);
    ctx.launcher = Arc::new(puppeteer.clone());
    (ctx, puppeteer)
}

/// Nothing is held for the guest any more.
fn nothing_is_left(ctx: &ProcessCtx) {
    assert!(ctx.descriptors.take(DESCRIPTORS).is_some(), "descriptors");
    assert_eq!(ctx.places.running(), 0, "places");
}

const LEFT: Exited = Exited {
    status: ExitStatus::Exited(0),
    usage: Usage {
        user: Duration::ZERO,
        system: Duration::ZERO,
        peak_memory: 0,
    },
    left: true,
    lost: false,
};

#[tokio::test]
async fn each_fault_of_a_launch_has_its_error_and_leaves_nothing() {
    fn at(errno: Errno, part: Part) -> ErrorCode {
        ErrorCode::of_part(&io::Error::from(errno), part)
    }
    let faults: [(fn() -> ErrorCode, ErrorCode); 8] = [
        // fork(2), at the bound on processes
        (
            || at(Errno::EAGAIN, Part::Program),
            ErrorCode::Io(IoError::Again),
        ),
        (
            || at(Errno::ENOMEM, Part::Program),
            ErrorCode::Io(IoError::NoMemory),
        ),
        // pipe(2)
        (
            || at(Errno::EMFILE, Part::Stdout),
            ErrorCode::LimitReached(Limit::Descriptors),
        ),
        (
            || at(Errno::ENFILE, Part::Stdout),
            ErrorCode::LimitReached(Limit::Descriptors),
        ),
        // execve(2)
        (
            || at(Errno::ENOEXEC, Part::Program),
            ErrorCode::Io(IoError::BadExecutable),
        ),
        (
            || at(Errno::ETXTBSY, Part::Program),
            ErrorCode::Io(IoError::Busy),
        ),
        (|| at(Errno::EIO, Part::Program), ErrorCode::Io(IoError::Io)),
        (
            || ErrorCode::SandboxUnavailable,
            ErrorCode::SandboxUnavailable,
        ),
    ];
    for (fault, error) in faults {
        let mut ctx = context(policy());
        ctx.launcher = Arc::new(Refusing(fault));
        let refused = run(&ctx, piped(command(&ctx, "cat", &[]))).await.err();
        assert_eq!(refused, Some(error));
        nothing_is_left(&ctx);
        assert_eq!(ctx.places.spawned(), 0);
    }
}

#[tokio::test]
async fn a_launch_without_an_end_is_given_up_with_its_spawn() {
    let mut ctx = context(policy());
    ctx.launcher = Arc::new(Endless);
    let spawning = spawn(&ctx, piped(command(&ctx, "cat", &[])));
    assert_eq!(ctx.places.running(), 1);
    drop(spawning);
    while ctx.places.running() > 0 {
        tokio::task::yield_now().await;
    }
    nothing_is_left(&ctx);
    assert_eq!(ctx.places.spawned(), 1, "it may have run");
}

#[tokio::test]
async fn a_child_that_the_host_loses_track_of_is_told_so() {
    let (ctx, puppeteer) = driven(policy());
    let child = run(&ctx, command(&ctx, "cat", &[])).await.unwrap();
    let lost = io::Error::from(Errno::ECHILD);
    puppeteer.pull(|strings| strings.exits = Some(Err(lost)));
    let end = child.wait().exited().await;
    assert_eq!(end, Err(ErrorCode::Io(IoError::Other)));
    assert_eq!(child.kill(), Err(ErrorCode::AlreadyExited));
    drop(child);
    while ctx.places.running() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(puppeteer.strings().kills, 0, "there is nothing to kill");
}

#[tokio::test]
async fn a_teardown_whose_signals_fail_still_comes_to_its_kill() {
    let millisecond = TeardownStep::Wait(Duration::from_millis(1));
    let steps = [
        TeardownStep::Signal(Signal::Int),
        millisecond,
        TeardownStep::Signal(Signal::Term),
        millisecond,
    ];
    let (ctx, puppeteer) = driven(policy().teardown(Teardown::new(steps)));
    drop(run(&ctx, command(&ctx, "cat", &[])).await.unwrap());
    puppeteer.until(|strings| strings.kills > 0).await;
    assert_eq!(puppeteer.strings().signals, [Signal::Int, Signal::Term]);
    let killed = exited(KILLED);
    puppeteer.pull(|strings| strings.exits = Some(Ok(killed)));
    while ctx.places.running() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_child_keeps_its_place_until_nothing_is_left_of_it() {
    let (ctx, puppeteer) = driven(policy());
    let child = run(&ctx, command(&ctx, "cat", &[])).await.unwrap();
    puppeteer.pull(|strings| strings.exits = Some(Ok(LEFT)));
    assert_eq!(exit(&child).await, (ExitStatus::Exited(0), None));
    assert_eq!((ctx.places.running(), puppeteer.strings().kills), (1, 0));
    drop(child);
    puppeteer.until(|strings| strings.kills == 1).await;
    assert_eq!(ctx.places.running(), 1);
    puppeteer.pull(|strings| strings.gone = true);
    while ctx.places.running() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_is_to_stay_takes_no_place_and_is_not_killed() {
    let (ctx, puppeteer) = driven(policy().background(Background::Keep));
    let child = run(&ctx, command(&ctx, "cat", &[])).await.unwrap();
    puppeteer.pull(|strings| strings.exits = Some(Ok(LEFT)));
    assert_eq!(exit(&child).await, (ExitStatus::Exited(0), None));
    while ctx.places.running() > 0 {
        tokio::task::yield_now().await;
    }
    drop(child);
    let strings = puppeteer.strings();
    assert_eq!((strings.kills, strings.kept), (0, true));
}

#[test]
fn a_child_is_killed_where_its_runtime_ends() {
    let (ctx, puppeteer) = driven(policy());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be made");
    let child = runtime.block_on(run(&ctx, command(&ctx, "cat", &[])));
    let child = child.expect("it starts");
    drop(runtime);
    assert_eq!(puppeteer.strings().kills, 1);
    assert_eq!(child.try_wait(), Err(ErrorCode::Io(IoError::Other)));
}
