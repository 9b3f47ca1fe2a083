//! Mounts, and opening beneath them.

use super::abi::{self, MountAttr, OpenHow};
use super::{check, check_fd, check_long, syscall};
use std::ffi::{CStr, c_char, c_int, c_long, c_uint, c_ulong, c_void};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::ptr;

unsafe extern "C" {
    fn mount(
        source: *const c_char,
        target: *const c_char,
        kind: *const c_char,
        flags: c_ulong,
        data: *const c_void,
    ) -> c_int;
    fn openat(directory: c_int, path: *const c_char, flags: c_int, ...) -> c_int;
    fn mkdirat(directory: c_int, path: *const c_char, mode: c_uint) -> c_int;
    fn symlinkat(target: *const c_char, directory: c_int, path: *const c_char) -> c_int;
    fn readlinkat(
        directory: c_int,
        path: *const c_char,
        buffer: *mut c_char,
        size: usize,
    ) -> c_long;
    fn umount2(target: *const c_char, flags: c_int) -> c_int;
}

/// Keep what is mounted here from the mount namespace that this one is a copy of, and the other
/// way round.
pub fn make_private() -> io::Result<()> {
    let flags = abi::MS_REC | abi::MS_PRIVATE;
    // SAFETY: the target is a text with an end, and the other pointers may be null here.
    check(unsafe { mount(ptr::null(), c"/".as_ptr(), ptr::null(), flags, ptr::null()) }).map(drop)
}

/// Mount a file system of its own kind, such as `tmpfs`.
pub fn mount_new(kind: &CStr, target: &CStr, flags: c_ulong, options: &CStr) -> io::Result<()> {
    // SAFETY: all are texts with an end, and the options of these file systems are a text.
    let mounted = unsafe {
        mount(
            kind.as_ptr(),
            target.as_ptr(),
            kind.as_ptr(),
            flags,
            options.as_ptr().cast(),
        )
    };
    check(mounted).map(drop)
}

/// Mount a file system of its own kind nowhere, and return its root, with `O_PATH`. It goes when
/// nothing in it is open any more.
pub fn mount_detached(
    kind: &CStr,
    option: Option<(&CStr, &CStr)>,
    attributes: u64,
) -> io::Result<OwnedFd> {
    // SAFETY: the kind is a text with an end.
    let made = check_fd(unsafe { syscall(abi::SYS_FSOPEN, kind.as_ptr(), abi::FSOPEN_CLOEXEC) })?;
    if let Some((key, value)) = option {
        configure(
            made.as_fd(),
            abi::FSCONFIG_SET_STRING,
            Some(key),
            Some(value),
        )?;
    }
    configure(made.as_fd(), abi::FSCONFIG_CMD_CREATE, None, None)?;
    let flags = c_long::from(abi::FSMOUNT_CLOEXEC);
    // SAFETY: there is no pointer.
    check_fd(unsafe { syscall(abi::SYS_FSMOUNT, made.as_raw_fd(), flags, attributes) })
}

fn configure(
    made: BorrowedFd<'_>,
    command: c_uint,
    key: Option<&CStr>,
    value: Option<&CStr>,
) -> io::Result<()> {
    let pointer = |text: Option<&CStr>| text.map_or(ptr::null(), CStr::as_ptr);
    let zero: c_long = 0;
    // SAFETY: both are texts with an end, or null where the command takes none.
    check_long(unsafe {
        syscall(
            abi::SYS_FSCONFIG,
            made.as_raw_fd(),
            command,
            pointer(key),
            pointer(value),
            zero,
        )
    })
    .map(drop)
}

/// Make `.` the root, and put the old one at `put_old`.
pub fn pivot_root(put_old: &CStr) -> io::Result<()> {
    // SAFETY: both are texts with an end.
    let pivoted = unsafe { syscall(abi::SYS_PIVOT_ROOT, c".".as_ptr(), put_old.as_ptr()) };
    check_long(pivoted).map(drop)
}

/// Take a tree of mounts out of sight; it goes when nobody uses it any more.
pub fn detach(target: &CStr) -> io::Result<()> {
    // SAFETY: the target is a text with an end.
    check(unsafe { umount2(target.as_ptr(), abi::MNT_DETACH) }).map(drop)
}

/// A copy of the mount at `path`, and of all that are beneath it, which is mounted nowhere so far.
pub fn clone_tree(path: &CStr) -> io::Result<OwnedFd> {
    let flags = abi::OPEN_TREE_CLONE | abi::O_CLOEXEC | abi::AT_RECURSIVE;
    // SAFETY: the path is a text with an end.
    check_fd(unsafe { syscall(abi::SYS_OPEN_TREE, abi::AT_FDCWD, path.as_ptr(), flags) })
}

