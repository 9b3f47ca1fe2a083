//! The directory that the child is not given: what can be done there, and by
//! what ways it can be reached.

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use nix::errno::Errno;

use super::acts::{ACTS, Place, after, directory, opened, read, undone};
use super::attempt::{Attempt, apart, here};
use super::descriptors;
use super::given::{Given, c};
use super::outcome::Outcome;
use super::sys::{call, open};

/// How many numbers a descriptor can reasonably have.
const DESCRIPTORS: i32 = 1024;

/// What is tried.
pub(crate) fn attempts() -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = ACTS
        .iter()
        .map(|(name, act)| apart(*name, |given| Some(act(&Place(given.outside.clone()?)))))
        .collect();
    attempts.extend(descriptors::ACTS.iter().map(|(name, act)| {
        apart(format!("opened-{name}"), |given| {
            let file = descriptors::reading(&given.outside("file")?);
            Some(after(file, |file| act(&file)))
        })
    }));
    attempts.extend([
        apart("read-secret", |given| Some(read(&given.outside("secret")?))),
        apart("climb-from-here", |given| {
            Some(read(&given.upwards("file")?))
        }),
        apart("climb-from-inside", |given| {
            climb(given, directory(given.inside.as_ref()?))
        }),
        apart("climb-from-readonly", |given| {
            climb(given, directory(given.readonly.as_ref()?))
        }),
        apart("climb-from-input", |given| climb_from(given, 0)),
        apart("climb-from-output", |given| climb_from(given, 1)),
        apart("climb-from-errors", |given| climb_from(given, 2)),
        here("climb-from-others", climb_from_others),
        apart("climb-after-rename", climb_after_rename),
        apart("climb-after-chroot", climb_after_chroot),
        apart("through-own-link", |given| {
            let target = given.outside("file")?;
            through(given, &target, read)
        }),
        apart("through-own-link-upwards", |given| {
            let target = given.upwards("file")?;
            through(given, &target, read)
        }),
        apart("create-through-own-link", |given| {
            let target = given.outside.clone()?;
            through(given, &target, |link| {
                let new = link.join("made-by-probe");
                undone(fs::write(&new, ""), || fs::remove_file(&new))
            })
        }),
        apart("link-to-inside", |given| {
            let new = given.inside("made-by-probe")?;
            let linked = fs::hard_link(given.outside("file")?, &new);
            Some(undone(linked, || fs::remove_file(&new)))
        }),
        apart("rename-to-inside", |given| {
            let (old, new) = (given.outside("file")?, given.inside("made-by-probe")?);
            Some(undone(fs::rename(&old, &new), || fs::rename(&new, &old)))
        }),
        apart("rename-from-inside", |given| {
            let old = given.inside("made-by-probe")?;
            let new = given.outside("made-by-probe")?;
            let renamed = fs::write(&old, "").and_then(|()| fs::rename(&old, &new));
            if renamed.is_err() {
                let _ = fs::remove_file(&old);
            }
            Some(undone(renamed, || fs::remove_file(&new)))
        }),
        apart("link-input-to-inside", |given| {
            let name = given.inside("made-by-probe")?;
            Some(descriptors::link(&descriptors::standard(0)?, &name))
        }),
        apart("through-own-root", |given| through_proc(given, "self/root")),
        apart("through-own-directory", |given| {
            through_proc(given, "self/cwd")
        }),
        apart("through-first-root", |given| through_proc(given, "1/root")),
        apart("through-host-root", |given| {
            through_proc(given, &format!("{}/root", given.host?))
        }),
        apart("through-host-directory", |given| {
            through_proc(given, &format!("{}/cwd", given.host?))
        }),
    ]);
    attempts
}

/// Reads the file outside by climbing from a directory.
fn climb(given: &Given, from: Result<OwnedFd, Errno>) -> Option<Outcome> {
    let path = c(given.upwards("file")?);
    Some(after(from, |from| {
        open!(libc::SYS_openat, &from, &path, libc::O_CLOEXEC).into()
    }))
}

fn climb_from(given: &Given, number: i32) -> Option<Outcome> {
    climb(
        given,
        open!(libc::SYS_fcntl, number, libc::F_DUPFD_CLOEXEC, 3),
    )
}

/// Climbs from every descriptor that somebody forgot to close.
fn climb_from_others(given: &Given) -> Option<Outcome> {
    let path = c(given.upwards("file")?);
    let mut open_ones = 0;
    for number in 3..DESCRIPTORS {
        match open!(libc::SYS_openat, number, &path, libc::O_CLOEXEC) {
            Ok(_) => return Some(Outcome::Allowed),
            Err(Errno::EBADF) => {}
            Err(_) => open_ones += 1,
        }
    }
    Some(Outcome::which(
        open_ones == 0,
        "none open",
        "none leads there",
    ))
}

/// Climbs from a directory that was moved up while it was the working directory.
fn climb_after_rename(given: &Given) -> Option<Outcome> {
    let (upper, moved) = (given.inside("upper")?, given.inside("moved")?);
    let path = given.upwards("file")?;
    let lower = upper.join("lower");
    let entered = fs::create_dir_all(&lower)
        .and_then(|()| std::env::set_current_dir(&lower))
        .and_then(|()| fs::rename(&lower, &moved));
    let outcome = after(entered, |()| read(&path));
    let _ = [&lower, &upper, &moved].map(fs::remove_dir);
    Some(outcome)
}

/// Moves the root below the working directory, and then climbs past it.
fn climb_after_chroot(given: &Given) -> Option<Outcome> {
    let (root, path) = (given.inside.clone()?, given.upwards("file")?);
    let below = root.join("below");
    let moved = std::env::set_current_dir(&root)
        .and_then(|()| fs::create_dir(&below))
        .and_then(|()| Ok(call!(libc::SYS_chroot, c"below")?));
    let outcome = after(moved, |_| read(&path));
    let _ = fs::remove_dir("below");
    Some(outcome)
}

/// Makes a symbolic link inside, and follows it.
fn through(given: &Given, target: &Path, follow: impl Fn(&Path) -> Outcome) -> Option<Outcome> {
    let link = given.inside("made-by-probe")?;
    let outcome = after(symlink(target, &link), |()| follow(&link));
    let _ = fs::remove_file(&link);
    Some(outcome)
}

fn through_proc(given: &Given, link: &str) -> Option<Outcome> {
    let mut path = PathBuf::from("/proc").join(link);
    path.push(given.upwards("file")?);
    Some(opened(&path, libc::O_RDONLY).into())
}
