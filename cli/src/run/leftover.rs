//! The guest's children, after the guest.

use rustix::process::{WaitId, WaitIdOptions, waitid};
use std::time::Duration;
use tokio::time::{Instant, interval};

/// How long children that were killed may take to be reaped.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often to look.
const PERIOD: Duration = Duration::from_millis(2);

/// Waits until this process has no child any more.
///
/// The host's supervisors reap. This only looks, and takes no exit status away from them.
pub(crate) async fn gone() {
    let end = Instant::now() + PATIENCE;
    let mut period = interval(PERIOD);
    while have_children() && Instant::now() < end {
        period.tick().await;
    }
}

fn have_children() -> bool {
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    // The error says that there is no child.
    waitid(WaitId::All, look).is_ok()
}
