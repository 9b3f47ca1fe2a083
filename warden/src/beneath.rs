//! Opening what the host names in words, in the world, and comparing it with what the host saw.

mod walk;

use crate::failure::{Failed, numbered};
use crate::sys::{abi, mount, process};
use crate::wire::{Failure, Pinned, Step, Stream, Tier, World};
use std::ffi::{CString, OsStr};
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use walk::Links;

/// The guest's directories, in their order.
pub fn open_directories(world: &World) -> Result<Vec<OwnedFd>, Failure> {
    let open = |place: &crate::wire::Place| {
        let name = match world.tier {
            Tier::Namespace => &place.name,
            Tier::Landlock => &place.host,
        };
        let opened = text(name).and_then(|path| {
            let flags = abi::O_PATH | abi::O_DIRECTORY;
            mount::open(&path, flags, abi::RESOLVE_NO_SYMLINKS)
        });
        let opened = File::from(opened.failed(Step::Mount, name)?);
        let metadata = opened.metadata().failed(Step::Mount, name)?;
        if (metadata.dev(), metadata.ino()) == place.seen {
            Ok(opened.into())
        } else {
            Err(numbered(Step::Mount, abi::ESTALE, name))
        }
    };
    world.directories.iter().map(open).collect()
}

/// A working directory. The policy has judged relative arguments by the words of its path, so no
/// link is followed.
pub fn open_cwd(directories: &[OwnedFd], at: &(u32, Vec<u8>)) -> Result<OwnedFd, Failure> {
    let (directory, path) = at;
    let flags = abi::O_PATH | abi::O_DIRECTORY;
    beneath(directories, *directory, path, flags, Links::Refuse).failed(Step::Cwd, path)
}

fn beneath(
    directories: &[OwnedFd],
    directory: u32,
    path: &[u8],
    flags: i32,
    links: Links,
) -> io::Result<OwnedFd> {
    let directory = directories
        .get(directory as usize)
        .ok_or_else(|| io::Error::from_raw_os_error(abi::EINVAL))?;
    walk::open(directory.as_fd(), path, flags, links)
}

/// A file of the guest as a stream. It must be a plain file, and the one that the host saw.
pub fn open_stream(
    directories: &[OwnedFd],
    stream: &Stream,
    step: Step,
) -> Result<OwnedFd, Failure> {
    let Stream::File {
        directory,
        path,
        flags,
        offset,
        seen,
    } = stream
    else {
        return Err(numbered(step, abi::EINVAL, ""));
    };
    // Without O_NONBLOCK, opening a FIFO would wait for somebody to open its other end; and a
    // terminal must not become ours.
    let quiet = flags | abi::O_NONBLOCK | abi::O_NOCTTY;
    let opened = match beneath(directories, *directory, path, quiet, Links::Follow) {
        Ok(opened) => opened,
        // A FIFO that nobody reads, a socket or a device: no plain file.
        Err(error) if error.raw_os_error() == Some(abi::ENXIO) => {
            return Err(numbered(step, abi::EINVAL, path));
        }
        Err(error) => return Err(error).failed(step, path),
    };
    let mut file = File::from(opened);
    let metadata = file.metadata().failed(step, path)?;
    if metadata.is_dir() {
        return Err(numbered(step, abi::EISDIR, path));
    }
    if !metadata.is_file() {
        return Err(numbered(step, abi::EINVAL, path));
    }
    if seen.is_some_and(|seen| seen != (metadata.dev(), metadata.ino())) {
        return Err(numbered(step, abi::ENOENT, path));
    }
    process::set_file_flags(file.as_fd(), flags & abi::O_APPEND).failed(step, path)?;
    if *offset > 0 && flags & abi::O_APPEND == 0 {
        file.seek(SeekFrom::Start(*offset)).failed(step, path)?;
    }
    Ok(file.into())
}

/// A program's file, if it is still what the policy pinned.
pub fn open_program(pinned: &Pinned) -> Result<OwnedFd, Failure> {
    let path = &pinned.path;
    // Whatever the way leads to is compared with what was pinned.
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(abi::O_PATH | abi::O_NOFOLLOW)
        .open(OsStr::from_bytes(path));
    let file = opened.failed(Step::Program, path)?;
    let found = file.metadata().failed(Step::Program, path)?;
    let time = |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
    let same = (found.dev(), found.ino()) == pinned.file
        && found.size() == pinned.size
        && time(found.mtime(), found.mtime_nsec()) == pinned.modified
        && time(found.ctime(), found.ctime_nsec()) == pinned.changed;
    if same {
        Ok(file.into())
    } else {
        Err(numbered(Step::Program, abi::ESTALE, path))
    }
}

/// Open something of the tree for a rule.
pub fn open_place(path: &[u8]) -> io::Result<OwnedFd> {
    mount::open(&text(path)?, abi::O_PATH, abi::RESOLVE_NO_MAGICLINKS)
}

/// The null device, for reading and writing.
pub fn open_null() -> io::Result<OwnedFd> {
    let null = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/null")?;
    Ok(null.into())
}

/// Whether a directory was opened.
pub fn is_directory(fd: BorrowedFd<'_>) -> io::Result<bool> {
    Ok(File::from(fd.try_clone_to_owned()?).metadata()?.is_dir())
}

fn text(path: &[u8]) -> io::Result<CString> {
    CString::new(path).map_err(Into::into)
}
