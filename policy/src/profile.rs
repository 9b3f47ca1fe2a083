//! What a confined child has beside the guest's directories.

use crate::request::FileIdentity;
use crate::units;
use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;

/// How children are confined, the strongest first. POLICY.md says what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confinement {
    /// They live in the guest's world: its directories at its own paths, and nothing else of the
    /// host but what programs need to run.
    Namespace,
    /// They see the host's paths and reach only the guest's directories beneath them.
    Landlock,
    /// Not at all: they run with the rights of the host.
    None,
}

impl Confinement {
    /// All of them, the strongest first.
    pub const ALL: [Self; 3] = [Self::Namespace, Self::Landlock, Self::None];

    /// The policy's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Namespace => "namespace",
            Self::Landlock => "landlock",
            Self::None => "none",
        }
    }

    /// What the policy's word means.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.name() == name)
    }

    /// The next weaker one.
    pub(crate) fn weaker(self) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| *tier > self)
    }
}

impl fmt::Display for Confinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What of the network a child reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Network {
    /// Nothing.
    #[default]
    None,
    /// TCP connections to these ports, of any address that the host reaches.
    Connect(BTreeSet<u16>),
    /// What the host reaches.
    Host,
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("network none"),
            Self::Connect(ports) => {
                f.write_str("connect")?;
                ports.iter().try_for_each(|port| write!(f, " {port}"))
            }
            Self::Host => f.write_str("network host"),
        }
    }
}

/// What a rule grants to confined children beside the guest's directories, as it was written. It
/// prints as a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// What of the network they reach.
    pub network: Network,
    /// The size of a `/tmp` of their own, in bytes.
    pub tmp: Option<u64>,
    /// Whether they have a `/proc`, of their own processes.
    pub proc: bool,
    /// Files and directories of the host that they see read-only.
    pub runtime: Vec<PathBuf>,
    /// The guest's names for those of its directories in which files may be executed.
    pub execute: Vec<String>,
}

impl Grants {
    /// Whether they grant nothing at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut grants = Vec::new();
        if self.network != Network::None {
            grants.push(self.network.to_string());
        }
        grants.extend(self.tmp.map(|size| format!("tmp {}", units::written(size))));
        grants.extend(self.proc.then(|| "proc".to_owned()));
        let runtime = self.runtime.iter();
        grants.extend(runtime.map(|path| format!("runtime {}", path.display())));
        grants.extend(self.execute.iter().map(|name| format!("execute {name}")));
        if grants.is_empty() {
            return f.write_str("nothing");
        }
        f.write_str(&grants.join(", "))
    }
}

/// A file or directory that was found on the host when the policy was loaded, and is shown to
/// children read-only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PinnedPlace {
    /// The absolute path, as it was written. It is the other path where it leads through another
    /// place, and where it was written with `..`.
    pub name: PathBuf,
    /// The path with every link resolved.
    pub path: PathBuf,
    /// What was there.
    pub file: FileIdentity,
    /// Whether it is a directory.
    pub directory: bool,
}

/// A bound on the processes and threads of children that share a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProcessBound {
    /// How many.
    pub most: u64,
    /// Whether nothing is launched on a machine that cannot keep the bound. It is so where a policy
    /// names it.
    pub required: bool,
}

/// What children of one rule have beside the guest's directories. Children of equal profiles can
/// share a world.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Profile {
    /// How they are confined. Unconfined ones have the host's network, and the rest is empty.
    pub confinement: Confinement,
    /// What of the network they reach.
    pub network: Network,
    /// The size of a `/tmp` of their own, in bytes.
    pub tmp: Option<u64>,
    /// Whether they have a `/proc`, of their own processes.
    pub proc: bool,
    /// How many processes and threads they may be, all together.
    pub processes: Option<ProcessBound>,
    /// What they see read-only, beside the [usual](crate::view::RUNTIME_DIRECTORIES), in the order
    /// of the names.
    pub runtime: Vec<PinnedPlace>,
    /// Those of the guest's directories in which files may be executed, in their order.
    pub execute: Vec<usize>,
}
