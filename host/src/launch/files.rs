//! Opening the guest's own directories and files, beneath its preopened directories.
//!
//! Every path is resolved by openat2(2) with `RESOLVE_BENEATH` and `RESOLVE_NO_MAGICLINKS`, so
//! that no link and no race leads outside of the directory.

use crate::error::{ErrorCode, IoError, Part};
use nix::errno::Errno;
use offspring_policy::{FileIdentity, FileMode, FilePlan, GuestPath};
use rustix::fs::{Mode, OFlags};
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A directory of the guest's, held open so that it cannot be swapped for another.
#[derive(Debug)]
pub(crate) struct Directory {
    handle: OwnedFd,
    /// Where it was on the host when it was opened, with every link resolved.
    path: PathBuf,
}

impl Directory {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let path = std::fs::canonicalize(path)?;
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self {
            handle: rustix::fs::open(&path, flags, Mode::empty())?,
            path,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    #[cfg(target_os = "linux")]
    fn open_beneath(&self, path: &str, flags: OFlags, links: Links) -> io::Result<File> {
        use rustix::fs::ResolveFlags;
        let mut resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
        if links == Links::Refuse {
            resolve |= ResolveFlags::NO_SYMLINKS;
        }
        let mode = if flags.contains(OFlags::CREATE) {
            Mode::from_raw_mode(0o666)
        } else {
            Mode::empty()
        };
        let opened =
            rustix::fs::openat2(&self.handle, path, flags | OFlags::CLOEXEC, mode, resolve)?;
        Ok(opened.into())
    }

    /// Other systems have no openat2, and a walk of our own would be a race.
    #[cfg(not(target_os = "linux"))]
    fn open_beneath(&self, _: &str, _: OFlags, _: Links) -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// What becomes of symbolic links on the way, which lead outside in no case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    Follow,
    Refuse,
}

/// Open the working directory of a plan.
pub(crate) fn open_cwd(directories: &[Directory], at: &GuestPath) -> Result<File, ErrorCode> {
    let part = Part::WorkingDirectory;
    let directory = directories
        .get(at.preopen)
        .ok_or(ErrorCode::InvalidArgument(part))?;
    // No links at all: the policy has judged relative arguments by the words of this path.
    directory
        .open_beneath(&at.path, OFlags::PATH | OFlags::DIRECTORY, Links::Refuse)
        .map_err(|error| ErrorCode::of_part(&error, part))
}

/// Open a file of a plan, which is to be the stream `part`.
pub(crate) fn open_file(
    directories: &[Directory],
    plan: &FilePlan,
    part: Part,
) -> Result<File, ErrorCode> {
    let directory = directories
        .get(plan.at.preopen)
        .ok_or(ErrorCode::InvalidArgument(part))?;
    let mut flags = match plan.mode {
        FileMode::Read => OFlags::RDONLY,
        FileMode::Write => OFlags::WRONLY,
        FileMode::Truncate => OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC,
        FileMode::Append => OFlags::WRONLY | OFlags::CREATE | OFlags::APPEND,
        FileMode::CreateNew => OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL,
        FileMode::ReadWrite => OFlags::RDWR,
    };
    if plan.seen.is_some() {
        flags.remove(OFlags::CREATE);
    }
    let of_part = |error: io::Error| ErrorCode::of_part(&error, part);
    // A terminal that is opened must not become the host's.
    let quiet = flags | OFlags::NONBLOCK | OFlags::NOCTTY;
    // Without O_NONBLOCK, opening a FIFO would block the host until somebody opens its other end.
    let mut file = directory
        .open_beneath(&plan.at.path, quiet, Links::Follow)
        .map_err(|error| match error.raw_os_error().map(Errno::from_raw) {
            // A FIFO that nobody reads, a socket or a device: no plain file.
            Some(Errno::ENXIO) => ErrorCode::InvalidArgument(part),
            _ => of_part(error),
        })?;
    let metadata = file.metadata().map_err(of_part)?;
    if metadata.is_dir() {
        return Err(ErrorCode::Io(IoError::IsDirectory));
    }
    if !metadata.is_file() {
        return Err(ErrorCode::InvalidArgument(part));
    }
    let found = FileIdentity {
        device: metadata.dev(),
        inode: metadata.ino(),
    };
    if plan.seen.is_some_and(|seen| seen != found) {
        return Err(ErrorCode::NotFound(part));
    }
    rustix::fs::fcntl_setfl(&file, flags & OFlags::APPEND)
        .map_err(|error| of_part(error.into()))?;
    if plan.offset > 0 && plan.mode != FileMode::Append {
        file.seek(SeekFrom::Start(plan.offset)).map_err(of_part)?;
    }
    Ok(file)
}

/// Find the place of an open file in the guest's world, as words, together with what it is.
///
/// `None` where the kernel has no name for it beneath any of the directories, as when it was
/// deleted.
pub(crate) fn trace(directories: &[Directory], file: &File) -> Option<(GuestPath, FileIdentity)> {
    let name = std::fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()?;
    let metadata = file.metadata().ok()?;
    let (preopen, beneath) = directories
        .iter()
        .enumerate()
        .filter_map(|(index, directory)| Some((index, name.strip_prefix(directory.path()).ok()?)))
        .min_by_key(|(_, beneath)| beneath.as_os_str().len())?;
    let at = GuestPath {
        preopen,
        path: beneath.to_str()?.to_owned(),
    };
    Some((
        at,
        FileIdentity {
            device: metadata.dev(),
            inode: metadata.ino(),
        },
    ))
}
