//! The host's ends of the pipes of a child.

mod read;
mod write;

pub(crate) use read::ReadEnd;
pub(crate) use write::{Closed, WriteEnd};

use nix::fcntl::{FcntlArg, fcntl};
use std::io;
use std::os::fd::{AsFd, OwnedFd};

/// Make a pipe: the end that reads and the end that writes, both closed on exec.
pub(crate) fn make(size: Option<u32>) -> io::Result<(OwnedFd, OwnedFd)> {
    let (reader, writer) = io::pipe()?;
    if let Some(size) = size {
        resize(&reader, size)?;
    }
    Ok((reader.into(), writer.into()))
}

/// Ask for a capacity. The system rounds up, and what it does not grant is no error: the size is
/// a wish (fcntl(2), `F_SETPIPE_SZ`).
#[cfg(target_os = "linux")]
fn resize(pipe: &impl AsFd, size: u32) -> io::Result<()> {
    let size = i32::try_from(size).unwrap_or(i32::MAX);
    match fcntl(pipe, FcntlArg::F_SETPIPE_SZ(size)) {
        Ok(_) | Err(nix::errno::Errno::EPERM) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn resize(_: &impl AsFd, _: u32) -> io::Result<()> {
    Ok(())
}
