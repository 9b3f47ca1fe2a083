//! Launchers that need time, as those do that confine.

use super::*;
use crate::launch::{Exited, Launch, Launcher, Launching, Process};
use std::io;
use std::sync::Arc;
use std::task::{Poll, Waker};
use tokio::sync::Notify;

/// Needs time, and tells when it has launched something, and when that was killed.
#[derive(Clone, Default)]
struct Slow {
    launched: Arc<Notify>,
    killed: Arc<Notify>,
}

impl Launcher for Slow {
    fn launch<'a>(&'a self, _: Launch<'a>) -> Launching<'a> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            self.launched.notify_one();
            let process = Running {
                killed: self.killed.clone(),
                over: false,
                waiting: None,
            };
            Ok(Box::new(process) as Box<dyn Process>)
        })
    }
}

struct Running {
    killed: Arc<Notify>,
    over: bool,
    waiting: Option<Waker>,
}

impl Process for Running {
    fn id(&self) -> u32 {
        1
    }

    fn poll_exit(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Exited>> {
        if self.over {
            return Poll::Ready(Ok(exited(KILLED)));
        }
        self.waiting = Some(cx.waker().clone());
        Poll::Pending
    }

    fn signal(&mut self, _: Signal, _: SignalTarget) -> Result<(), ErrorCode> {
        self.kill_tree();
        Ok(())
    }

    fn kill_tree(&mut self) {
        self.over = true;
        self.killed.notify_one();
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
    }
}

#[tokio::test]
async fn a_spawn_that_nobody_waits_for_is_launched_and_has_its_deadline() {
    let slow = Slow::default();
    let mut ctx = context(policy().deadline(Duration::from_millis(1)));
    ctx.launcher = Arc::new(slow.clone());
    let spawning = spawn(&ctx, script(&ctx, "exit 0"));
    slow.launched.notified().await;
    slow.killed.notified().await;
    drop(spawning);
}

#[tokio::test]
async fn a_spawn_that_is_dropped_ends_its_child() {
    let slow = Slow::default();
    let mut ctx = context(policy());
    ctx.launcher = Arc::new(slow.clone());
    let spawning = spawn(&ctx, script(&ctx, "exit 0"));
    slow.launched.notified().await;
    drop(spawning);
    slow.killed.notified().await;
}

#[test]
fn a_guest_goes_on_when_the_runtime_that_heard_its_warden_has_ended() {
    let confined = PinnedPolicy::builder(Confinement::Namespace).allow("true", None);
    let ctx = context(confined);
    for _ in 0..2 {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime can be made");
        let ended = runtime.block_on(async {
            let child = run(&ctx, command(&ctx, "true", &[])).await;
            exit(&child.expect("it starts")).await
        });
        assert_eq!(ended.0, ExitStatus::Exited(0));
    }
}
