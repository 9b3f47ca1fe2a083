//! Guests of different means, and what the policy is for each.

use crate::rules::{POLICY, SHELL};
use offspring_fuzz::host::{Directory, Host};
use offspring_fuzz::paths::Paths;
use offspring_policy::{BoundPolicy, Confinement, ParsedPolicy, PinnedPolicy};
use std::path::PathBuf;

/// A policy that was bound to a guest.
pub struct World {
    pub policy: BoundPolicy,
    pub confinement: Confinement,
    pub directories: Vec<Directory>,
    /// Whether the policy has any programs.
    pub programs: bool,
    /// Whether it has a shell.
    pub shell: bool,
    /// Where the programs are.
    pub bin: PathBuf,
}

impl World {
    /// All of them.
    pub fn all() -> Vec<Self> {
        let host = Host::new();
        let every = host.directories();
        let same = host.same_directory();
        let read_only = every[2].clone();
        vec![
            Self::bound(&host, Confinement::Namespace, true, every.clone()),
            Self::bound(
                &host,
                Confinement::Landlock,
                true,
                vec![every[1].clone(), same],
            ),
            Self::bound(&host, Confinement::None, false, vec![read_only]),
            Self::bound(&host, Confinement::Namespace, true, Vec::new()),
            Self::without_guest(&host),
            Self::that_allows_nothing(&host, every),
        ]
    }

    /// The directories as the oracle sees them.
    pub fn paths(&self) -> Paths<'_> {
        Paths {
            directories: &self.directories,
            by_guest_names: self.confinement == Confinement::Namespace,
        }
    }

    fn bound(
        host: &Host,
        confinement: Confinement,
        shell: bool,
        directories: Vec<Directory>,
    ) -> Self {
        let pinned = pinned(host, confinement, shell);
        let preopens = host.preopens(&directories);
        Self {
            policy: pinned.bind(&preopens).expect("the policy fits the guest"),
            confinement,
            directories,
            programs: true,
            shell,
            bin: host.path("bin"),
        }
    }

    fn without_guest(host: &Host) -> Self {
        Self {
            policy: pinned(host, Confinement::Landlock, true).without_guest(),
            confinement: Confinement::Landlock,
            directories: Vec::new(),
            programs: true,
            shell: true,
            bin: host.path("bin"),
        }
    }

    fn that_allows_nothing(host: &Host, directories: Vec<Directory>) -> Self {
        let preopens = host.preopens(&directories);
        let bound = PinnedPolicy::deny_all().bind(&preopens);
        Self {
            policy: bound.expect("nothing is in the way"),
            confinement: Confinement::Namespace,
            directories,
            programs: false,
            shell: false,
            bin: host.path("bin"),
        }
    }
}

fn pinned(host: &Host, confinement: Confinement, shell: bool) -> PinnedPolicy {
    let shell = if shell { SHELL } else { "" };
    let bin = host.path("bin");
    let rules = format!("{POLICY}{shell}").replace("{bin}", &bin.to_string_lossy());
    let text = format!("confinement = \"{confinement}\"\n{rules}");
    let parsed = ParsedPolicy::parse(&text, "policy.toml").expect("the policy is sound");
    parsed
        .pin_with_search_path("".as_ref())
        .expect("its programs are there")
}
