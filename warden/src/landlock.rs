//! Landlock (landlock(7)): what may be done beneath which path, with which port, and with whom.

use crate::beneath;
use crate::failure::{Failed, numbered};
use crate::sys::{abi, fence};
use crate::wire::{Failure, Network, Rights, Step, Tier, World};
use std::io;
use std::os::fd::{AsFd, OwnedFd};

/// The version that each promise needs; the kernels are those that had it first.
mod needed {
    /// Renaming and linking between directories (5.19). Without it Landlock refuses all of that.
    pub const NAMESPACE: i64 = 2;
    /// TCP ports (6.7).
    pub const PORTS: i64 = 4;
    /// Signals and abstract sockets (6.12), which no namespace hides in that tier.
    pub const LANDLOCK: i64 = 6;
}

/// `LANDLOCK_ACCESS_FS_*`.
mod file {
    pub const EXECUTE: u64 = 1;
    pub const WRITE: u64 = 1 << 1;
    pub const READ: u64 = 1 << 2;
    pub const READ_DIR: u64 = 1 << 3;
    pub const REMOVE_DIR: u64 = 1 << 4;
    pub const REMOVE_FILE: u64 = 1 << 5;
    pub const MAKE_DIR: u64 = 1 << 7;
    pub const MAKE_REG: u64 = 1 << 8;
    pub const MAKE_SOCK: u64 = 1 << 9;
    pub const MAKE_FIFO: u64 = 1 << 10;
    pub const MAKE_SYM: u64 = 1 << 12;
    pub const REFER: u64 = 1 << 13;
    pub const TRUNCATE: u64 = 1 << 14;

    /// What can be done with a file that is no directory.
    pub const OF_FILES: u64 = EXECUTE | WRITE | READ | TRUNCATE;
    pub const CHANGE: u64 =
        WRITE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | REFER | TRUNCATE;

    /// All that a version knows; see the table in landlock(7).
    pub const fn all(version: i64) -> u64 {
        let bits = match version {
            1 => 13,
            2 => 14,
            3 | 4 => 15,
            _ => 16,
        };
        (1 << bits) - 1
    }
}

/// `LANDLOCK_ACCESS_NET_*`.
mod net {
    pub const BIND_TCP: u64 = 1;
    pub const CONNECT_TCP: u64 = 1 << 1;
}

/// `LANDLOCK_SCOPE_*`: abstract sockets and signals.
const SCOPED: u64 = 0b11;

/// The layers that a world needs, which this kernel has.
pub struct Layers {
    version: i64,
}

impl Layers {
    /// Whether this kernel can do what `world` needs, before anything is built.
    pub fn check(world: &World) -> Result<Self, Failure> {
        let version = fence::landlock_version().failed(Step::Landlock, "the kernel has none")?;
        let needed = match (world.tier, &world.network) {
            (Tier::Landlock, _) => needed::LANDLOCK,
            (Tier::Namespace, Network::Connect(_)) => needed::PORTS,
            (Tier::Namespace, _) => needed::NAMESPACE,
        };
        if version < needed {
            let what = format!("version {needed} is needed, and the kernel has {version}");
            return Err(numbered(Step::Landlock, 0, what));
        }
        Ok(Self { version })
    }

    /// Go behind the rules of `world`. What is returned is a further layer for each child, in the
    /// tier where only that keeps children from us.
    pub fn put_up(&self, world: &World) -> Result<Option<OwnedFd>, Failure> {
        let ruleset = self.ruleset(world).failed(Step::Landlock, "the rules")?;
        for place in rules(world) {
            self.allow(&ruleset, &place)?;
        }
        if let Network::Connect(ports) = &world.network {
            for port in ports {
                fence::landlock_allow_port(ruleset.as_fd(), *port, net::CONNECT_TCP)
                    .failed(Step::Landlock, format!("port {port}"))?;
            }
        }
        fence::landlock_restrict(ruleset.as_fd()).failed(Step::Landlock, "")?;
        if world.tier == Tier::Namespace {
            return Ok(None);
        }
        let layer = abi::RulesetAttr {
            files: 0,
            network: 0,
            scoped: SCOPED,
        };
        let layer = fence::landlock_ruleset(layer, size_of::<abi::RulesetAttr>());
        layer.failed(Step::Landlock, "a child's layer").map(Some)
    }

    fn ruleset(&self, world: &World) -> io::Result<OwnedFd> {
        let ports = self.version >= needed::PORTS && world.network != Network::Host;
        let scoped = self.version >= needed::LANDLOCK;
        let attr = abi::RulesetAttr {
            files: file::all(self.version),
            network: if ports {
                net::BIND_TCP | net::CONNECT_TCP
            } else {
                0
            },
            scoped: if scoped { SCOPED } else { 0 },
        };
        // Older kernels know less of the structure.
        let fields = if scoped {
            3
        } else if ports {
            2
        } else {
            1
        };
        fence::landlock_ruleset(attr, fields * size_of::<u64>())
    }

    fn allow(&self, ruleset: &OwnedFd, (path, allowed): &(Vec<u8>, u64)) -> Result<(), Failure> {
        let failed = |error| crate::failure::of(Step::Landlock, path)(error);
        let opened = beneath::open_place(path).map_err(failed)?;
        let mut allowed = allowed & file::all(self.version);
        if !beneath::is_directory(opened.as_fd()).map_err(failed)? {
            allowed &= file::OF_FILES;
        }
        fence::landlock_allow_path(ruleset.as_fd(), opened.as_fd(), allowed).map_err(failed)
    }
}

/// What is allowed, and beneath which path.
fn rules(world: &World) -> Vec<(Vec<u8>, u64)> {
    let namespace = world.tier == Tier::Namespace;
    let mut rules = Vec::new();
    let mut rule = |path: &[u8], allowed| rules.push((path.to_vec(), allowed));
    for place in world.runtime.iter().chain(&world.directories) {
        rule(
            if namespace { &place.name } else { &place.host },
            access(place.rights),
        );
    }
    for device in [
        b"/dev/null".as_slice(),
        b"/dev/zero",
        b"/dev/full",
        b"/dev/random",
        b"/dev/urandom",
    ] {
        rule(device, file::READ | file::WRITE);
    }
    if namespace {
        // In a tree of our own there is nothing to hide in its directories.
        rule(b"/", file::READ_DIR);
        for (name, _) in &world.files {
            rule(name, file::READ);
        }
        if world.tmp.is_some() {
            let sockets = file::MAKE_FIFO | file::MAKE_SOCK;
            rule(
                b"/tmp",
                file::READ | file::READ_DIR | file::CHANGE | sockets,
            );
        }
        if world.proc {
            rule(b"/proc", file::READ | file::READ_DIR);
        }
    }
    rules
}

/// FIFOs, sockets and devices cannot be made in a directory of the guest's: the guest could not
/// either, and whoever opens a FIFO there may wait forever.
fn access(rights: Rights) -> u64 {
    let read = file::READ | file::READ_DIR;
    match rights {
        Rights::Read => read,
        Rights::Execute => read | file::EXECUTE,
        Rights::Write => read | file::CHANGE,
        Rights::WriteExecute => read | file::CHANGE | file::EXECUTE,
        Rights::Device => file::READ | file::WRITE,
    }
}
