//! What all guests of a host share: bounds on them together, and an orderly end.

mod pace;
mod places;

pub(crate) use places::{Place, Places};

use crate::budget::{Budget, Share};
use crate::limits::{DESCRIPTOR_HEADROOM, HOST_CHILDREN, WARDEN_DESCRIPTORS, WARDEN_END};
use offspring_policy::Rate;
use pace::Pace;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, timeout_at};

/// Keeps the children of all its guests within bounds, and ends them together.
///
/// Its clones are the same. A [builder](crate::ProcessCtxBuilder::supervisor) that is given none
/// takes [`Supervisor::global`], so that an embedder need not know of it to be within bounds.
///
/// ```
/// use offspring_host::{HostLimits, ProcessCtx, Supervisor};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut limits = HostLimits::default();
/// limits.children = 64;
/// let supervisor = Supervisor::new(limits);
///
/// let (wasi, process) = ProcessCtx::builder().supervisor(&supervisor).build()?;
/// // … guests come and go, and then the host is to end:
/// let report = supervisor.shutdown(Duration::from_secs(10)).await;
/// assert_eq!(report.left, 0);
/// # drop((wasi, process));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Supervisor(Arc<Inner>);

/// The bounds of all guests of a [`Supervisor`] together. Each guest has those of its policy
/// beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostLimits {
    /// How many children run at once.
    pub children: u32,
    /// How many descriptors the host holds for them. By default it is the soft limit of this process
    /// as it is then (`RLIMIT_NOFILE`, see getrlimit(2)), without a quarter that is left for
    /// everything else.
    pub descriptors: u64,
    /// How fast children are started.
    pub spawn_rate: Option<Rate>,
}

impl Default for HostLimits {
    fn default() -> Self {
        Self {
            children: HOST_CHILDREN,
            descriptors: descriptors(),
            spawn_rate: None,
        }
    }
}

/// What this process may open, without the headroom.
fn descriptors() -> u64 {
    use rustix::process::{Resource, getrlimit};
    let most = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    most - most / DESCRIPTOR_HEADROOM
}

/// What came of a [shutdown](Supervisor::shutdown).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub struct ShutdownReport {
    /// The children that there were.
    pub children: u64,
    /// Those of them, or of what they had left behind, that were still there when the time was over,
    /// and were killed then. What its own teardown killed before does not count.
    pub killed: u64,
    /// The children and wardens that are still there, which should be none. A process that waits for
    /// a device cannot be ended by anybody (`D` in ps(1)).
    pub left: u64,
}

#[derive(Debug)]
struct Inner {
    limits: HostLimits,
    places: Arc<Semaphore>,
    pace: Pace,
    descriptors: Budget,
    phase: watch::Sender<Phase>,
    live: watch::Sender<Live>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Open,
    /// Children are being ended, and none is started.
    Ending,
    /// Whatever is left is killed.
    Over,
}

/// What there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Live {
    children: u64,
    wardens: u64,
}

impl Supervisor {
    /// A supervisor of its own, for guests that have nothing to do with others in this process.
    pub fn new(limits: HostLimits) -> Self {
        Self(Arc::new(Inner {
            limits,
            places: Arc::new(Semaphore::new(limits.children as usize)),
            pace: Pace::new(limits.spawn_rate),
            descriptors: Budget::new(limits.descriptors),
            phase: watch::Sender::new(Phase::Open),
            live: watch::Sender::new(Live::default()),
        }))
    }

    /// The one that guests have which are given no other, with the default limits as they were when
    /// it was first asked for.
    pub fn global() -> Self {
        static GLOBAL: LazyLock<Supervisor> =
            LazyLock::new(|| Supervisor::new(HostLimits::default()));
        GLOBAL.clone()
    }

    /// The bounds.
    pub fn limits(&self) -> HostLimits {
        self.0.limits
    }

    /// How many children there are: those that are being started, those that run, and those that
    /// have left something behind.
    pub fn children(&self) -> u64 {
        self.0.live.borrow().children
    }

