//! The confined launcher: children start inside of a warden, a small process of the guest's own.
//!
//! The warden is a program of its own (`warden/` in the repository), which this library carries
//! inside of it and starts from a sealed memory file. There is one for each guest and
//! [`Profile`], started when the first child of the profile is; it goes when the guest does, or
//! when this process does, and takes everything in its world with it.
//!
//! [`world`] says what it is to build, [`start`] starts it, [`request`] puts plans into words for
//! it, and [`connection`] talks to it.

mod connection;
mod program;
mod request;
mod start;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "one side encodes what the other decodes")
)]
#[path = "../../../warden/wire.rs"]
mod wire;
mod world;

#[cfg(test)]
mod tests;

pub use program::{WARDEN, use_warden_file};

use super::{Directories, Launch, Launching, Process};
use crate::error::{ErrorCode, Limit};
use crate::sandbox::{SandboxError, SandboxFault, SandboxStep, StepFault};
use crate::supervisor::{LiveWarden, Supervisor};
use connection::Connection;
use nix::errno::Errno;
use offspring_policy::Profile;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wire::Step;

/// The wardens of one guest.
#[derive(Clone, Default)]
pub(crate) struct Wardens(Arc<Inner>);

#[derive(Default)]
struct Inner {
    running: Mutex<HashMap<Arc<Profile>, Arc<Connection>>>,
    /// Held while one is being started, so that no profile has two.
    starting: tokio::sync::Mutex<()>,
}

impl fmt::Debug for Wardens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let profiles = self.0.lock().keys().cloned().collect::<Vec<_>>();
        f.debug_tuple("Wardens").field(&profiles).finish()
    }
}

impl Wardens {
    pub(crate) fn launch<'a>(&'a self, launch: Launch<'a>) -> Launching<'a> {
        Box::pin(async move {
            let Launch {
                plan,
                streams,
                directories,
                supervisor,
                held,
            } = launch;
            request::supported(plan)?;
            let profile = plan.profile();
            let warden = match self.0.running(profile) {
                Some(warden) => warden,
                None => self.start(profile, directories, supervisor).await?,
            };
            let (spawn, descriptors) = request::spawn(plan, streams)?;
            let child = warden.spawn(spawn, descriptors, held).await?;
            Ok(Box::new(child) as Box<dyn Process>)
        })
    }

    /// Start a warden. It is done in a task of its own, because it is not to be left half done
    /// where the launch that asked for it is given up.
    async fn start(
        &self,
        profile: &Arc<Profile>,
        directories: &Directories,
        supervisor: &Supervisor,
    ) -> Result<Arc<Connection>, ErrorCode> {
        let (inner, profile) = (self.0.clone(), profile.clone());
        let directories = directories.clone();
        // It is counted before there is one, so that nobody who ends everything overlooks it.
        let live = supervisor.warden();
        let live = live.ok_or(ErrorCode::LimitReached(Limit::Descriptors))?;
        let mut closing = supervisor.closing();
        let started = tokio::spawn(async move {
            tokio::select! {
                started = inner.start(profile, &directories, live) => started.map(Some),
                () = closing.over() => Ok(None),
            }
        });
        match started.await {
            Ok(Ok(Some(warden))) => Ok(warden),
            Ok(Ok(None)) => Err(ErrorCode::ShuttingDown),
            Ok(Err(error)) => {
                tracing::error!(%error, "a child was not started");
                match error.fault().errno().map(Errno::from_raw) {
                    Some(Errno::EMFILE | Errno::ENFILE) => {
                        Err(ErrorCode::LimitReached(Limit::Descriptors))
                    }
                    _ => Err(ErrorCode::SandboxUnavailable),
                }
            }
            Err(_) => Err(ErrorCode::SandboxUnavailable),
        }
    }
}

impl Inner {
    /// The profile's warden, if it serves.
    fn running(&self, profile: &Profile) -> Option<Arc<Connection>> {
        let running = self.lock();
        let warden = running.get(profile)?;
        warden.is_open().then(|| warden.clone())
    }

    async fn start(
        &self,
        profile: Arc<Profile>,
        directories: &Directories,
        live: LiveWarden,
    ) -> Result<Arc<Connection>, SandboxError> {
        let _alone = self.starting.lock().await;
        if let Some(warden) = self.running(&profile) {
            return Ok(warden);
        }
        let fault = |fault| SandboxError::new(profile.confinement, fault);
        let world = world::of(&profile, directories).map_err(fault)?;
        let started = start::start(&world).await.map_err(fault)?;
        let warden = Connection::new(started, live).map_err(|error| fault(error.into()))?;
        self.lock().insert(profile.clone(), warden.clone());
        Ok(warden)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<Profile>, Arc<Connection>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<wire::Failure> for SandboxFault {
    fn from(failure: wire::Failure) -> Self {
        let step = match failure.step {
            Step::Unshare => SandboxStep::Namespaces,
            Step::MapUser => SandboxStep::UserMap,
            Step::MountTree | Step::Mount | Step::Pivot => SandboxStep::Mounts,
            Step::Privileges => SandboxStep::Privileges,
            Step::Landlock => SandboxStep::Landlock,
            Step::Seccomp => SandboxStep::Seccomp,
            Step::Bound => SandboxStep::Bound,
            Step::Proof => SandboxStep::Proof,
            Step::Fork
            | Step::Prepare
            | Step::Message
            | Step::Stdin
            | Step::Stdout
            | Step::Stderr
            | Step::Cwd
            | Step::Program
            | Step::Execute => SandboxStep::Processes,
        };
        Self::Step(StepFault {
            step,
            errno: (failure.errno != 0).then_some(failure.errno),
            what: String::from_utf8_lossy(&failure.what).into_owned(),
        })
    }
}

/// Put a confinement up, see whether its fences hold, and let it go again. This thread waits for
/// it, some milliseconds.
pub(crate) fn attempt(profile: &Profile, directories: &Directories) -> Result<(), SandboxFault> {
    let world = world::of(profile, directories)?;
    start::start_blocking(&world).map(drop)
}
