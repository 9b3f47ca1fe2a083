//! The namespaces, and the tree of mounts that children see.
//!
//! The tree begins as an empty file system in memory. Each place of the host that belongs into it
//! is cloned from the host's tree, compared with what the host saw there, restricted, and only then
//! mounted; at last the host's tree is let go of. The order matters: a mount is never in the tree
//! with more rights than it is to have.

mod tree;

use crate::failure::{Failed, numbered};
use crate::sys::{abi, mount, process};
use crate::wire::{Failure, Network, Place, Rights, Step, Tier, World};
use std::ffi::{CStr, CString, OsStr};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use tree::Tree;

/// Where the host's tree is while ours is being built.
const HOST: &str = ".offspring-host";
const HOST_PATH: &CStr = c"/.offspring-host";

/// A file in the tree that only Landlock keeps from being read, to try whether it does.
pub const UNREADABLE: &str = "/.offspring-landlock";

/// Directories of which every system has one. It is covered by the new tree for a moment, in our
/// namespace only.
const STAGES: [&CStr; 4] = [c"/tmp", c"/run", c"/mnt", c"/usr"];

/// The devices that every child has.
const DEVICES: [&str; 5] = ["null", "zero", "full", "random", "urandom"];

/// Room for directories, links and small files; nothing is written there once the tree stands.
const ROOT_OPTIONS: &CStr = c"mode=0755,size=1m,nr_inodes=4k";

/// Leave the host's namespaces. What comes after this is done with all capabilities, but in a user
/// namespace where they reach nothing of the host's.
pub fn leave(world: &World) -> Result<(), Failure> {
    if world.tier == Tier::Landlock {
        return Ok(());
    }
    let (user, group) = process::own_user();
    // A privileged host can do it now, and an unprivileged one never.
    let _ = process::leave_groups();
    let mut flags = abi::CLONE_NEWUSER
        | abi::CLONE_NEWNS
        | abi::CLONE_NEWPID
        | abi::CLONE_NEWIPC
        | abi::CLONE_NEWUTS
        | abi::CLONE_NEWCGROUP;
    if world.network == Network::None {
        flags |= abi::CLONE_NEWNET;
    }
    process::leave_namespaces(flags).failed(Step::Unshare, "")?;
    let map = |file: &str, text: &str| {
        let path = format!("/proc/self/{file}");
        let written = OpenOptions::new()
            .write(true)
            .open(&path)
            .and_then(|mut file| io::Write::write_all(&mut file, text.as_bytes()));
        written.failed(Step::MapUser, &path)
    };
    // An unprivileged process may map its group only when it has given up changing groups
    // (user_namespaces(7)).
    map("setgroups", "deny")?;
    map("uid_map", &format!("{user} {user} 1"))?;
    map("gid_map", &format!("{group} {group} 1"))
}

/// Keep what is done here from the host.
pub fn begin(world: &World) -> Result<(), Failure> {
    if world.tier == Tier::Landlock {
        return std::env::set_current_dir("/").failed(Step::Prepare, "/");
    }
    process::set_host_name("offspring").failed(Step::MountTree, "the host name")?;
    mount::make_private().failed(Step::MountTree, "/")
}

/// Build the tree, where there is one, and go into it.
pub fn build(world: &World) -> Result<(), Failure> {
    if world.tier == Tier::Landlock {
        return Ok(());
    }
    swap_roots()?;
    let mut made = Tree::default();
    made.owns("/").failed(Step::MountTree, "/")?;

    let device = |name: &&str| device(name);
    let devices = DEVICES.iter().map(device).collect::<Vec<_>>();
    for place in devices.iter().flatten() {
        show(&made, place)?;
    }
    world
        .runtime
        .iter()
        .try_for_each(|place| show(&made, place))?;
    for (name, target) in &world.links {
        made.link(name, target).failed(Step::MountTree, name)?;
    }
    for (name, content) in &world.files {
        made.write(name, content).failed(Step::MountTree, name)?;
    }
    made.write(UNREADABLE.as_bytes(), b"")
        .failed(Step::MountTree, UNREADABLE)?;
    if let Some(size) = world.tmp {
        private_tmp(&mut made, size)?;
    }
    if world.proc {
        processes(&made)?;
    }
    // One may be mounted in another.
    let mut directories = world.directories.iter().collect::<Vec<_>>();
    directories.sort_by_key(|place| place.name.len());
    directories
        .into_iter()
        .try_for_each(|place| show(&made, place))?;

    mount::detach(HOST_PATH).failed(Step::Pivot, HOST)?;
    fs::remove_dir(Path::new("/").join(HOST)).failed(Step::Pivot, HOST)?;
    let rights = abi::MOUNT_ATTR_RDONLY
        | abi::MOUNT_ATTR_NOSUID
        | abi::MOUNT_ATTR_NODEV
        | abi::MOUNT_ATTR_NOEXEC;
    mount::restrict_mount(c"/", rights).failed(Step::MountTree, "/")
}

