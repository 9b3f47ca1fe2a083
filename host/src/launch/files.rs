//! Opening a guest's directories and files, beneath its preopened directories.
//!
//! Every path is resolved by openat2(2) with `RESOLVE_BENEATH` and `RESOLVE_NO_MAGICLINKS`, so
//! that no link and no race leads outside of the directory.

use super::directories::{Directories, Directory, Links, identity};
use crate::error::{ErrorCode, IoError, Part};
use nix::errno::Errno;
use offspring_policy::{FileIdentity, FileMode, FilePlan, GuestPath};
use rustix::fs::OFlags;
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::os::fd::AsRawFd;

impl Directories {
    /// Open the working directory of a plan, following no symbolic link. What is opened is a
    /// place (`O_PATH`) and cannot be read.
    ///
    /// # Authority
    ///
    /// Whoever has the descriptor can climb from it to whatever this process can reach. It is for
    /// children that are not confined.
    ///
    /// # Errors
    ///
    /// What the system said, as an error of [`Part::WorkingDirectory`].
    pub fn open_cwd(&self, at: &GuestPath) -> Result<File, ErrorCode> {
        let part = Part::WorkingDirectory;
        // No links at all: the policy has judged relative arguments by the words of this path.
        self.named(at, part)?
            .open_beneath(&at.path, OFlags::PATH | OFlags::DIRECTORY, Links::Refuse)
            .map_err(|error| ErrorCode::of_part(&error, part))
    }

    /// Open a file of a plan, which is to be the stream `part`. It may be created, or cut to
    /// nothing, as the plan says; it is at the plan's offset, and blocks.
    ///
    /// # Authority
    ///
    /// The descriptor is the host's own: whatever can be done to a file that is open can be done
    /// through it, fchmod(2) on one opened for reading included. It is for children that are not
    /// confined.
    ///
    /// # Errors
    ///
    /// What the system said, as an error of `part`; [`ErrorCode::InvalidArgument`] for what is no
    /// plain file, and [`ErrorCode::NotFound`] where the file is not the one that the guest had
    /// open.
    pub fn open_file(&self, plan: &FilePlan, part: Part) -> Result<File, ErrorCode> {
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
        // Without O_NONBLOCK, opening a FIFO would block the host until somebody opens its other
        // end.
        let mut file = self
            .named(&plan.at, part)?
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
        if plan.seen.is_some_and(|seen| seen != identity(&metadata)) {
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
    pub(crate) fn trace(&self, file: &File) -> Option<(GuestPath, FileIdentity)> {
        let name = std::fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()?;
        let metadata = file.metadata().ok()?;
        let (preopen, beneath) = self
            .iter()
            .enumerate()
            .filter_map(|(index, directory)| {
                Some((index, name.strip_prefix(directory.host_path()).ok()?))
            })
            .min_by_key(|(_, beneath)| beneath.as_os_str().len())?;
        let at = GuestPath {
            preopen,
            path: beneath.to_str()?.to_owned(),
        };
        Some((at, identity(&metadata)))
    }

    fn named(&self, at: &GuestPath, part: Part) -> Result<&Directory, ErrorCode> {
        self.get(at.preopen).ok_or(ErrorCode::InvalidArgument(part))
    }
}
