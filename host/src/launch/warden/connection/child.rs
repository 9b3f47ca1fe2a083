//! A child of a warden, as the host holds it.

use super::Connection;
use crate::error::ErrorCode;
use crate::launch::{Exited, Process, SignalTarget};
use offspring_policy::Signal;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::sync::oneshot;

/// A child that a warden started.
pub(in crate::launch::warden) struct WardenChild {
    pub(super) warden: Arc<Connection>,
    pub(super) child: u64,
    pub(super) id: u32,
    /// Until it was told.
    pub(super) exit: Option<oneshot::Receiver<Exited>>,
    /// Until nothing is left.
    pub(super) gone: Option<oneshot::Receiver<()>>,
    /// Whether the warden knows of it.
    pub(super) asked: bool,
}

impl Process for WardenChild {
    fn id(&self) -> u32 {
        self.id
    }

    fn poll_exit(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Exited>> {
        let Some(exit) = &mut self.exit else {
            return Poll::Pending;
        };
        let exit = ready!(Pin::new(exit).poll(cx));
        self.exit = None;
        if !exit.as_ref().is_ok_and(|exit| exit.left) {
            self.gone = None;
        }
        // Nobody listens any more: the runtime that did has ended.
        Poll::Ready(exit.map_err(|_| io::Error::other("nobody listens to the warden any more")))
    }

    fn signal(&mut self, signal: Signal, target: SignalTarget) -> Result<(), ErrorCode> {
        let group = target == SignalTarget::ProcessGroup;
        self.warden.0.signal(self.child, signal.number(), group)
    }

    fn kill_tree(&mut self) {
        self.warden.0.end(self.child);
    }

    fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(gone) = &mut self.gone {
            // It is dropped and never sent.
            let _ = ready!(Pin::new(gone).poll(cx));
            self.gone = None;
        }
        Poll::Ready(())
    }

    fn keep(&mut self) {
        self.gone = None;
        let mut state = self.warden.0.lock();
        let held = state
            .children
            .get_mut(&self.child)
            .map(|kept| kept.held.take());
        drop(state);
        drop(held);
    }
}

impl Drop for WardenChild {
    fn drop(&mut self) {
        if self.gone.is_none() {
            return;
        }
        if self.asked {
            self.kill_tree();
        } else {
            self.warden.0.lock().children.remove(&self.child);
        }
    }
}