/// Make an empty tree the root, with the host's beneath [`HOST`].
fn swap_roots() -> Result<(), Failure> {
    let flags = abi::MS_NOSUID | abi::MS_NODEV | abi::MS_NOEXEC;
    let staged = STAGES
        .iter()
        .find(|stage| mount::mount_new(c"tmpfs", stage, flags, ROOT_OPTIONS).is_ok());
    let Some(stage) = staged else {
        // Once more, for its error.
        return mount::mount_new(c"tmpfs", STAGES[0], flags, ROOT_OPTIONS)
            .failed(Step::MountTree, STAGES[0].to_bytes());
    };
    let stage = Path::new(OsStr::from_bytes(stage.to_bytes()));
    std::env::set_current_dir(stage).failed(Step::MountTree, stage.as_os_str().as_bytes())?;
    fs::create_dir(HOST).failed(Step::MountTree, HOST)?;
    mount::pivot_root(&CString::new(HOST).unwrap_or_default()).failed(Step::Pivot, HOST)?;
    std::env::set_current_dir("/").failed(Step::Pivot, "/")
}

/// The device as a place, where the host has it.
fn device(name: &str) -> Option<Place> {
    let path = format!("/dev/{name}");
    let metadata = fs::metadata(format!("/{HOST}{path}")).ok()?;
    Some(Place {
        host: path.clone().into_bytes(),
        name: path.into_bytes(),
        seen: (metadata.dev(), metadata.ino()),
        directory: false,
        rights: Rights::Device,
    })
}

/// Show a place of the host in the tree.
fn show(made: &Tree, place: &Place) -> Result<(), Failure> {
    let failed = |error| crate::failure::of(Step::Mount, &place.name)(error);
    let source = [HOST_PATH.to_bytes(), &place.host].concat();
    let source = CString::new(source).map_err(|error| failed(error.into()))?;
    let tree = mount::clone_tree(&source).map_err(failed)?;
    let tree = File::from(tree);
    let metadata = tree.metadata().map_err(failed)?;
    if (metadata.dev(), metadata.ino()) != place.seen {
        return Err(numbered(Step::Mount, abi::ESTALE, &place.name));
    }
    mount::restrict_tree(tree.as_fd(), attributes(place.rights)).map_err(failed)?;
    let path = Path::new(OsStr::from_bytes(&place.name));
    let target = if place.directory {
        made.directory(path)
    } else {
        made.file(path)
    };
    let target = target.map_err(failed)?;
    mount::attach(tree.as_fd(), target.as_fd()).map_err(failed)
}

fn attributes(rights: Rights) -> u64 {
    let (read_only, no_exec) = (abi::MOUNT_ATTR_RDONLY, abi::MOUNT_ATTR_NOEXEC);
    let safe = abi::MOUNT_ATTR_NOSUID | abi::MOUNT_ATTR_NODEV;
    match rights {
        Rights::Read => safe | read_only | no_exec,
        Rights::Execute => safe | read_only,
        Rights::Write => safe | no_exec,
        Rights::WriteExecute => safe,
        // Writing to the device is no writing to its file system.
        Rights::Device => abi::MOUNT_ATTR_NOSUID | no_exec | read_only,
    }
}

/// Memory that children may write to. `/dev/shm` is the same, for shm_open(3).
fn private_tmp(made: &mut Tree, size: u64) -> Result<(), Failure> {
    let options = CString::new(format!("mode=1777,size={size}")).unwrap_or_default();
    let flags = abi::MS_NOSUID | abi::MS_NODEV | abi::MS_NOEXEC;
    fs::create_dir("/tmp")
        .and_then(|()| mount::mount_new(c"tmpfs", c"/tmp", flags, &options))
        .and_then(|()| made.link(b"/dev/shm", b"/tmp"))
        .and_then(|()| made.owns("/tmp"))
        .failed(Step::Mount, "/tmp")
}

/// The processes of our namespace, without what else `/proc` tells of the host, and nothing in it
/// to write to: `/proc/sys` obeys whoever is the host's root, even without capabilities.
fn processes(made: &Tree) -> Result<(), Failure> {
    let flags = abi::MS_RDONLY | abi::MS_NOSUID | abi::MS_NODEV | abi::MS_NOEXEC;
    fs::create_dir("/proc")
        .and_then(|()| mount::mount_new(c"proc", c"/proc", flags, c"subset=pid"))
        .failed(Step::Mount, "/proc")?;
    let links = [
        ("/dev/fd", "/proc/self/fd"),
        ("/dev/stdin", "/proc/self/fd/0"),
        ("/dev/stdout", "/proc/self/fd/1"),
        ("/dev/stderr", "/proc/self/fd/2"),
    ];
    links.iter().try_for_each(|(name, target)| {
        made.link(name.as_bytes(), target.as_bytes())
            .failed(Step::Mount, name)
    })
}
