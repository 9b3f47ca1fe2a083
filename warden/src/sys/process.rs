//! Processes: becoming the first of a namespace, starting, signalling and reaping children.

mod start;

pub use start::{Failed, Start, start};

use super::abi::{self, RLimit, RUsage, SigSet};
use super::{check, check_fd, check_long, syscall};
use std::ffi::{c_char, c_int, c_long, c_uint, c_void};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::ptr;

unsafe extern "C" {
    fn unshare(flags: c_int) -> c_int;
    fn clone(
        run: extern "C" fn(*mut c_void) -> c_int,
        stack: *mut c_void,
        flags: c_int,
        argument: *mut c_void,
        ...
    ) -> c_int;
    fn waitid(kind: c_int, id: c_uint, info: *mut c_void, options: c_int) -> c_int;
    fn wait4(pid: c_int, status: *mut c_int, options: c_int, usage: *mut RUsage) -> c_int;
    fn kill(pid: c_int, signal: c_int) -> c_int;
    fn getpid() -> c_int;
    fn getppid() -> c_int;
    fn gettid() -> c_int;
    fn geteuid() -> c_uint;
    fn getegid() -> c_uint;
    fn setsid() -> c_int;
    fn setpgid(pid: c_int, group: c_int) -> c_int;
    fn setgroups(count: usize, groups: *const c_uint) -> c_int;
    fn umask(mask: c_uint) -> c_uint;
    fn fchdir(fd: c_int) -> c_int;
    fn dup2(from: c_int, to: c_int) -> c_int;
    fn fcntl(fd: c_int, command: c_int, ...) -> c_int;
    fn sethostname(name: *const c_char, length: usize) -> c_int;
    fn setdomainname(name: *const c_char, length: usize) -> c_int;
    fn setrlimit(resource: c_int, limit: *const RLimit) -> c_int;
    fn getrlimit(resource: c_int, limit: *mut RLimit) -> c_int;
    fn signal(number: c_int, disposition: usize) -> usize;
    fn signalfd(fd: c_int, mask: *const SigSet, flags: c_int) -> c_int;
    fn sigprocmask(how: c_int, set: *const SigSet, old: *mut SigSet) -> c_int;
    fn prctl(option: c_int, ...) -> c_int;
    fn socket(domain: c_int, kind: c_int, protocol: c_int) -> c_int;
    fn _exit(status: c_int) -> !;
}

/// unshare(2).
pub fn leave_namespaces(flags: c_int) -> io::Result<()> {
    // SAFETY: there is no pointer, and this process has one thread.
    check(unsafe { unshare(flags) }).map(drop)
}

/// Go on as two processes, siblings: `true` in the new one, whose parent is ours.
pub fn fork_sibling() -> io::Result<bool> {
    let flags = c_long::from(abi::CLONE_PARENT | abi::SIGCHLD);
    let zero: c_long = 0;
    // SAFETY: without a stack and without shared memory this is fork(2), and this process has one
    // thread, so that nothing is left locked in the copy.
    let cloned = unsafe { syscall(abi::SYS_CLONE, flags, zero, zero, zero, zero) };
    Ok(check_long(cloned)? == 0)
}

/// End at once, and leave what the other process is to do to it.
pub fn leave() -> ! {
    // SAFETY: it does not return.
    unsafe { _exit(0) }
}

/// Our process number.
pub fn own_id() -> c_int {
    // SAFETY: it cannot fail.
    unsafe { getpid() }
}

/// The number of this thread.
pub fn own_thread() -> c_int {
    // SAFETY: it cannot fail.
    unsafe { gettid() }
}

/// The process number of our parent, or 0 where it is in another namespace.
pub fn parent_id() -> c_int {
    // SAFETY: it cannot fail.
    unsafe { getppid() }
}

/// Our user and our group.
pub fn own_user() -> (c_uint, c_uint) {
    // SAFETY: neither can fail.
    unsafe { (geteuid(), getegid()) }
}

/// Leave every supplementary group.
pub fn leave_groups() -> io::Result<()> {
    // SAFETY: no group is read.
    check(unsafe { setgroups(0, ptr::null()) }).map(drop)
}

/// Lead a new session, without a terminal.
pub fn new_session() -> io::Result<()> {
    // SAFETY: there is no pointer.
    check(unsafe { setsid() }).map(drop)
}

