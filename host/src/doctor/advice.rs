//! What to change where a confinement cannot be had.

use super::{Container, Landlock, System};
use crate::sandbox::{SandboxFault, SandboxStep, StepFault};
use nix::errno::Errno;
use offspring_policy::Confinement;
use std::fmt;
use std::io;

/// The versions of Landlock that promises need, each with the kernel that had it first.
///
/// The warden has the same table, and decides.
const NAMESPACE: (u32, &str) = (2, "5.19");
const CONNECT: (u32, &str) = (4, "6.7");
const LANDLOCK: (u32, &str) = (6, "6.12");

/// What an operator can change so that a confinement can be had. It prints as a sentence without
/// its full stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advice {
    /// This system has no confinement at all.
    UseLinux,
    /// Users may make no namespaces: `kernel.unprivileged_userns_clone`.
    AllowUserNamespaces,
    /// There may be no more namespaces: `user.max_user_namespaces`.
    RaiseUserNamespaces,
    /// The kernel was built without namespaces for users.
    BuildUserNamespaces,
    /// AppArmor takes away what one can do in them.
    AllowInAppArmor,
    /// The container forbids it.
    AllowInContainer(Container),
    /// The container hides parts of `/proc`.
    ShowWholeProc(Container),
    /// A filter of system calls, or a security module, forbids it.
    FindWhatRefuses,
    /// The kernel has no Landlock.
    BuildLandlock,
    /// Landlock is not switched on.
    EnableLandlock,
    /// The kernel is too old.
    UseKernel(&'static str),
    /// The kernel has no filters of system calls.
    BuildSeccomp,
    /// Files in memory cannot be executed: `vm.memfd_noexec`.
    AllowMemoryFiles,
    /// There is no `/proc`.
    MountProc,
    /// There are as many processes as there may be.
    AllowProcesses,
    /// Processes cannot be counted: nobody counts root's, and the kernel is older than 6.14.
    CountProcesses,
    /// The machine is too slow at the moment.
    TryAgain,
    /// It is a fault of this library, or of the kernel.
    Report,
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UseLinux => {
                "children can be confined on Linux, on x86_64 and aarch64, and not on this system"
            }
            Self::AllowUserNamespaces => {
                "let users make namespaces: sysctl kernel.unprivileged_userns_clone=1"
            }
            Self::RaiseUserNamespaces => {
                "let there be more namespaces: sysctl user.max_user_namespaces=10000"
            }
            Self::BuildUserNamespaces => "use a kernel that was built with CONFIG_USER_NS",
            Self::AllowInAppArmor => {
                "let this program use namespaces, by an AppArmor profile of its own with the \
                 rule `userns,`; or let all: sysctl kernel.apparmor_restrict_unprivileged_userns=0"
            }
            Self::AllowInContainer(Container::Kubernetes) => {
                "let the container make namespaces and mounts: a seccompProfile and an \
                 appArmorProfile of type Localhost or Unconfined in the pod's securityContext"
            }
            Self::AllowInContainer(_) => {
                "let the container make namespaces and mounts: --security-opt seccomp=FILE with a \
                 profile that allows it (=unconfined to try), --security-opt apparmor=unconfined"
            }
            Self::ShowWholeProc(Container::Kubernetes) => {
                "let the container see all of /proc: procMount: Unmasked in its securityContext"
            }
            Self::ShowWholeProc(_) => {
                "let the container see all of /proc: --security-opt systempaths=unconfined"
            }
            Self::FindWhatRefuses => {
                "something refuses it: a chroot, a filter of system calls or a security module \
                 around this process"
            }
            Self::BuildLandlock => {
                "use a kernel from 5.13 on that was built with CONFIG_SECURITY_LANDLOCK"
            }
            Self::EnableLandlock => {
                "switch Landlock on: add `landlock,` to lsm= in the kernel's command line"
            }
            Self::UseKernel(version) => return write!(f, "use a kernel from {version} on"),
            Self::BuildSeccomp => "use a kernel that was built with CONFIG_SECCOMP_FILTER",
            Self::AllowMemoryFiles => {
                "let files in memory be executed: sysctl vm.memfd_noexec=1, or keep the warden \
                 in an ordinary file: offspring doctor --write-warden FILE"
            }
            Self::MountProc => "mount /proc, which is missing here",
            Self::AllowProcesses => "let there be more processes: see ulimit -u, and pids.max",
            Self::CountProcesses => {
                "run the host as another user than root, or use a kernel from 6.14 on, or take \
                 `processes` out of the policy"
            }
            Self::TryAgain => "try again when the machine is less busy",
            Self::Report => "this should not be: please report it with what this command prints",
        })
    }
}

