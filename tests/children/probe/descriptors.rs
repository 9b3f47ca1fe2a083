//! What can be done to an open file by its descriptor, also where its path is
//! out of reach. Each act changes nothing that was not so before.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use nix::errno::Errno;

use super::acts::{after, opened, undone};
use super::given::c;
use super::outcome::Outcome;
use super::sys::{Word, call, open};

/// The name of an act, and the act.
pub(crate) type Act = (&'static str, fn(&File) -> Outcome);

/// The kernel's numbers for reading and setting a file's flags.
const FS_IOC_GETFLAGS: u64 = 0x8008_6601;
const FS_IOC_SETFLAGS: u64 = 0x4008_6602;

/// What can be done to a file that was opened for reading.
pub(crate) const ACTS: &[Act] = &[
    ("write", |file| {
        call!(libc::SYS_write, fd(file), Word::at(b"x"), 0).into()
    }),
    ("truncate", |file| {
        call!(libc::SYS_ftruncate, fd(file), size(file)).into()
    }),
    ("allocate", |file| {
        let keep = libc::FALLOC_FL_KEEP_SIZE;
        call!(libc::SYS_fallocate, fd(file), keep, 0, 1).into()
    }),
    ("chmod", |file| {
        call!(libc::SYS_fchmod, fd(file), mode(file)).into()
    }),
    ("chmod-2", |file| {
        let (empty, flags) = (c"", libc::AT_EMPTY_PATH);
        call!(libc::SYS_fchmodat2, fd(file), empty, mode(file), flags).into()
    }),
    ("chown", |file| {
        let user = file.metadata().map_or(0, |m| m.uid());
        call!(libc::SYS_fchown, fd(file), user, -1).into()
    }),
    ("touch", |file| {
        let modified = file
            .metadata()
            .map_or([1, 0], |m| [m.mtime(), m.mtime_nsec()]);
        let times = [[0, libc::UTIME_OMIT], modified];
        call!(libc::SYS_utimensat, fd(file), 0, Word::at(&times), 0).into()
    }),
    ("set-attribute", |file| {
        let name = c"user.made-by-probe";
        let set = call!(libc::SYS_fsetxattr, fd(file), name, Word::at(b"x"), 1, 0);
        undone(set, || {
            Ok(call!(libc::SYS_fremovexattr, fd(file), name).map(drop)?)
        })
    }),
    ("set-flags", |file| {
        let mut flags = [0_u32; 2];
        let read = call!(
            libc::SYS_ioctl,
            fd(file),
            FS_IOC_GETFLAGS,
            Word::to(&mut flags)
        );
        after(read, |_| {
            call!(libc::SYS_ioctl, fd(file), FS_IOC_SETFLAGS, Word::at(&flags)).into()
        })
    }),
    ("lease", |file| {
        let set = call!(libc::SYS_fcntl, fd(file), libc::F_SETLEASE, libc::F_RDLCK);
        undone(set, || {
            let end = libc::F_UNLCK;
            Ok(call!(libc::SYS_fcntl, fd(file), libc::F_SETLEASE, end).map(drop)?)
        })
    }),
    ("lock", |file| {
        let how = libc::LOCK_EX | libc::LOCK_NB;
        let locked = call!(libc::SYS_flock, fd(file), how);
        undone(locked, || {
            Ok(call!(libc::SYS_flock, fd(file), libc::LOCK_UN).map(drop)?)
        })
    }),
    ("map-to-write", |file| {
        map(file, libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED).into()
    }),
    ("map-to-execute", |file| {
        map(file, libc::PROT_READ | libc::PROT_EXEC, libc::MAP_PRIVATE).into()
    }),
    ("protect-to-execute", |file| {
        after(map(file, libc::PROT_READ, libc::MAP_PRIVATE), |address| {
            let kind = libc::PROT_READ | libc::PROT_EXEC;
            call!(libc::SYS_mprotect, address, 4096, kind).into()
        })
    }),
    ("reopen-to-write", |file| {
        reopen(file, "/proc/self/fd", libc::O_WRONLY)
    }),
    ("reopen-to-write-by-dev", |file| {
        reopen(file, "/dev/fd", libc::O_WRONLY)
    }),
    ("reopen-to-read", |file| {
        reopen(file, "/proc/self/fd", libc::O_RDONLY)
    }),
    ("reopen-by-nothing", |file| {
        let (empty, flags) = (c"", libc::O_WRONLY | libc::O_CLOEXEC);
        open!(libc::SYS_openat, fd(file), empty, flags).into()
    }),
    ("climb", |file| {
        let (up, flags) = (c"..", libc::O_PATH | libc::O_CLOEXEC);
        open!(libc::SYS_openat, fd(file), up, flags).into()
    }),
];

/// Gives an open file a name in a directory, by its descriptor alone.
pub(crate) fn link(file: &File, name: &Path) -> Outcome {
    let flags = libc::AT_EMPTY_PATH;
    let here = libc::AT_FDCWD;
    let made = call!(libc::SYS_linkat, fd(file), c"", here, &c(name), flags);
    undone(made, || std::fs::remove_file(name))
}

/// One of the standard streams, if it is a file.
pub(crate) fn standard(number: i32) -> Option<File> {
    let copy = open!(libc::SYS_fcntl, number, libc::F_DUPFD_CLOEXEC, 3);
    let file = File::from(copy.ok()?);
    file.metadata().ok()?.is_file().then_some(file)
}

/// Opens a file for reading.
pub(crate) fn reading(path: &Path) -> Result<File, Errno> {
    opened(path, libc::O_RDONLY).map(File::from)
}

fn fd(file: &File) -> i32 {
    file.as_raw_fd()
}

fn size(file: &File) -> u64 {
    file.metadata().map_or(0, |m| m.len())
}

fn mode(file: &File) -> u32 {
    file.metadata().map_or(0o644, |m| m.mode() & 0o7777)
}

/// Maps the beginning of a file, which nothing then touches.
fn map(file: &File, protection: i32, flags: i32) -> Result<i64, Errno> {
    call!(libc::SYS_mmap, 0, 4096, protection, flags, fd(file), 0)
}

fn reopen(file: &File, directory: &str, flags: i32) -> Outcome {
    let path = format!("{directory}/{}", fd(file));
    opened(Path::new(&path), flags).into()
}

/// What the kernel says a descriptor is, and what it is open for.
pub(crate) fn describe(number: i32) -> Result<String, io::Error> {
    let file = File::from(open!(libc::SYS_fcntl, number, libc::F_DUPFD_CLOEXEC, 3)?);
    let kind = match file.metadata()?.mode() & libc::S_IFMT {
        libc::S_IFREG => "file",
        libc::S_IFDIR => "directory",
        libc::S_IFIFO => "pipe",
        libc::S_IFSOCK => "socket",
        libc::S_IFCHR => "device",
        _ => "other",
    };
    let flags = call!(libc::SYS_fcntl, number, libc::F_GETFL)?;
    let access = match flags as i32 & libc::O_ACCMODE {
        libc::O_RDONLY => "to read",
        libc::O_WRONLY => "to write",
        _ => "to read and write",
    };
    Ok(format!("{kind} {access}"))
}
