//! What the system says of itself.

use super::kernel;
use std::env;
use std::fs;
use std::path::Path;
use std::str::FromStr;

/// What of a system decides which confinements it can put up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct System {
    /// The kernel's release, such as `6.12.9`.
    pub kernel: Option<String>,
    /// The architecture that this program was compiled for.
    pub architecture: &'static str,
    /// Whether this process runs as root.
    pub superuser: bool,
    /// Whether this process seems to be in a container.
    pub container: Option<Container>,
    /// Landlock.
    pub landlock: Landlock,
    /// User namespaces.
    pub namespaces: UserNamespaces,
    /// Whether filters of system calls can be installed.
    pub seccomp: bool,
    /// Whether this process is behind such a filter itself, as most containers are.
    pub filtered: bool,
    /// Whether files in memory can be executed: `vm.memfd_noexec`, of which 2 forbids it.
    pub memfd_noexec: Option<u8>,
}

/// Which Landlock a kernel has (landlock(7)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landlock {
    /// It is in force, in this version of its ABI.
    Version(u32),
    /// The kernel has it, and it was not switched on when the system started.
    Disabled,
    /// The kernel has none.
    Missing,
    /// Something forbids to ask.
    Refused,
}

impl Landlock {
    /// The version, where it is in force.
    pub fn version(self) -> Option<u32> {
        match self {
            Self::Version(version) => Some(version),
            Self::Disabled | Self::Missing | Self::Refused => None,
        }
    }
}

/// What bounds the making of user namespaces (user_namespaces(7)). What a system does not have is
/// `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UserNamespaces {
    /// How many there may be for each user: `user.max_user_namespaces`.
    pub most: Option<u64>,
    /// Whether users other than root make them: `kernel.unprivileged_userns_clone`.
    pub unprivileged: Option<bool>,
    /// Whether AppArmor takes away what one can do in them:
    /// `kernel.apparmor_restrict_unprivileged_userns`.
    pub apparmor_restricts: Option<bool>,
}

/// What a container was made by, as far as it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Container {
    /// Docker.
    Docker,
    /// Podman.
    Podman,
    /// Kubernetes, whatever it starts containers with.
    Kubernetes,
    /// Something else.
    Other,
}

impl System {
    /// Looks at the system. Nothing is started, and nothing changed.
    pub fn examine() -> Self {
        let clone: Option<u8> = read("kernel/unprivileged_userns_clone");
        let apparmor: Option<u8> = read("kernel/apparmor_restrict_unprivileged_userns");
        Self {
            kernel: read("kernel/osrelease"),
            architecture: env::consts::ARCH,
            superuser: rustix::process::geteuid().is_root(),
            container: container(),
            landlock: kernel::landlock(),
            namespaces: UserNamespaces {
                most: read("user/max_user_namespaces"),
                unprivileged: clone.map(|value| value != 0),
                apparmor_restricts: apparmor.map(|value| value != 0),
            },
            seccomp: has_filters(),
            filtered: is_filtered(),
            memfd_noexec: read("vm/memfd_noexec"),
        }
    }
}

/// Whether filters of system calls can be installed that answer with an error (seccomp(2)).
fn has_filters() -> bool {
    let actions: Option<String> = read("kernel/seccomp/actions_avail");
    actions.is_some_and(|actions| actions.split_whitespace().any(|action| action == "errno"))
}

/// A setting of the kernel, where there is one (proc_sys(5)).
fn read<T: FromStr>(name: &str) -> Option<T> {
    let text = fs::read_to_string(Path::new("/proc/sys").join(name)).ok()?;
    text.trim().parse().ok()
}

/// Whether a filter of system calls is in force for this process (proc_pid_status(5)).
fn is_filtered() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mode = status
        .lines()
        .find_map(|line| line.strip_prefix("Seccomp:"));
    mode.is_some_and(|mode| mode.trim() != "0")
}

/// Only files and variables that container engines are known to leave.
fn container() -> Option<Container> {
    if env::var_os("KUBERNETES_SERVICE_HOST").is_some() {
        Some(Container::Kubernetes)
    } else if Path::new("/run/.containerenv").exists() {
        Some(Container::Podman)
    } else if Path::new("/.dockerenv").exists() {
        Some(Container::Docker)
    } else {
        env::var_os("container").map(|_| Container::Other)
    }
}
