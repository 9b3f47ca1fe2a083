//! The children of a guest that run at once, and those that wait for their turn.

use super::Supervisor;
use super::pace::Pace;
use crate::error::{ErrorCode, Limit};
use crate::limits::QUEUED;
use offspring_policy::GuestLimits;
use offspring_policy::defaults::LONGEST;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, TryAcquireError};
use tokio::time::{Instant, sleep_until, timeout_at};

/// The places that one guest has for children. Its clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Places(Arc<Guest>);

#[derive(Debug)]
struct Guest {
    limits: GuestLimits,
    supervisor: Supervisor,
    running: Arc<Semaphore>,
    spawned: AtomicU64,
    queued: AtomicU64,
    pace: Pace,
    /// Held by the one of the guest's spawns that queues among those of other guests, so that a guest
    /// with many has no more turns than one with few.
    turn: Mutex<()>,
}

/// What a spawn that has no place yet may wait for.
#[derive(Clone, Copy, Debug)]
enum Short {
    Children,
    Host,
    /// Until then.
    Pace(Instant),
}

impl Short {
    fn error(self) -> ErrorCode {
        ErrorCode::LimitReached(match self {
            Self::Children => Limit::Children,
            Self::Host => Limit::Host,
            Self::Pace(_) => Limit::SpawnRate,
        })
    }
}

impl Places {
    pub(crate) fn new(limits: GuestLimits, supervisor: Supervisor) -> Self {
        Self(Arc::new(Guest {
            limits,
            supervisor,
            running: Arc::new(Semaphore::new(limits.children as usize)),
            spawned: AtomicU64::new(0),
            queued: AtomicU64::new(0),
            pace: Pace::new(limits.spawn_rate),
            turn: Mutex::default(),
        }))
    }

    /// Take a place, or say how one can be waited for.
    ///
    /// # Errors
    ///
    /// The bound that is reached, where it is of no use to wait, or the policy does not let spawns
    /// wait.
    pub(crate) fn take(&self) -> Result<Result<Place, Queued>, ErrorCode> {
        let guest = &*self.0;
        if guest.supervisor.is_closing() {
            return Err(ErrorCode::ShuttingDown);
        }
        let spawn = Spawn::count(self)?;
        match self.now() {
            Ok((guest, host)) => Ok(Ok(Place::new(spawn, guest, host))),
            Err(short) => {
                let within = guest.limits.queue.ok_or(short.error())?;
                Queued::new(self, spawn, within, short).map(Err)
            }
        }
    }

    fn now(&self) -> Result<(OwnedSemaphorePermit, OwnedSemaphorePermit), Short> {
        let guest = &*self.0;
        let take = |places: &Arc<Semaphore>, short| match places.clone().try_acquire_owned() {
            Ok(permit) => Ok(permit),
            Err(TryAcquireError::NoPermits | TryAcquireError::Closed) => Err(short),
        };
        let own = take(&guest.running, Short::Children)?;
        let shared = take(&guest.supervisor.0.places, Short::Host)?;
        self.step()?;
        Ok((own, shared))
    }

    fn step(&self) -> Result<(), Short> {
        let now = Instant::now();
        self.own_step(now)?;
        self.shared_step(now)
            .inspect_err(|_| self.0.pace.step_back())
    }

    fn own_step(&self, now: Instant) -> Result<(), Short> {
        self.0
            .pace
            .step(now)
            .map_err(|wait| Short::Pace(now + wait))
    }

    fn shared_step(&self, now: Instant) -> Result<(), Short> {
        let stepped = self.0.supervisor.0.pace.step(now);
        stepped.map_err(|wait| Short::Pace(now + wait))
    }

    #[cfg(test)]
    pub(crate) fn running(&self) -> usize {
        self.0.limits.children as usize - self.0.running.available_permits()
    }

    #[cfg(test)]
    pub(crate) fn spawned(&self) -> u64 {
        self.0.spawned.load(Ordering::Relaxed)
    }
}

/// A spawn that waits for its turn.
pub(crate) struct Queued {
    places: Places,
    /// Until it has a place.
    spawn: Option<Spawn>,
    end: Instant,
    first: Short,
}

