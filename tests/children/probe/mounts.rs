//! Mounts: laying something over a file, bringing one back, and learning what
//! is mounted. The canary is a directory inside.

use std::ffi::{CStr, CString};
use std::fs;
use std::path::Path;

use nix::errno::Errno;

use super::acts::{after, read, undone};
use super::attempt::{Attempt, apart};
use super::given::{Given, c};
use super::outcome::Outcome;
use super::sys::{Word, call, open};

/// Where nothing is.
const NOWHERE: &CStr = c"/made-by-probe";

/// Calls whose numbers are the same on all architectures.
const STATMOUNT: i64 = 457;
const LISTMOUNT: i64 = 458;

/// What is tried.
pub(crate) fn attempts() -> Vec<Attempt> {
    vec![
        apart("memory", |given| mount(given, c"tmpfs")),
        apart("processes", |given| mount(given, c"proc")),
        apart("kernel", |given| mount(given, c"sysfs")),
        apart("devices", |given| mount(given, c"devpts")),
        apart("groups", |given| mount(given, c"cgroup2")),
        apart("bind-root", |given| {
            bound(given, c("/"), |_| Outcome::Allowed)
        }),
        apart("bind-outside", |given| {
            bound(given, c(given.outside.as_ref()?), |here| {
                read(&here.join("file"))
            })
        }),
        apart("write-to-readonly", |given| {
            // Without a confinement this is no mount point, and nothing changes.
            let flags = libc::MS_REMOUNT | libc::MS_BIND;
            let path = c(given.readonly.as_ref()?);
            let changed = call!(libc::SYS_mount, 0, &path, 0, flags, 0);
            Some(Outcome::past(changed, &[Errno::EINVAL]))
        }),
        apart("make-private", |given| {
            canary(given, |here| {
                let changed = call!(libc::SYS_mount, 0, &c(here), 0, libc::MS_PRIVATE, 0);
                Outcome::past(changed, &[Errno::EINVAL])
            })
        }),
        apart("unmount", |given| {
            canary(given, |here| {
                let unmounted = call!(libc::SYS_umount2, &c(here), libc::MNT_DETACH);
                Outcome::past(unmounted, &[Errno::EINVAL])
            })
        }),
        apart("open-tree", |_| {
            Some(open!(libc::SYS_open_tree, libc::AT_FDCWD, c".", libc::O_CLOEXEC).into())
        }),
        apart("copy-tree", |_| {
            let copy = libc::O_CLOEXEC | 1;
            Some(open!(libc::SYS_open_tree, libc::AT_FDCWD, c".", copy).into())
        }),
        apart("new-file-system", |_| {
            Some(open!(libc::SYS_fsopen, c"tmpfs", 1).into())
        }),
        apart("pick-file-system", |_| {
            let picked = open!(libc::SYS_fspick, libc::AT_FDCWD, NOWHERE, 1);
            Some(Outcome::past(picked, &[Errno::ENOENT]))
        }),
        apart("configure-file-system", |_| {
            let configured = call!(libc::SYS_fsconfig, -1, 6, 0, 0, 0);
            Some(Outcome::past(configured, &[Errno::EBADF, Errno::EINVAL]))
        }),
        apart("mount-file-system", |_| {
            let mounted = call!(libc::SYS_fsmount, -1, 0, 0);
            Some(Outcome::past(mounted, &[Errno::EBADF]))
        }),
        apart("move", |_| {
            let here = libc::AT_FDCWD;
            let moved = call!(libc::SYS_move_mount, here, NOWHERE, here, NOWHERE, 0);
            Some(Outcome::past(moved, &[Errno::ENOENT]))
        }),
        apart("set-attributes", |_| {
            let readonly = [1_u64, 0, 0, 0];
            let (here, to) = (libc::AT_FDCWD, Word::at(&readonly));
            let set = call!(libc::SYS_mount_setattr, here, NOWHERE, 0, to, 32);
            Some(Outcome::past(set, &[Errno::ENOENT]))
        }),
        apart("list", |_| Some(listed().into())),
        apart("describe", |_| {
            let own = listed().and_then(|all| all.first().copied().ok_or(Errno::ENOENT));
            Some(own.and_then(described).into())
        }),
        apart("descriptions-tell-of-host", tell),
        apart("freeze", |given| {
            canary(given, |here| {
                let directory = super::acts::opened(here, libc::O_DIRECTORY);
                after(directory, |it| {
                    // Thawing what is not frozen is an error after the right is settled.
                    let thawed = call!(libc::SYS_ioctl, &it, 0xc004_5878_u32, 0);
                    Outcome::past(thawed, &[Errno::EINVAL, Errno::EOPNOTSUPP])
                })
            })
        }),
    ]
}