    /// End all children by the teardown of their policies, and with them everything else that was
    /// started for the guests. Nothing is started from now on: guests are told `shutting-down`.
    ///
    /// What has not ended `within` that time is killed. This returns when nothing is left, and
    /// within 5 seconds more in any case. `within` should be no less than the longest
    /// [`teardown_time`](offspring_policy::PinnedPolicy::teardown_time) of the guests.
    ///
    /// It is for good, of [`Supervisor::global`] too. It may be called again, and at the same time:
    /// the first `within` that is over counts.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves the supervisor closed and the teardowns going on. What has not ended
    /// is not killed when the time is over; call it again for that.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with its timers enabled.
    pub async fn shutdown(&self, within: Duration) -> ShutdownReport {
        let inner = &*self.0;
        let mut live = inner.live.subscribe();
        let children = live.borrow().children;
        inner.advance(Phase::Ending);
        let by = |time: Duration| {
            let by = Instant::now().checked_add(time);
            by.unwrap_or_else(|| Instant::now() + Duration::from_secs(u32::MAX.into()))
        };
        let ended = timeout_at(by(within), live.wait_for(|live| live.children == 0));
        let in_time = ended.await.is_ok();
        let killed = if in_time {
            0
        } else {
            inner.live.borrow().children
        };
        inner.advance(Phase::Over);
        let none = timeout_at(
            by(WARDEN_END),
            live.wait_for(|live| *live == Live::default()),
        );
        let none = none.await.is_ok();
        let left = *inner.live.borrow();
        if !none {
            tracing::error!(?left, "not everything has ended");
        }
        ShutdownReport {
            children,
            killed,
            left: left.children + left.wardens,
        }
    }

    /// Tells when this supervisor shuts down.
    pub(crate) fn closing(&self) -> Closing {
        Closing(self.0.phase.subscribe())
    }

    /// Whether it starts nothing any more.
    pub(crate) fn is_closing(&self) -> bool {
        *self.0.phase.borrow() != Phase::Open
    }

    /// The descriptors that it holds, of which a guest has `most`.
    pub(crate) fn descriptors(&self, most: u64) -> Budget {
        self.0.descriptors.part(most)
    }

    /// A warden that there is to be, until what is returned is dropped; none where there are no
    /// descriptors for it.
    pub(crate) fn warden(&self) -> Option<LiveWarden> {
        let descriptors = self.0.descriptors.take(WARDEN_DESCRIPTORS)?;
        self.0.live.send_modify(|live| live.wardens += 1);
        Some(LiveWarden {
            supervisor: self.clone(),
            _descriptors: descriptors,
        })
    }
}

impl Inner {
    fn advance(&self, to: Phase) {
        self.phase.send_if_modified(|phase| {
            let later = *phase < to;
            if later {
                *phase = to;
            }
            later
        });
    }
}

/// Counts a warden until it is dropped.
#[derive(Debug)]
pub(crate) struct LiveWarden {
    supervisor: Supervisor,
    _descriptors: Share,
}

impl LiveWarden {
    /// Tells when it is to end.
    pub(crate) fn closing(&self) -> Closing {
        self.supervisor.closing()
    }
}

impl Drop for LiveWarden {
    fn drop(&mut self) {
        let inner = &self.supervisor.0;
        inner.live.send_modify(|live| live.wardens -= 1);
    }
}

/// Tells when a supervisor shuts down.
#[derive(Clone, Debug)]
pub(crate) struct Closing(watch::Receiver<Phase>);

impl Closing {
    /// Resolves when children are to end.
    pub(crate) async fn begun(&mut self) {
        self.reached(Phase::Ending).await;
    }

    /// Resolves when whatever is left is to be killed.
    pub(crate) async fn over(&mut self) {
        self.reached(Phase::Over).await;
    }

    async fn reached(&mut self, phase: Phase) {
        if self.0.wait_for(|now| *now >= phase).await.is_err() {
            // A supervisor that nobody holds is never shut down.
            std::future::pending().await
        }
    }
}
