//! What a warden is to build: the guest's directories, and what programs need beside them.

use super::wire::{self, Place, Rights, Tier, World};
use crate::launch::{Directories, Directory};
use crate::sandbox::SandboxFault;
use offspring_policy::{Confinement, Network, PinnedPlace, Profile, view};
use std::ffi::OsStr;
use std::fs::Metadata;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The world of a profile.
pub(super) fn of(profile: &Profile, directories: &Directories) -> Result<World, SandboxFault> {
    let tier = match profile.confinement {
        Confinement::Namespace => Tier::Namespace,
        Confinement::Landlock => Tier::Landlock,
        // A child that is not confined has no warden.
        Confinement::None => return Err(SandboxFault::Interrupted),
    };
    let mut world = World {
        tier,
        network: match &profile.network {
            Network::None => wire::Network::None,
            Network::Connect(ports) => wire::Network::Connect(ports.iter().copied().collect()),
            Network::Host => wire::Network::Host,
        },
        processes: profile.processes.map(|bound| wire::Processes {
            most: bound.most,
            required: bound.required,
        }),
        tmp: profile.tmp,
        proc: profile.proc,
        directories: (0..)
            .zip(directories)
            .map(|(index, directory)| guest(directory, profile.execute.contains(&index)))
            .collect(),
        runtime: Vec::new(),
        links: Vec::new(),
        files: users(),
    };
    world.add_runtime_directories()?;
    world.add_files(view::RUNTIME_FILES)?;
    if profile.network != Network::None {
        world.add_files(view::NETWORK_FILES)?;
    }
    for place in &profile.runtime {
        world.add_pinned(place);
    }
    // What lies in another is mounted after it.
    world.runtime.sort_by_key(|place| place.name.len());
    Ok(world)
}

fn guest(directory: &Directory, executable: bool) -> Place {
    let seen = directory.identity();
    Place {
        host: bytes(directory.host_path()),
        name: view::place_in_child(directory.guest_path()).into_bytes(),
        seen: (seen.device, seen.inode),
        directory: true,
        rights: match (directory.is_writable(), executable) {
            (false, false) => Rights::Read,
            (false, true) => Rights::Execute,
            (true, false) => Rights::Write,
            (true, true) => Rights::WriteExecute,
        },
    }
}

impl World {
    /// The system's directories of programs and libraries. Where one is a link to another, as
    /// `/bin` mostly is, it is one here too.
    fn add_runtime_directories(&mut self) -> io::Result<()> {
        for name in view::RUNTIME_DIRECTORIES {
            let path = Path::new(name);
            match path.symlink_metadata() {
                Ok(found) if found.is_symlink() => {
                    let target = std::fs::read_link(path)?;
                    self.links.push((bytes(path), bytes(&target)));
                }
                Ok(found) if found.is_dir() => {
                    self.add(path, path, &found, Rights::Execute);
                }
                // Not every system has them all.
                _ => {}
            }
        }
        Ok(())
    }

    /// Files and directories of configuration, where the system has them.
    fn add_files(&mut self, names: &[&str]) -> io::Result<()> {
        for name in names {
            let Ok(path) = std::fs::canonicalize(name) else {
                continue;
            };
            let found = std::fs::metadata(&path)?;
            self.add(&path, Path::new(name), &found, Rights::Read);
        }
        Ok(())
    }

    /// What the policy shows beside that, and what programs are not where programs mostly are.
    fn add_pinned(&mut self, pinned: &PinnedPlace) {
        let shown = |path: &Path| {
            let holds = |place: &Place| path.starts_with(OsStr::from_bytes(&place.name));
            self.runtime.iter().any(holds)
        };
        let (named, there) = (shown(&pinned.name), shown(&pinned.path));
        if pinned.name != pinned.path && !named {
            let link = (bytes(&pinned.name), bytes(&pinned.path));
            self.links.push(link);
        }
        if !there {
            self.runtime.push(Place {
                host: bytes(&pinned.path),
                name: bytes(&pinned.path),
                seen: (pinned.file.device, pinned.file.inode),
                directory: pinned.directory,
                rights: Rights::Execute,
            });
        }
    }

    fn add(&mut self, host: &Path, name: &Path, found: &Metadata, rights: Rights) {
        self.runtime.push(Place {
            host: bytes(host),
            name: bytes(name),
            seen: (found.dev(), found.ino()),
            directory: found.is_dir(),
            rights,
        });
    }
}

/// The one user that there is, and the one that stands for all others (user_namespaces(7)).
fn users() -> Vec<(Vec<u8>, Vec<u8>)> {
    let user = rustix::process::geteuid().as_raw();
    let group = rustix::process::getegid().as_raw();
    let passwd = format!(
        "guest:x:{user}:{group}:guest:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"
    );
    let groups = format!("guest:x:{group}:\nnogroup:x:65534:\n");
    vec![
        (b"/etc/passwd".to_vec(), passwd.into_bytes()),
        (b"/etc/group".to_vec(), groups.into_bytes()),
    ]
}

fn bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_bytes().to_vec()
}
