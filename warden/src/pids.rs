//! The processes that there are.
//!
//! No call tells of a process's children by number, and this kernel need not have the file that
//! does. So a `/proc` is listed, which is opened before Landlock is put up: what is open may be read
//! behind it. Where none can be mounted, because the host's is hidden in part, as in many
//! containers, every number is gone through that a process of our namespace can have.

mod numbers;

use crate::failure::{Failed, numbered};
use crate::sys::{abi, mount, process};
use crate::wire::{Failure, Step, Tier};
use numbers::Numbers;
use std::ffi::c_int;
use std::fs::File;
use std::io::{self, Seek};
use std::os::fd::{AsFd, OwnedFd};

/// What tells which processes there are.
pub enum Pids {
    /// A directory that has an entry for each of them. Children never get it.
    Listed(Listed),
    /// All numbers up to the newest.
    Counted(Numbers),
}

/// A directory that is read in parts.
pub struct Listed {
    directory: File,
    page: Vec<u8>,
}

/// Some thirty processes are listed at once: one that hops from number to number has to be killed
/// soon after it was seen.
const PAGE_BYTES: usize = 1 << 10;

impl Pids {
    /// Open it. With namespaces this is our own namespace's, which is mounted nowhere, so that it is
    /// seen by nobody else; it takes capabilities, and the host's tree where that is still there.
    pub fn open(tier: Tier) -> Result<Self, Failure> {
        let directory = match tier {
            Tier::Namespace => match own() {
                // See mount_too_revealing() in the kernel.
                Err(error) if error.raw_os_error() == Some(abi::EPERM) => {
                    return Ok(Self::Counted(Numbers::new()));
                }
                opened => opened.failed(Step::Mount, "/proc")?,
            },
            Tier::Landlock => hosts().failed(Step::Prepare, "/proc")?,
        };
        Ok(Self::Listed(Listed {
            directory: directory.into(),
            page: vec![0; PAGE_BYTES],
        }))
    }

    /// Begin at the first process again.
    pub fn rewind(&mut self) -> io::Result<()> {
        match self {
            Self::Listed(listed) => listed.directory.rewind(),
            Self::Counted(numbers) => {
                numbers.rewind();
                Ok(())
            }
        }
    }

    /// Further processes, or none at the end. Some numbers may be nobody's.
    pub fn next(&mut self) -> io::Result<Vec<c_int>> {
        match self {
            Self::Listed(listed) => listed.next(),
            Self::Counted(numbers) => Ok(numbers.next()),
        }
    }

    /// Whether they are all there, ours and the first one: who mounts a `/proc` may have it hide
    /// those of others (`hidepid`), and those of ours that do not want to be looked into.
    pub fn prove(&mut self) -> Result<(), Failure> {
        // All numbers are all of them; and our second thread has to have the second one.
        if matches!(self, Self::Counted(_)) {
            return Ok(());
        }
        let (mut first, mut own) = (false, false);
        self.rewind().failed(Step::Proof, "/proc")?;
        loop {
            let page = self.next().failed(Step::Proof, "/proc")?;
            if page.is_empty() {
                break;
            }
            first |= page.contains(&1);
            own |= page.contains(&process::own_id());
        }
        if first && own {
            Ok(())
        } else {
            Err(numbered(Step::Proof, 0, "/proc"))
        }
    }
}

impl Listed {
    fn next(&mut self) -> io::Result<Vec<c_int>> {
        loop {
            let length = mount::read_directory(self.directory.as_fd(), &mut self.page)?;
            let found = processes(&self.page[..length]);
            if length == 0 || !found.is_empty() {
                return Ok(found);
            }
        }
    }
}

fn own() -> io::Result<OwnedFd> {
    let rights = abi::MOUNT_ATTR_RDONLY
        | abi::MOUNT_ATTR_NOSUID
        | abi::MOUNT_ATTR_NODEV
        | abi::MOUNT_ATTR_NOEXEC;
    let made = mount::mount_detached(c"proc", Some((c"subset", c"pid")), rights)?;
    mount::open_in(made.as_fd(), c".", abi::O_DIRECTORY)
}

fn hosts() -> io::Result<OwnedFd> {
    let opened = mount::open(c"/proc", abi::O_DIRECTORY, abi::RESOLVE_NO_SYMLINKS)?;
    // That of another namespace would have other numbers.
    let ourselves = mount::open_component(opened.as_fd(), c"self", abi::O_PATH)?;
    let number = mount::read_link(ourselves.as_fd())?;
    if number == process::own_id().to_string().into_bytes() {
        Ok(opened)
    } else {
        Err(io::Error::from_raw_os_error(abi::ESTALE))
    }
}

/// The names that are numbers, of the entries in a part of a directory (getdents64(2)).
fn processes(mut entries: &[u8]) -> Vec<c_int> {
    /// Where the length of an entry is, and where its name begins.
    const LENGTH: usize = 16;
    const NAME: usize = 19;
    let mut found = Vec::new();
    while let Some(length) = entries.get(LENGTH..LENGTH + 2) {
        let length = usize::from(u16::from_ne_bytes([length[0], length[1]]));
        let Some(name) = entries.get(NAME..length) else {
            break;
        };
        let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
        found.extend(
            str::from_utf8(name)
                .ok()
                .and_then(|name| name.parse::<c_int>().ok()),
        );
        entries = &entries[length..];
    }
    found
}

#[cfg(test)]
mod tests;