impl Queued {
    fn new(
        places: &Places,
        spawn: Spawn,
        within: Duration,
        first: Short,
    ) -> Result<Self, ErrorCode> {
        let fits = |queued: u64| (queued < QUEUED).then_some(queued + 1);
        let queued = &places.0.queued;
        let counted = queued.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits);
        counted.map_err(|_| first.error())?;
        let now = Instant::now();
        Ok(Self {
            places: places.clone(),
            spawn: Some(spawn),
            end: now + within.min(LONGEST),
            first,
        })
    }

    /// Wait for a place.
    ///
    /// # Errors
    ///
    /// The bound that was reached all the time that a spawn may wait, or the host shuts down.
    pub(crate) async fn wait(mut self) -> Result<Place, ErrorCode> {
        let mut closing = self.places.0.supervisor.closing();
        let permits = tokio::select! {
            biased;
            () = closing.begun() => return Err(ErrorCode::ShuttingDown),
            permits = self.permits() => permits,
        };
        let (own, shared) = permits.map_err(Short::error)?;
        let spawn = self.spawn.take().ok_or(self.first.error())?;
        Ok(Place::new(spawn, own, shared))
    }

    async fn permits(&self) -> Result<(OwnedSemaphorePermit, OwnedSemaphorePermit), Short> {
        let guest = &*self.places.0;
        let own = guest.running.clone().acquire_owned();
        // Nobody closes the semaphores.
        let own = in_time(self.end, Short::Children, own)
            .await?
            .map_err(|_| self.first)?;
        // Whoever waits for its own pace holds nobody up.
        self.in_pace(|now| self.places.own_step(now)).await?;
        let _turn = in_time(self.end, Short::Host, guest.turn.lock()).await?;
        let shared = guest.supervisor.0.places.clone().acquire_owned();
        let shared = in_time(self.end, Short::Host, shared)
            .await?
            .map_err(|_| self.first)?;
        self.in_pace(|now| self.places.shared_step(now)).await?;
        Ok((own, shared))
    }

    async fn in_pace(&self, step: impl Fn(Instant) -> Result<(), Short>) -> Result<(), Short> {
        loop {
            match step(Instant::now()) {
                Err(Short::Pace(time)) if time < self.end => sleep_until(time).await,
                stepped => return stepped,
            }
        }
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        self.places.0.queued.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn in_time<T>(end: Instant, short: Short, wait: impl Future<Output = T>) -> Result<T, Short> {
    timeout_at(end, wait).await.map_err(|_| short)
}

/// A child that is counted among all that a guest has started. One that does not start counts
/// nothing.
#[derive(Debug)]
struct Spawn {
    places: Places,
    started: AtomicBool,
}

impl Spawn {
    fn count(places: &Places) -> Result<Self, ErrorCode> {
        let most = places.0.limits.spawns.unwrap_or(u64::MAX);
        let within = |count: u64| (count < most).then_some(count + 1);
        let spawned = &places.0.spawned;
        let counted = spawned.fetch_update(Ordering::Relaxed, Ordering::Relaxed, within);
        counted.map_err(|_| ErrorCode::LimitReached(Limit::Spawns))?;
        Ok(Self {
            places: places.clone(),
            started: AtomicBool::new(false),
        })
    }
}

impl Drop for Spawn {
    fn drop(&mut self) {
        if !self.started.load(Ordering::Relaxed) {
            self.places.0.spawned.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// A child's place among those that run; free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    spawn: Spawn,
    _own: OwnedSemaphorePermit,
    _shared: OwnedSemaphorePermit,
}

impl Place {
    fn new(spawn: Spawn, own: OwnedSemaphorePermit, shared: OwnedSemaphorePermit) -> Self {
        let supervisor = &spawn.places.0.supervisor.0;
        supervisor.live.send_modify(|live| live.children += 1);
        Self {
            spawn,
            _own: own,
            _shared: shared,
        }
    }

    /// The child counts as started from now on, or not after all.
    pub(crate) fn count(&self, started: bool) {
        self.spawn.started.store(started, Ordering::Relaxed);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let supervisor = &self.spawn.places.0.supervisor.0;
        supervisor.live.send_modify(|live| live.children -= 1);
    }
}