/// What to change on `system`, so that `fault` is met no more.
pub(crate) fn advice(fault: &SandboxFault, wanted: Confinement, system: &System) -> Vec<Advice> {
    match fault {
        SandboxFault::Start(error) => start(error, system),
        SandboxFault::Silent => vec![Advice::TryAgain],
        SandboxFault::Interrupted | SandboxFault::Io(_) => vec![Advice::Report],
        SandboxFault::Step(fault) => step(fault, wanted, system),
    }
}

fn start(error: &io::Error, system: &System) -> Vec<Advice> {
    if error.kind() == io::ErrorKind::Unsupported {
        return vec![Advice::UseLinux];
    }
    vec![match error.raw_os_error().map(Errno::from_raw) {
        Some(Errno::EACCES | Errno::EPERM) if system.memfd_noexec == Some(2) => {
            Advice::AllowMemoryFiles
        }
        Some(Errno::EACCES | Errno::EPERM) => Advice::FindWhatRefuses,
        Some(Errno::ENOENT) => Advice::MountProc,
        Some(Errno::EAGAIN) => Advice::AllowProcesses,
        _ => return Vec::new(),
    }]
}

fn step(fault: &StepFault, wanted: Confinement, system: &System) -> Vec<Advice> {
    let errno = fault.errno.map(Errno::from_raw);
    match (fault.step, errno) {
        (SandboxStep::Landlock, _) => landlock(fault, wanted, system),
        (SandboxStep::Proof, _) => vec![Advice::Report],
        (SandboxStep::Bound, None) => vec![Advice::CountProcesses],
        (SandboxStep::Namespaces, Some(Errno::ENOSPC | Errno::EUSERS)) => {
            vec![Advice::RaiseUserNamespaces]
        }
        (SandboxStep::Namespaces, Some(Errno::EINVAL)) => vec![Advice::BuildUserNamespaces],
        (SandboxStep::Seccomp, Some(Errno::EINVAL)) => vec![Advice::BuildSeccomp],
        (SandboxStep::Processes, Some(Errno::EAGAIN)) => vec![Advice::AllowProcesses],
        (SandboxStep::UserMap, Some(Errno::ENOENT)) => vec![Advice::MountProc],
        (SandboxStep::Mounts, Some(Errno::EPERM)) if fault.what == "/proc" => {
            let container = system.container.unwrap_or(Container::Other);
            vec![Advice::ShowWholeProc(container)]
        }
        (_, Some(Errno::ENOSYS)) if system.filtered => vec![refused(system)],
        // Everything else that is called is older than mount_setattr(2).
        (_, Some(Errno::ENOSYS)) => vec![Advice::UseKernel("5.12")],
        (SandboxStep::Namespaces | SandboxStep::UserMap | SandboxStep::Mounts, Some(errno)) => {
            namespaces(errno, system)
        }
        (_, Some(Errno::EPERM | Errno::EACCES)) => vec![refused(system)],
        _ => Vec::new(),
    }
}

/// What can keep users from making namespaces, and from using what they have made.
fn namespaces(errno: Errno, system: &System) -> Vec<Advice> {
    if ![Errno::EPERM, Errno::EACCES].contains(&errno) {
        return Vec::new();
    }
    let set = &system.namespaces;
    let mut found = Vec::new();
    if set.unprivileged == Some(false) {
        found.push(Advice::AllowUserNamespaces);
    }
    if set.apparmor_restricts == Some(true) {
        found.push(Advice::AllowInAppArmor);
    }
    if found.is_empty() || system.container.is_some() {
        found.push(refused(system));
    }
    found
}

fn refused(system: &System) -> Advice {
    let container = system.container.map(Advice::AllowInContainer);
    container.unwrap_or(Advice::FindWhatRefuses)
}

fn landlock(fault: &StepFault, wanted: Confinement, system: &System) -> Vec<Advice> {
    let (needed, kernel) = match wanted {
        Confinement::Landlock => LANDLOCK,
        // It has less than that only where ports are to be kept.
        _ if system.landlock.version() >= Some(NAMESPACE.0) => CONNECT,
        _ => NAMESPACE,
    };
    match system.landlock {
        Landlock::Missing if system.filtered => vec![refused(system), Advice::BuildLandlock],
        Landlock::Missing => vec![Advice::BuildLandlock],
        Landlock::Disabled => vec![Advice::EnableLandlock],
        Landlock::Refused => vec![refused(system)],
        Landlock::Version(version) if version < needed => vec![Advice::UseKernel(kernel)],
        // It has layers up to a bound, E2BIG, which is that of those around this process.
        Landlock::Version(_) if fault.errno == Some(Errno::E2BIG as i32) => {
            vec![Advice::FindWhatRefuses]
        }
        Landlock::Version(_) => vec![Advice::Report],
    }
}

#[cfg(test)]
mod tests;
