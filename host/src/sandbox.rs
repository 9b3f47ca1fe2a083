//! Whether this machine can put a confinement up, and why not where it cannot.

use crate::doctor::{self, Advice, System};
use crate::launch::{Directories, attempt};
use offspring_policy::{Confinement, Network, PinnedPolicy, Profile};
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
    Start(io::Error),
    /// The warden did not say in time whether its fences stand.
    #[error("the warden did not answer in time")]
    Silent,
    /// The warden ended before its fences stood.
    #[error("the warden ended early")]
    Interrupted,
    /// The host and the warden could not talk.
    #[error("the warden could not be talked to: {0}")]
    Io(io::Error),
    /// A step of putting it up failed.
    #[error("{0}")]
    Step(StepFault),
}

impl SandboxFault {
    /// The error's number (errno(3)), where the system reported one.
    pub(crate) fn errno(&self) -> Option<i32> {
        match self {
            Self::Start(error) | Self::Io(error) => error.raw_os_error(),
            Self::Step(step) => step.errno,
            Self::Silent | Self::Interrupted => None,
        }
    }
}

impl From<io::Error> for SandboxFault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
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
    /// Bounding the number of processes (`RLIMIT_NPROC`, see getrlimit(2); `kernel.pid_max`, see
    /// proc_sys_kernel(5)).
    Bound,
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
            Self::Bound => "the number of processes could not be bounded",
            Self::Proof => "a fence does not hold",
        })
    }
}

/// Put a confinement up on this machine, try whether its fences hold, and take it down again.
///
/// It starts a process and waits for it: a few milliseconds, and ten seconds at most.
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

/// What was put up by this process before: for each confinement, whatever else a policy
/// [needs](Needs) of it.
static WORKED: [[AtomicBool; 8]; Confinement::ALL.len()] =
    [const { [const { AtomicBool::new(false) }; 8] }; Confinement::ALL.len()];

/// What a policy grants that not every machine can give, where it can confine at all.
#[derive(Clone, Copy)]
struct Needs {
    /// TCP connections to some ports.
    connect: bool,
    /// A `/proc` of the guest's own children.
    proc: bool,
    /// A bound on their number.
    processes: bool,
}

impl Needs {
    fn of(policy: &PinnedPolicy) -> Self {
        let programs = policy
            .programs()
            .filter_map(|(name, _)| policy.grants(name));
        let grants = programs.chain(policy.shell_grants()).collect::<Vec<_>>();
        Self {
            connect: grants
                .iter()
                .any(|grants| matches!(grants.network, Network::Connect(_))),
            proc: grants.iter().any(|grants| grants.proc),
            processes: policy
                .guest_limits()
                .processes
                .is_some_and(|bound| bound.required),
        }
    }

    fn profile(self, confinement: Confinement) -> Profile {
        let mut profile = doctor::bare(confinement);
        if self.connect {
            profile.network = Network::Connect([443].into());
        }
        if confinement == Confinement::Namespace {
            profile.proc = self.proc;
            profile.processes = self.processes.then_some(doctor::BOUND);
        }
        profile
    }

    fn worked(self, confinement: Confinement) -> &'static AtomicBool {
        let needs = [self.connect, self.proc, self.processes];
        let needs = (0..)
            .zip(needs)
            .map(|(bit, it)| usize::from(it) << bit)
            .sum::<usize>();
        &WORKED[confinement as usize][needs]
    }
}

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
/// What is tried is the confinement with what the policy's rules grant. What has worked in this
/// process is not tried again. A try takes milliseconds, and ten seconds at most.
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
    let needs = Needs::of(&policy);
    while policy.allows_anything() {
        // What has worked once is not tried again: each warden tries its own fences in any case.
        let worked = needs.worked(policy.confinement());
        if worked.load(Ordering::Relaxed) {
            break;
        }
        let Err(error) = try_profile(&needs.profile(policy.confinement())) else {
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
