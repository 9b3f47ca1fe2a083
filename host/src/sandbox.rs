//! Whether this machine can put a confinement up, and why not where it cannot.

use crate::doctor::{self, Advice, System};
use crate::launch::{Directories, attempt};
use offspring_policy::{Confinement, PinnedPolicy, Profile};
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// Why a confinement cannot be put up on this machine.
#[derive(Debug, thiserror::Error)]
#[error("children cannot be confined in tier {confinement}: {fault}")]
pub struct SandboxError {
    confinement: Confinement,
    fault: SandboxFault,
}

impl SandboxError {
    pub(crate) fn new(confinement: Confinement, fault: SandboxFault) -> Self {
        Self { confinement, fault }
    }

    /// The confinement that was wanted.
    pub fn confinement(&self) -> Confinement {
        self.confinement
    }

    /// What did not work.
    pub fn fault(&self) -> &SandboxFault {
        &self.fault
    }

    /// What can be changed on this machine, so that it works. It looks at the machine's settings,
    /// and may know nothing.
    pub fn advice(&self) -> Vec<Advice> {
        doctor::advice(&self.fault, self.confinement, &System::examine())
    }
}

/// What did not work when a confinement was put up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxFault {
    /// The warden could not be started.
    #[error("the warden could not be started: {0}")]
    Start(#[source] io::Error),
    /// The warden did not say in time whether its fences stand.
    #[error("the warden did not answer in time")]
    Silent,
    /// The warden ended before its fences stood.
    #[error("the warden ended early")]
    Interrupted,
    /// The host and the warden could not talk.
    #[error("the warden could not be talked to: {0}")]
    Io(#[from] io::Error),
    /// A step of putting it up failed.
    #[error("{0}")]
    Step(StepFault),
}

/// Which step of putting a confinement up failed, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepFault {
    /// The step.
    pub step: SandboxStep,
    /// The error's number (errno(3)), where the system reported one.
    pub errno: Option<i32>,
    /// What was being done it to: a path, or the name of a fence.
    pub what: String,
}

impl fmt::Display for StepFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, errno, what } = self;
        write!(f, "{step}")?;
        if !what.is_empty() {
            write!(f, " ({what})")?;
        }
        match errno {
            Some(errno) => write!(f, ": {}", io::Error::from_raw_os_error(*errno)),
            None => Ok(()),
        }
    }
}

/// A step of putting a confinement up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SandboxStep {
    /// Making namespaces (unshare(2)).
    Namespaces,
    /// Mapping the user into its namespace (user_namespaces(7)).
    UserMap,
    /// Making processes and preparing them.
    Processes,
    /// Building the tree of mounts.
    Mounts,
    /// Giving up privileges (capabilities(7)).
    Privileges,
    /// Landlock (landlock(7)).
    Landlock,
    /// The filter of system calls (seccomp(2)).
    Seccomp,
    /// A fence stands, and does not hold.
    Proof,
}

impl fmt::Display for SandboxStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Namespaces => "namespaces could not be made",
            Self::UserMap => "the user could not be mapped into a namespace",
            Self::Processes => "processes could not be made",
            Self::Mounts => "the tree of mounts could not be built",
            Self::Privileges => "privileges could not be given up",
            Self::Landlock => "Landlock could not be put up",
            Self::Seccomp => "the filter of system calls could not be installed",
            Self::Proof => "a fence does not hold",
        })
    }
}

/// Put a confinement up on this machine, try whether its fences hold, and take it down again.
///
/// It starts a process and waits for it, a few milliseconds.
///
/// # Errors
///
/// Why it cannot be had here. [`Confinement::None`] can be had everywhere.
pub fn try_confinement(confinement: Confinement) -> Result<(), SandboxError> {
    try_profile(&doctor::bare(confinement))
}

/// The same, for what a profile grants.
pub(crate) fn try_profile(profile: &Profile) -> Result<(), SandboxError> {
    if profile.confinement == Confinement::None {
        return Ok(());
    }
    let tried = attempt(profile, &Directories::default());
    tried.map_err(|fault| SandboxError::new(profile.confinement, fault))
}

/// Which confinements were put up by this process before.
static WORKED: [AtomicBool; Confinement::ALL.len()] =
    [const { AtomicBool::new(false) }; Confinement::ALL.len()];

/// A policy whose confinement can be had on this machine.
#[derive(Debug)]
#[non_exhaustive]
pub struct Settled {
    /// The policy, fallen back as far as it had to.
    pub policy: PinnedPolicy,
    /// Why the stronger confinements that it wants cannot be had.
    pub unavailable: Vec<SandboxError>,
}

/// The policy, fallen back to a confinement that can be had on this machine, as far as it allows
/// that.
///
/// A [builder](crate::ProcessCtxBuilder::build) does this for each guest. A host of many guests
/// does it once, and can tell its operator where children are confined less than they could be.
///
/// # Errors
///
/// Why the weakest confinement that the policy allows cannot be had. A policy that allows no
/// program needs none.
pub fn settle(mut policy: PinnedPolicy) -> Result<Settled, SandboxError> {
    let mut unavailable = Vec::new();
    while policy.allows_anything() {
        // What has worked once is not tried again: each warden tries its own fences in any case.
        let worked = &WORKED[policy.confinement() as usize];
        if worked.load(Ordering::Relaxed) {
            break;
        }
        let Err(error) = try_confinement(policy.confinement()) else {
            worked.store(true, Ordering::Relaxed);
            break;
        };
        let Some(weaker) = policy.fall_back() else {
            return Err(error);
        };
        tracing::warn!(%error, fallback = %weaker.confinement(), "falling back");
        policy = weaker;
        unavailable.push(error);
    }
    Ok(Settled {
        policy,
        unavailable,
    })
}
