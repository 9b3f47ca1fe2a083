//! The task that watches one child until nothing is left of it.

use super::exit::EndCause;
use super::meter::Meter;
use super::running::{ExitSender, Running, past};
use crate::budget::Share;
use crate::error::ErrorCode;
use crate::stdio::Inherited;
use crate::supervisor::{Closing, Place};
use offspring_policy::ChildLimits;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// What a supervising task needs beside the process.
pub(crate) struct Supervised {
    /// What the child may use.
    pub limits: ChildLimits,
    /// What it writes to its pipes.
    pub meter: Arc<Meter>,
    /// The streams of the guest that the child has inherited.
    pub inherited: Inherited,
    /// Closes when the guest's context is gone.
    pub owner: watch::Receiver<()>,
    /// Tells when the host shuts down.
    pub closing: Closing,
    /// The child's place among those that may be there at once, and what else it counts for; dropped
    /// when nothing is left of it.
    pub held: (Arc<Place>, Option<Share>),
}

/// Watch `running` in a task of its own, until nothing is left of it.
///
/// If the runtime ends first, it is killed.
pub(crate) fn supervise(running: Arc<Running>, exits: ExitSender, supervised: Supervised) {
    tokio::spawn(run(Watched(running), exits, supervised));
}

/// A child that is killed where its supervisor is dropped halfway.
struct Watched(Arc<Running>);

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

async fn run(watched: Watched, exits: ExitSender, supervised: Supervised) {
    let running = &*watched.0;
    let Supervised {
        limits,
        meter,
        mut inherited,
        mut owner,
        mut closing,
        held,
    } = supervised;
    // Reasons to end it. What they begin goes on by itself, and what comes of it is an exit.
    let mut over_all = closing.clone();
    let mut reasons = pin!(async {
        let mut teardown = pin!(running.tear_down());
        let (mut by_deadline, mut by_idleness) = (
            pin!(deadline(limits.deadline)),
            pin!(idle(limits.idle, &meter)),
        );
        let (mut guest, mut host, mut output, mut time, mut silence, mut alive) =
            (true, true, true, true, true, true);
        loop {
            let why = tokio::select! {
                biased;
                () = meter.overdrawn(), if output => {
                    output = false;
                    EndCause::OutputLimit
                }
                () = &mut by_deadline, if time => {
                    time = false;
                    EndCause::Deadline
                }
                () = &mut by_idleness, if silence => {
                    silence = false;
                    EndCause::Idle
                }
                () = closing.begun(), if host => {
                    host = false;
                    EndCause::Shutdown
                }
                // The sender is never used: dropping it closes the channel.
                _ = owner.changed(), if guest => {
                    guest = false;
                    EndCause::OwnerGone
                }
                () = over_all.over(), if alive => {
                    alive = false;
                    running.abandon();
                    continue;
                }
                () = &mut teardown => continue,
            };
            running.end(why);
        }
    });
    let mut cut = false;
    let exited = poll_fn(|cx| {
        // The cut comes before the exit that it causes, and an exit before any other reason.
        if !cut && meter.is_overdrawn() {
            cut = true;
            running.end(EndCause::OutputLimit);
        }
        running.poll_exit(cx)
    });
    let exit = tokio::select! {
        biased;
        exit = exited => exit,
        () = &mut reasons => return,
    };
    let exit = exit.map_err(|error| {
        tracing::error!(id = running.id, %error, "lost track of a child");
        ErrorCode::from(error)
    });
    let mut gone = pin!(async {
        poll_fn(|cx| running.poll_gone(cx)).await;
        drop(held);
    });
    let mut over = false;
    let mut drained = pin!(drain(limits.drain, &meter));
    let mut told = pin!(async {
        // What the child wrote to the guest's own streams comes before what the guest writes once it
        // knows of the exit; but a stream that takes nothing must not hold the exit back.
        tokio::select! {
            // Mostly nothing was inherited, and no timer is needed.
            biased;
            () = inherited.settle() => {}
            () = sleep(limits.drain) => {
                tracing::warn!(id = running.id, "an inherited stream takes nothing");
            }
        }
        inherited.give_back().await;
        exits.send_replace(Some(exit));
    });
    let (mut read, mut said) = (true, false);
    while !(over && said) || read {
        tokio::select! {
            biased;
            () = &mut gone, if !over => over = true,
            () = &mut told, if !said => said = true,
            () = &mut drained, if read => read = false,
            () = &mut reasons => return,
        }
    }
}

/// Resolves when a child that may run for `time` has run for so long.
async fn deadline(time: Option<Duration>) {
    // A deadline too far to be represented never passes.
    past(time.and_then(|time| Instant::now().checked_add(time))).await;
}

/// Resolves when a child has been silent for `time`.
async fn idle(time: Option<Duration>, meter: &Meter) {
    let Some(time) = time else {
        return std::future::pending().await;
    };
    loop {
        let silence = meter.silence();
        match time.checked_sub(silence) {
            Some(left) if !left.is_zero() => sleep(left).await,
            _ => return,
        }
    }
}

/// End the reading of what a descendant of the child still writes, when its time is over. Mostly
/// nobody reads any more by then.
async fn drain(time: Duration, meter: &Meter) {
    tokio::select! {
        biased;
        () = meter.unread() => {}
        () = sleep(time) => meter.cut(),
    }
}
