//! Waiting for time to pass.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures::future::{Either, select};

use super::bindings::wasi::clocks::monotonic_clock;
use super::runtime::Ready;

/// Wait for some time.
pub async fn sleep(time: Duration) {
    let time = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    Ready::new(monotonic_clock::subscribe_duration(time))
        .wait()
        .await;
}

/// Wait for a future, but not longer than `time`; `None` if it took longer. The
/// future is dropped then, which ends what it was doing.
///
/// ```no_run
/// # use offspring::p2::{Child, timeout};
/// # use std::time::Duration;
/// # async fn example(mut child: Child) -> offspring::Result<()> {
/// if timeout(Duration::from_secs(5), child.wait()).await.is_none() {
///     child.kill()?;
/// }
/// # Ok(())
/// # }
/// ```
pub async fn timeout<F: Future>(time: Duration, future: F) -> Option<F::Output> {
    match select(pin!(future), pin!(sleep(time))).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(((), _)) => None,
    }
}
