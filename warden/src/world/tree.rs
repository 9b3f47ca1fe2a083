//! Making things in the new tree, and nowhere else.
//!
//! While the tree is built the host's is still there, and a guest may have put links into a
//! directory of its own in which another is to be mounted. So no link is ever followed, and nothing
//! is made but in the file systems that were made for this world.

use crate::sys::{abi, mount};
use std::ffi::{CString, OsStr};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path};

/// The tree that is being built. The root directory is its own.
#[derive(Default)]
pub struct Tree {
    /// The file systems that were made for it, by their device.
    own: Vec<u64>,
}

impl Tree {
    /// Let things be made in the file system at `path`, which was made for this world.
    pub fn owns(&mut self, path: &str) -> io::Result<()> {
        self.own.push(std::fs::symlink_metadata(path)?.dev());
        Ok(())
    }

    /// A directory, which is made where it is missing.
    pub fn directory(&self, path: &Path) -> io::Result<OwnedFd> {
        let flags = abi::O_PATH | abi::O_DIRECTORY;
        let mut here = mount::open(c"/", flags, abi::RESOLVE_NO_SYMLINKS)?;
        for component in path.components() {
            let Component::Normal(name) = component else {
                continue;
            };
            let name = CString::new(name.as_bytes())?;
            let next = match mount::open_component(here.as_fd(), &name, flags) {
                Err(error) if error.raw_os_error() == Some(abi::ENOENT) => {
                    self.check(&here)?;
                    mount::make_directory(here.as_fd(), &name)?;
                    mount::open_component(here.as_fd(), &name, flags)
                }
                opened => opened,
            };
            here = next?;
        }
        Ok(here)
    }

    /// A file to mount another on, which is made, empty, where it is missing.
    pub fn file(&self, path: &Path) -> io::Result<OwnedFd> {
        let (parent, name) = self.parent(path)?;
        match mount::open_component(parent.as_fd(), &name, abi::O_PATH) {
            Err(error) if error.raw_os_error() == Some(abi::ENOENT) => {
                self.check(&parent)?;
                let flags = abi::O_WRONLY | abi::O_CREAT | abi::O_EXCL;
                drop(mount::open_component(parent.as_fd(), &name, flags)?);
                mount::open_component(parent.as_fd(), &name, abi::O_PATH)
            }
            opened => opened,
        }
    }

    /// Make a file that must not be there.
    pub fn write(&self, path: &[u8], content: &[u8]) -> io::Result<()> {
        let (parent, name) = self.parent(Path::new(OsStr::from_bytes(path)))?;
        self.check(&parent)?;
        let flags = abi::O_WRONLY | abi::O_CREAT | abi::O_EXCL;
        File::from(mount::open_component(parent.as_fd(), &name, flags)?).write_all(content)
    }

    /// Make a symbolic link that must not be there.
    pub fn link(&self, path: &[u8], target: &[u8]) -> io::Result<()> {
        let (parent, name) = self.parent(Path::new(OsStr::from_bytes(path)))?;
        self.check(&parent)?;
        mount::make_link(parent.as_fd(), &name, &CString::new(target)?)
    }

    fn parent(&self, path: &Path) -> io::Result<(OwnedFd, CString)> {
        let invalid = || io::Error::from_raw_os_error(abi::EINVAL);
        let parent = path.parent().ok_or_else(invalid)?;
        let name = path.file_name().ok_or_else(invalid)?;
        Ok((self.directory(parent)?, CString::new(name.as_bytes())?))
    }

    /// Whether things may be made in a directory.
    fn check(&self, directory: &OwnedFd) -> io::Result<()> {
        let found = File::from(directory.try_clone()?).metadata()?;
        if self.own.contains(&found.dev()) {
            Ok(())
        } else {
            Err(io::Error::from_raw_os_error(abi::ENOENT))
        }
    }
}
