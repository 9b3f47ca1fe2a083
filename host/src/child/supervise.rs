//! The task that watches one child until it is reaped.

use super::pipe::OutputBudget;
use super::{EndCause, ExitSender, Running};
use crate::error::ErrorCode;
use crate::stdio::Inherited;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

/// What a supervisor needs beside the process.
pub(crate) struct Supervised {
    /// How long the child may run.
    pub deadline: Option<Duration>,
    /// How long the guest's own streams may take to carry what is left after the exit.
    pub drain: Duration,
    /// What the child may write to its pipes.
    pub budget: Arc<OutputBudget>,
    /// The streams of the guest that the child has inherited.
    pub inherited: Inherited,
    /// Closes when the guest's context is gone.
    pub owner: watch::Receiver<()>,
    /// The child's place among those that may run at once; dropped when it is reaped.
    pub slot: Box<dyn Send>,
}

/// Watch `running` in a task of its own, until it has exited and is reaped.
///
/// If the runtime ends first, dropping the process kills it.
pub(crate) fn supervise(running: Arc<Running>, exits: ExitSender, supervised: Supervised) {
    tokio::spawn(run(running, exits, supervised));
}

async fn run(running: Arc<Running>, exits: ExitSender, supervised: Supervised) {
    let Supervised {
        deadline,
        drain,
        budget,
        inherited,
        mut owner,
        slot,
    } = supervised;
    // A deadline too far to be represented never passes.
    let mut deadline = deadline.and_then(|after| Instant::now().checked_add(after));
    let (mut watch_output, mut watch_owner) = (true, true);
    let mut exited = pin!(poll_fn(|cx| running.poll_exit(cx)));
    let exit = loop {
        tokio::select! {
            // The cut comes before the exit that it causes, and an exit before any other reason.
            biased;
            () = budget.overdrawn(), if watch_output => {
                watch_output = false;
                running.end(EndCause::OutputLimit);
            }
            exit = &mut exited => break exit,
            () = past(deadline) => {
                deadline = None;
                running.end(EndCause::Deadline);
            }
            // The sender is never used: dropping it closes the channel.
            _ = owner.changed(), if watch_owner => {
                watch_owner = false;
                running.end(EndCause::OwnerGone);
            }
        }
    };
    drop(slot);
    let exit = exit.map_err(|error| {
        tracing::error!(id = running.id, %error, "lost track of a child");
        ErrorCode::from(error)
    });
    // What the child wrote to the guest's own streams comes before what the guest writes once it
    // knows of the exit; but a stream that takes nothing must not hold the exit back.
    tokio::select! {
        // Mostly nothing was inherited, and no timer is needed.
        biased;
        () = inherited.settle() => {}
        () = sleep(drain) => tracing::warn!(id = running.id, "an inherited stream takes nothing"),
    }
    exits.send_replace(Some(exit));
}

async fn past(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