/// Add `attributes` to the mount that `tree` is, and to all that are beneath it.
pub fn restrict_tree(tree: BorrowedFd<'_>, attributes: u64) -> io::Result<()> {
    let flags = abi::AT_EMPTY_PATH | abi::AT_RECURSIVE;
    set_attributes(tree.as_raw_fd(), c"", flags, attributes)
}

/// Add `attributes` to the mount at `path` alone.
pub fn restrict_mount(path: &CStr, attributes: u64) -> io::Result<()> {
    set_attributes(abi::AT_FDCWD, path, 0, attributes)
}

fn set_attributes(at: c_int, path: &CStr, flags: c_int, attributes: u64) -> io::Result<()> {
    let attr = MountAttr {
        set: attributes,
        ..MountAttr::default()
    };
    // SAFETY: the path is a text with an end, and the structure has the size that is said.
    let set = unsafe {
        syscall(
            abi::SYS_MOUNT_SETATTR,
            at,
            path.as_ptr(),
            flags,
            &raw const attr,
            size_of::<MountAttr>(),
        )
    };
    check_long(set).map(drop)
}

/// Mount `tree` where `target` is, which was opened with `O_PATH`.
pub fn attach(tree: BorrowedFd<'_>, target: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: both texts have an end, and both descriptors are open.
    let moved = unsafe {
        syscall(
            abi::SYS_MOVE_MOUNT,
            tree.as_raw_fd(),
            c"".as_ptr(),
            target.as_raw_fd(),
            c"".as_ptr(),
            abi::MOVE_MOUNT_F_EMPTY_PATH | abi::MOVE_MOUNT_T_EMPTY_PATH,
        )
    };
    check_long(moved).map(drop)
}

/// openat(2): open one component of a path in `directory`, and no link.
pub fn open_component(directory: BorrowedFd<'_>, name: &CStr, flags: c_int) -> io::Result<OwnedFd> {
    let flags = flags | abi::O_NOFOLLOW | abi::O_CLOEXEC;
    let mode: c_uint = 0o666;
    // SAFETY: the name is a text with an end.
    let opened = unsafe { openat(directory.as_raw_fd(), name.as_ptr(), flags, mode) };
    check_fd(opened.into())
}

/// openat2(2): open a path in `directory` that leads nowhere else.
pub fn open_in(directory: BorrowedFd<'_>, path: &CStr, flags: c_int) -> io::Result<OwnedFd> {
    let resolve = abi::RESOLVE_NO_SYMLINKS;
    open_at(directory.as_raw_fd(), path, flags, resolve)
}

/// mkdirat(2): a directory that everybody may read.
pub fn make_directory(directory: BorrowedFd<'_>, name: &CStr) -> io::Result<()> {
    // SAFETY: the name is a text with an end.
    check(unsafe { mkdirat(directory.as_raw_fd(), name.as_ptr(), 0o755) }).map(drop)
}

/// symlinkat(2): a symbolic link.
pub fn make_link(directory: BorrowedFd<'_>, name: &CStr, target: &CStr) -> io::Result<()> {
    // SAFETY: both are texts with an end.
    check(unsafe { symlinkat(target.as_ptr(), directory.as_raw_fd(), name.as_ptr()) }).map(drop)
}

/// readlinkat(2): where a link leads that was opened.
pub fn read_link(link: BorrowedFd<'_>) -> io::Result<Vec<u8>> {
    let mut target = vec![0; abi::PATH_MAX];
    // SAFETY: the buffer is as long as is said, and the path is an empty text, for the link itself.
    let length = unsafe {
        readlinkat(
            link.as_raw_fd(),
            c"".as_ptr(),
            target.as_mut_ptr().cast(),
            target.len(),
        )
    };
    target.truncate(check_long(length)? as usize);
    Ok(target)
}

/// getdents64(2): read entries of a directory into `buffer`, and return how many bytes they are.
pub fn read_directory(directory: BorrowedFd<'_>, buffer: &mut [u8]) -> io::Result<usize> {
    // SAFETY: the buffer is as long as is said.
    let read = unsafe {
        syscall(
            abi::SYS_GETDENTS64,
            directory.as_raw_fd(),
            buffer.as_mut_ptr(),
            buffer.len(),
        )
    };
    check_long(read).map(|length| length as usize)
}

/// openat2(2): open `path`. The descriptor is closed by an exec.
pub fn open(path: &CStr, flags: c_int, resolve: u64) -> io::Result<OwnedFd> {
    open_at(abi::AT_FDCWD, path, flags, resolve)
}

fn open_at(at: c_int, path: &CStr, flags: c_int, resolve: u64) -> io::Result<OwnedFd> {
    let how = OpenHow {
        flags: (flags | abi::O_CLOEXEC) as u64,
        mode: 0,
        resolve,
    };
    // SAFETY: the path is a text with an end, and the structure has the size that is said.
    check_fd(unsafe {
        syscall(
            abi::SYS_OPENAT2,
            at,
            path.as_ptr(),
            &raw const how,
            size_of::<OpenHow>(),
        )
    })
}