/// Set the file mode creation mask; children set their own.
pub fn set_umask(mask: u32) {
    // SAFETY: it cannot fail.
    unsafe { umask(mask) };
}

/// Name the machine, and its domain as the kernel does that has none.
pub fn set_host_name(name: &str) -> io::Result<()> {
    let domain = "(none)";
    // SAFETY: the names are as long as is said.
    unsafe {
        check(sethostname(name.as_ptr().cast(), name.len()))?;
        check(setdomainname(domain.as_ptr().cast(), domain.len())).map(drop)
    }
}

/// Write no core dumps.
///
/// Nothing goes into a file below the size of a page; and 1 is the one limit at which no program of
/// the host's is started to take a dump in, as with 0 it is (core(5), `coredump_report_failure` in
/// the kernel).
pub fn forbid_core_dumps() -> io::Result<()> {
    let limit = |number| {
        let limit = RLimit {
            soft: number,
            hard: number,
        };
        set_limit(abi::RLIMIT_CORE, limit)
    };
    // Who has a limit of 0 already cannot raise it.
    limit(1).or_else(|_| limit(0))
}

/// What this process may use of a resource.
pub fn limit(resource: c_int) -> io::Result<RLimit> {
    let mut limit = RLimit::default();
    // SAFETY: the structure outlives the call.
    check(unsafe { getrlimit(resource, &raw mut limit) })?;
    Ok(limit)
}

/// Set what this process, and whatever it starts, may use of a resource.
pub fn set_limit(resource: c_int, limit: RLimit) -> io::Result<()> {
    // SAFETY: the structure outlives the call.
    check(unsafe { setrlimit(resource, &raw const limit) }).map(drop)
}

/// Close every descriptor from `first` on.
pub fn close_from(first: c_uint) -> io::Result<()> {
    let flags: c_uint = 0;
    // SAFETY: this is called first of all, when nothing owns a descriptor that is closed.
    check_long(unsafe { syscall(abi::SYS_CLOSE_RANGE, first, c_uint::MAX, flags) }).map(drop)
}

/// A descriptor of this process, which tells when it has ended.
pub fn own_pidfd() -> io::Result<OwnedFd> {
    open_process(own_id())
}

/// The default action for every signal.
pub fn reset_signals() {
    for number in 1..=abi::SIGNALS {
        // SAFETY: the default action is no code of ours. It fails for the two that have no other,
        // and for those that the C library keeps to itself.
        unsafe { signal(number, abi::SIG_DFL) };
    }
}

/// Block `SIGCHLD` and no other signal, and return a descriptor that tells of it instead. Children
/// unblock it again.
pub fn watch_children() -> io::Result<OwnedFd> {
    let set = SigSet([
        1 << (abi::SIGCHLD - 1),
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ]);
    // SAFETY: the set has the size that the C library reads, and no old one is asked for.
    check(unsafe { sigprocmask(abi::SIG_SETMASK, &raw const set, ptr::null_mut()) })?;
    let flags = abi::SFD_CLOEXEC | abi::SFD_NONBLOCK;
    // SAFETY: as above.
    check_fd(unsafe { signalfd(-1, &raw const set, flags) }.into())
}

/// A child that has ended.
pub struct Reaped {
    pub id: c_int,
    pub status: c_int,
    pub usage: RUsage,
}

/// What there is to reap.
pub enum Reap {
    /// This was reaped.
    Ended(Reaped),
    /// There are children, and none of them has ended.
    Running,
    /// There is no child at all, dead or alive, and so nothing that any has started.
    Childless,
}

/// Reap this child, or any. `wait` waits for one to end.
pub fn reap(which: Option<c_int>, wait: bool) -> Reap {
    let options = abi::WALL | if wait { 0 } else { abi::WNOHANG };
    let (mut status, mut usage) = (0, RUsage::default());
    // SAFETY: both structures outlive the call.
    let id = unsafe {
        wait4(
            which.unwrap_or(-1),
            &raw mut status,
            options,
            &raw mut usage,
        )
    };
    match id {
        1.. => Reap::Ended(Reaped { id, status, usage }),
        0 => Reap::Running,
        _ => Reap::Childless,
    }
}

