//! Following a path beneath a directory, step by step, so that it leads nowhere else.
//!
//! openat2(2) would do it in one call, and is not there any more when the filter of system calls is:
//! it could make a set-user-ID file, and a filter cannot see it. Every directory on the way is held
//! open, and `..` goes back to the one that was come from, so nobody who moves or swaps directories
//! meanwhile leads the walk outside.

use crate::sys::{abi, mount};
use std::collections::VecDeque;
use std::ffi::{CString, c_int};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// What becomes of symbolic links.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// They are followed, but not outside.
    Follow,
    /// They are refused.
    Refuse,
}

/// As many links as the kernel follows (path_resolution(7)).
const LINKS: usize = 40;

/// Open `path` beneath `root`.
///
/// Fails as openat2(2) does: with `EXDEV` where the path leads outside, and with `ELOOP` where there
/// are links that are refused, or too many.
pub fn open(root: BorrowedFd<'_>, path: &[u8], flags: c_int, links: Links) -> io::Result<OwnedFd> {
    let mut rest = VecDeque::new();
    push_front(&mut rest, path)?;
    let mut way: Vec<OwnedFd> = Vec::new();
    let mut followed = 0;
    while let Some(name) = rest.pop_front() {
        let here = way.last().map_or(root, AsFd::as_fd);
        if name.as_slice() == b".." {
            way.pop().ok_or_else(|| error(abi::EXDEV))?;
            continue;
        }
        let last = rest.is_empty();
        let name = CString::new(name)?;
        let found = match mount::open_component(here, &name, abi::O_PATH) {
            // It is to be made, and nothing is there.
            Err(error) if last && error.raw_os_error() == Some(abi::ENOENT) => None,
            found => Some(File::from(found?)),
        };
        let kind = found.as_ref().map(File::metadata).transpose()?;
        match (found, kind) {
            (Some(link), Some(kind)) if kind.is_symlink() => {
                followed += 1;
                // A file that must not be there is, even if it is a link to nowhere.
                if last && flags & abi::O_CREAT != 0 && flags & abi::O_EXCL != 0 {
                    return Err(error(abi::EEXIST));
                }
                if links == Links::Refuse || followed > LINKS {
                    return Err(error(abi::ELOOP));
                }
                push_front(&mut rest, &mount::read_link(link.as_fd())?)?;
            }
            // What is opened is no link, or has become one meanwhile, and then it is refused.
            _ if last => return mount::open_component(here, &name, flags),
            (Some(directory), Some(kind)) if kind.is_dir() => way.push(directory.into()),
            _ => return Err(error(abi::ENOTDIR)),
        }
    }
    // The path has led back to a directory that is held.
    let here = way.last().map_or(root, AsFd::as_fd);
    mount::open_component(here, c".", flags)
}

/// Put the steps of `path` before those that are left.
fn push_front(rest: &mut VecDeque<Vec<u8>>, path: &[u8]) -> io::Result<()> {
    if path.is_empty() {
        return Err(error(abi::ENOENT));
    }
    // Nothing absolute is beneath anything.
    if path[0] == b'/' {
        return Err(error(abi::EXDEV));
    }
    let steps = path.split(|byte| *byte == b'/');
    for step in steps.filter(|step| !step.is_empty() && *step != b".").rev() {
        rest.push_front(step.to_vec());
    }
    Ok(())
}

fn error(number: c_int) -> io::Error {
    io::Error::from_raw_os_error(number)
}

#[cfg(test)]
mod tests;
