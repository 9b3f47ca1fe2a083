//! The task that hears a warden.

use super::{Shared, status_of};
use crate::child::Usage;
use crate::launch::warden::start::WardenProcess;
use crate::launch::{Exited, asynchronous};
use crate::limits::WARDEN_END;
use crate::supervisor::LiveWarden;
use offspring_policy::Signal;
use std::io;
use std::sync::Arc;
use tokio::io::Interest;

/// Hears what a warden says until it says nothing more, and then reaps it.
pub(super) struct Listener {
    pub shared: Arc<Shared>,
    pub process: Option<WardenProcess>,
    pub _live: LiveWarden,
}

impl Listener {
    pub async fn listen(mut self) {
        let shared = self.shared.clone();
        let heard = async {
            while shared.hear().await? {}
            io::Result::Ok(())
        };
        tokio::select! {
            // What was said while nobody listened counts before what is overdue.
            biased;
            heard = heard => if let Err(error) = heard {
                tracing::error!(%error, "lost a warden");
            },
            () = shared.send_unsent() => {}
            () = shared.overdue() => {
                tracing::error!("the end of a child has no end, so everything in its world is ended");
            }
        }
        self.shared.close();
        if let Some(process) = self.process.take() {
            end(process).await;
        }
        // All that was in its world is dead, by the kernel's hand or by the warden's.
        let children = std::mem::take(&mut self.shared.lock().children);
        let status = status_of(Signal::Kill.number());
        let killed = Exited::new(status, Usage::default()).with_lost(true);
        for exit in children.into_values().filter_map(|waiting| waiting.exit) {
            let _ = exit.send(killed);
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // The runtime may end before the warden does. Then nobody hears it any more, and whoever waits
        // is told so by its sender being dropped.
        self.shared.close();
        let unheard = std::mem::take(&mut self.shared.lock().children);
        drop(unheard);
    }
}

/// Wait until a warden has ended, and reap it.
async fn end(process: WardenProcess) {
    let ended = match asynchronous(process.pidfd(), Interest::READABLE) {
        Ok(ended) => ended,
        Err(error) => {
            tracing::error!(%error, "a warden cannot be waited for");
            return;
        }
    };
    if tokio::time::timeout(WARDEN_END, ended.readable())
        .await
        .is_err()
    {
        tracing::error!("a warden does not end by itself");
        process.kill();
        let _ = ended.readable().await;
    }
}