/// A limit that the filter of system calls lets nobody set or read of others who does not know the
/// secret: see `mark`.
pub fn marked_limit(id: c_int, [one, other]: [u64; 2]) -> io::Result<RLimit> {
    let mut limit = RLimit::default();
    let none = ptr::null::<RLimit>();
    // SAFETY: the structure outlives the call. The kernel does not look at the secret.
    check_long(unsafe {
        syscall(
            abi::SYS_PRLIMIT64,
            c_long::from(id),
            c_long::from(abi::RLIMIT_LOCKS),
            none,
            &raw mut limit,
            one,
            other,
        )
    })?;
    Ok(limit)
}

fn set_marked_limit(limit: RLimit, [one, other]: [u64; 2]) -> io::Result<()> {
    let itself: c_long = 0;
    let none = ptr::null_mut::<RLimit>();
    // SAFETY: the structure outlives the call. The kernel does not look at the secret.
    check_long(unsafe {
        syscall(
            abi::SYS_PRLIMIT64,
            itself,
            c_long::from(abi::RLIMIT_LOCKS),
            &raw const limit,
            none,
            one,
            other,
        )
    })
    .map(drop)
}

/// A descriptor of a process, which stays that process's when the number is another's.
pub fn open_process(id: c_int) -> io::Result<OwnedFd> {
    let flags: c_uint = 0;
    // SAFETY: there is no pointer.
    check_fd(unsafe { syscall(abi::SYS_PIDFD_OPEN, id, flags) })
}

/// Kill the process that a descriptor is of, if it is not reaped.
pub fn kill_process(process: BorrowedFd<'_>) -> io::Result<()> {
    let info = ptr::null::<c_void>();
    let flags: c_uint = 0;
    // SAFETY: without information about the signal, the kernel makes it.
    let sent = unsafe {
        syscall(
            abi::SYS_PIDFD_SEND_SIGNAL,
            process.as_raw_fd(),
            abi::SIGKILL,
            info,
            flags,
        )
    };
    check_long(sent).map(drop)
}

/// A child that can be reaped, if there is one. It is not reaped.
pub fn next_ended() -> Option<c_int> {
    /// Where the process is in `siginfo_t`, which is 128 bytes long.
    const PROCESS: usize = 4;
    #[repr(C, align(8))]
    struct Info([c_int; 32]);
    let mut info = Info([0; 32]);
    let options = abi::WEXITED | abi::WNOHANG | abi::WNOWAIT | abi::WALL;
    // SAFETY: the room has the size and the alignment of the structure.
    let asked = unsafe { waitid(abi::P_ALL, 0, (&raw mut info).cast(), options) };
    (asked == 0 && info.0[PROCESS] > 0).then_some(info.0[PROCESS])
}

/// Make another process, which ends at once, and say which number it had: the newest that there is.
pub fn try_fork() -> io::Result<c_int> {
    let flags = c_long::from(abi::SIGCHLD);
    let zero: c_long = 0;
    // SAFETY: without a stack and without shared memory this is fork(2). The copy makes no call but
    // the one that ends it, so that a lock which another thread had does not matter.
    let id =
        check_long(unsafe { syscall(abi::SYS_CLONE, flags, zero, zero, zero, zero) })? as c_int;
    if id == 0 {
        leave();
    }
    let mut status = 0;
    // SAFETY: the status outlives the call.
    check(unsafe { wait4(id, &raw mut status, 0, ptr::null_mut()) })
}

/// kill(2): a process, a group by its negative number, or with -1 all that we may signal.
pub fn send_signal(to: c_int, number: c_int) -> io::Result<()> {
    // SAFETY: there is no pointer.
    check(unsafe { kill(to, number) }).map(drop)
}

/// Whether a socket of the kind can be made.
pub fn try_socket(domain: c_int, kind: c_int) -> io::Result<()> {
    // SAFETY: there is no pointer.
    check_fd(unsafe { socket(domain, kind, 0) }.into()).map(drop)
}

/// Set the flags of an open file.
pub fn set_file_flags(fd: BorrowedFd<'_>, flags: c_int) -> io::Result<()> {
    // SAFETY: there is no pointer.
    check(unsafe { fcntl(fd.as_raw_fd(), abi::F_SETFL, flags) }).map(drop)
}

/// The same open file at a number that is not less than `least`.
pub fn duplicate_above(fd: BorrowedFd<'_>, least: c_int) -> io::Result<OwnedFd> {
    // SAFETY: there is no pointer.
    check_fd(unsafe { fcntl(fd.as_raw_fd(), abi::F_DUPFD_CLOEXEC, least) }.into())
}
