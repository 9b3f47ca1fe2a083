//! The guest's preopened directories.

use offspring_policy::{FileIdentity, Preopen};
use rustix::fs::{Mode, OFlags};
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A guest's preopened directories, in the order in which a
/// [`GuestPath`](offspring_policy::GuestPath) counts them. Its clones are the same directories.
///
/// A plan names directories and files in words: which of these, and the path beneath it.
/// [`open_cwd`](Self::open_cwd) and [`open_file`](Self::open_file) open what the words say on this
/// machine, for a launcher whose children are not confined. A launcher that confines must let the
/// words be opened inside: a child climbs out of its world on a descriptor that was opened outside.
#[derive(Clone, Debug)]
pub struct Directories(Arc<[Directory]>);

/// None, of a guest of its own.
impl Default for Directories {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Directories {
    pub(crate) fn new(directories: Vec<Directory>) -> Self {
        Self(directories.into())
    }

    /// Whether `other` is the very same: of the same guest, and not only alike.
    pub(super) fn are(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The directory that a plan counts as `preopen`.
    pub fn get(&self, preopen: usize) -> Option<&Directory> {
        self.0.get(preopen)
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Directory> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Directories {
    type Item = &'a Directory;
    type IntoIter = std::slice::Iter<'a, Directory>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A preopened directory of a guest.
///
/// The host holds it open, so that it cannot be swapped for another.
#[derive(Debug)]
pub struct Directory {
    handle: OwnedFd,
    host: PathBuf,
    guest: String,
    writable: bool,
    identity: FileIdentity,
}

impl Directory {
    /// Open `host`, which the guest calls `guest`.
    pub(crate) fn open(host: &Path, guest: &str, writable: bool) -> io::Result<Self> {
        let host = std::fs::canonicalize(host)?;
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let opened = File::from(rustix::fs::open(&host, flags, Mode::empty())?);
        Ok(Self {
            identity: identity(&opened.metadata()?),
            handle: opened.into(),
            host,
            guest: guest.to_owned(),
            writable,
        })
    }

    /// Where it was on the host when it was opened, with every link resolved.
    pub fn host_path(&self) -> &Path {
        &self.host
    }

    /// The guest's name for it: `.`, `/data`.
    pub fn guest_path(&self) -> &str {
        &self.guest
    }

    /// Whether the guest, and so its children, may change what is in it.
    pub fn is_writable(&self) -> bool {
        self.writable
    }

    /// What the host opened.
    pub fn identity(&self) -> FileIdentity {
        self.identity
    }

    /// The same directory in the policy's terms.
    pub(crate) fn to_preopen(&self) -> Preopen {
        Preopen {
            guest: self.guest.clone(),
            host: self.host.clone(),
            writable: self.writable,
        }
    }

    /// Open what lies beneath, whichever links and races there are on the way.
    #[cfg(target_os = "linux")]
    pub(super) fn open_beneath(&self, path: &str, flags: OFlags, links: Links) -> io::Result<File> {
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
    pub(super) fn open_beneath(&self, _: &str, _: OFlags, _: Links) -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// What becomes of symbolic links on the way, which lead outside in no case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    Follow,
    Refuse,
}

/// What tells the file that `metadata` is of from another.
pub(super) fn identity(metadata: &Metadata) -> FileIdentity {
    FileIdentity {
        device: metadata.dev(),
        inode: metadata.ino(),
    }
}