/// Acts on a directory inside, and takes it away.
fn canary(given: &Given, act: impl FnOnce(&Path) -> Outcome) -> Option<Outcome> {
    let here = given.inside("made-by-probe")?;
    let outcome = after(fs::create_dir(&here), |()| act(&here));
    Some(match fs::remove_dir(&here) {
        Err(error) if !matches!(outcome, Outcome::Refused(_) | Outcome::Absent) => {
            Outcome::value(format!("{outcome}, and stayed: {}", error.kind()))
        }
        _ => outcome,
    })
}

/// Mounts a file system of a kind on the canary.
fn mount(given: &Given, kind: &CStr) -> Option<Outcome> {
    canary(given, |here| {
        let here = c(here);
        let mounted = call!(libc::SYS_mount, kind, &here, kind, 0, 0);
        undone(mounted, || Ok(unmount(&here)?))
    })
}

/// Mounts a directory on the canary, and acts there.
fn bound(given: &Given, from: CString, act: impl FnOnce(&Path) -> Outcome) -> Option<Outcome> {
    canary(given, |path| {
        let here = c(path);
        let mounted = call!(libc::SYS_mount, &from, &here, 0, libc::MS_BIND, 0);
        after(mounted, |_| {
            let outcome = act(path);
            let undone = undone(unmount(&here), || Ok(()));
            if matches!(undone, Outcome::Allowed) {
                outcome
            } else {
                undone
            }
        })
    })
}

fn unmount(here: &CString) -> Result<(), Errno> {
    call!(libc::SYS_umount2, here, libc::MNT_DETACH).map(drop)
}

/// The mounts of this namespace.
fn listed() -> Result<Vec<u64>, Errno> {
    let request = [24_u64, u64::MAX, 0];
    let mut mounts = vec![0_u64; 4096];
    let (to, room) = (Word::to(&mut mounts[..]), 4096);
    let found = call!(LISTMOUNT, Word::at(&request), to, room, 0)?;
    mounts.truncate(found as usize);
    Ok(mounts)
}

/// What the kernel says of a mount: its root, its place and its source.
fn described(mount: u64) -> Result<Vec<u8>, Errno> {
    let request = [24_u64, mount, 0x8 | 0x10 | 0x20 | 0x200];
    let mut text = vec![0_u8; 16384];
    let (to, room) = (Word::to(&mut text[..]), 16384);
    call!(STATMOUNT, Word::at(&request), to, room, 0)?;
    Ok(text)
}

/// Whether the descriptions give away where the host keeps what it mounted.
fn tell(given: &Given) -> Option<Outcome> {
    let telltale = given.telltale()?;
    let told = |text: Vec<u8>| text.windows(telltale.len()).any(|part| part == telltale);
    let found = listed().and_then(|mounts| {
        let texts: Result<Vec<_>, _> = mounts.into_iter().map(described).collect();
        Ok(texts?.into_iter().any(told))
    });
    Some(after(found, |tells| {
        Outcome::which(tells, "name the host's directory", "do not")
    }))
}
