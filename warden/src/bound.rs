//! The bound on how many processes and threads there may be in the world.
//!
//! `RLIMIT_NPROC` counts those of a user in a user namespace and in those beneath it, so that in
//! ours it counts all that there are; but nobody counts those of the host's root. The numbers of
//! processes can be bounded as well, for everybody, but not exactly: numbers below 300 are given
//! once, and from there on over and over, so that there may be 300 more. Without namespaces there is
//! neither.

use crate::failure::{Failed, plain};
use crate::sys::{abi, mount, process};
use crate::wire::{Failure, Processes, Step, Tier, World};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};

/// We, and our watch.
const OURS: u64 = 2;

/// How many numbers are given only once (`RESERVED_PIDS` in the kernel).
const GIVEN_ONCE: u64 = 300;

/// There are no greater numbers (`PID_MAX_LIMIT`).
const GREATEST: u64 = 1 << 22;

/// The first kernel that has a greatest number for each namespace. In an older one the file is the
/// whole machine's.
const OWN_NUMBERS: (u32, u32) = (6, 14);

/// Whether there can be a bound, before anything is built.
pub fn check(world: &World) -> Result<(), Failure> {
    match world.processes {
        Some(bound) if bound.required && world.tier == Tier::Landlock => Err(missing()),
        _ => Ok(()),
    }
}

/// Bound the numbers of processes in our namespace, and say whether they are. This takes
/// capabilities, and the host's tree.
pub fn put_on_numbers(world: &World) -> bool {
    match world.processes {
        Some(bound) if world.tier == Tier::Namespace => bound_numbers(bound).unwrap_or(false),
        _ => false,
    }
}

/// Bound what we may start, and what that may; and where nothing else bounds it and there has to be a
/// bound, try whether it is bounded. There must be no child so far.
pub fn put_on_user(world: &World, numbers: bool) -> Result<(), Failure> {
    let Some(bound) = world.processes else {
        return Ok(());
    };
    if world.tier == Tier::Landlock {
        return Ok(());
    }
    bound_user(bound).failed(Step::Bound, "")?;
    if numbers || !bound.required || is_counted().failed(Step::Bound, "")? {
        Ok(())
    } else {
        Err(missing())
    }
}

fn missing() -> Failure {
    plain(Step::Bound)
}

fn bound_numbers(bound: Processes) -> io::Result<bool> {
    let safe = abi::MOUNT_ATTR_NOSUID | abi::MOUNT_ATTR_NODEV | abi::MOUNT_ATTR_NOEXEC;
    let made = mount::mount_detached(c"proc", None, safe)?;
    let read = |path| {
        let mut text = String::new();
        File::from(mount::open_in(made.as_fd(), path, 0)?).read_to_string(&mut text)?;
        io::Result::Ok(text)
    };
    if version(&read(c"sys/kernel/osrelease")?).is_none_or(|version| version < OWN_NUMBERS) {
        return Ok(false);
    }
    let path = c"sys/kernel/pid_max";
    let greatest = bound.most.saturating_add(GIVEN_ONCE);
    let greatest = greatest.clamp(GIVEN_ONCE + 1, GREATEST).to_string();
    write(made.as_fd(), path, &greatest)?;
    Ok(read(path)?.trim_end() == greatest)
}

fn write(made: BorrowedFd<'_>, path: &std::ffi::CStr, text: &str) -> io::Result<()> {
    File::from(mount::open_in(made, path, abi::O_WRONLY)?).write_all(text.as_bytes())
}

/// The first two numbers of a kernel's version.
fn version(release: &str) -> Option<(u32, u32)> {
    let mut numbers = release.split(|letter: char| !letter.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

fn bound_user(bound: Processes) -> io::Result<()> {
    let mut limit = process::limit(abi::RLIMIT_NPROC)?;
    limit.hard = limit.hard.min(bound.most.saturating_add(OURS));
    limit.soft = limit.hard;
    process::set_limit(abi::RLIMIT_NPROC, limit)
}

/// Whether anybody counts what we start.
fn is_counted() -> io::Result<bool> {
    let mut limit = process::limit(abi::RLIMIT_NPROC)?;
    // With us alone it would be reached.
    limit.soft = limit.hard.min(1);
    process::set_limit(abi::RLIMIT_NPROC, limit)?;
    let tried = process::try_fork();
    limit.soft = limit.hard;
    process::set_limit(abi::RLIMIT_NPROC, limit)?;
    match tried {
        Ok(_) => Ok(false),
        Err(error) if error.raw_os_error() == Some(abi::EAGAIN) => Ok(true),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_compared_by_their_first_two_numbers() {
        assert_eq!(version("6.18.44-generic\n"), Some((6, 18)));
        assert_eq!(version("6.9\n"), Some((6, 9)));
        assert_eq!(version("7.0-rc1"), Some((7, 0)));
        assert_eq!(version("six"), None);
        assert_eq!(version(""), None);
    }
}
