//! Starting a process, as posix_spawn(3) does.

use super::{
    _exit, clone, dup2, fchdir, getppid, prctl, set_limit, set_marked_limit, setpgid, setsid,
    sigprocmask, umask, wait4,
};
use crate::sys::abi::{self, RLimit, SigSet};
use crate::sys::{check, errno, syscall};
use std::ffi::{c_char, c_int, c_ulong, c_void};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::ptr;

/// What a new process does before it is the program.
pub struct Start<'a> {
    /// Whether it leads a session, rather than a process group alone.
    pub session: bool,
    /// The file mode creation mask.
    pub umask: u32,
    /// A Landlock layer of its own.
    pub layer: Option<BorrowedFd<'a>>,
    /// Our process number, where it is to be killed when we end.
    pub tied_to: Option<c_int>,
    /// The mark that it and its descendants have.
    pub mark: RLimit,
    /// What we may set the mark with.
    pub secret: [u64; 2],
    /// What it may use of which resource.
    pub limits: &'a [(c_int, RLimit)],
    /// The working directory.
    pub cwd: Option<BorrowedFd<'a>>,
    /// Which descriptor goes to which number. No source is the number of a target.
    pub descriptors: &'a [(BorrowedFd<'a>, c_int)],
    /// The program.
    pub program: BorrowedFd<'a>,
    /// Pointers to the arguments and a null.
    pub args: &'a [*const c_char],
    /// Pointers to the variables and a null.
    pub env: &'a [*const c_char],
}

/// Which half of a start has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The new process could not be made or prepared.
    Prepare(c_int),
    /// The program could not be executed.
    Execute(c_int),
}

/// Where the new process leaves why it failed.
struct Attempt<'a> {
    start: &'a Start<'a>,
    failed: Option<Failed>,
}

/// The stack of the new process until it is the program. It calls nothing that needs more.
const STACK: usize = 32 << 10;

#[repr(C, align(16))]
struct Stack([u8; STACK]);

/// Start a process as posix_spawn(3) does: it shares our memory, and we wait, until it is the
/// program or has failed.
pub fn start(start: &Start<'_>) -> Result<c_int, Failed> {
    // It lies in our own stack, whose pages are touched once.
    let mut stack = Stack([0; STACK]);
    let mut attempt = Attempt {
        start,
        failed: None,
    };
    let flags = abi::CLONE_VM | abi::CLONE_VFORK | abi::SIGCHLD;
    // SAFETY: the stack is ours until the process has left it, since CLONE_VFORK makes us wait for
    // that; it grows downwards from an aligned end. `attempt` outlives the call likewise. The new
    // process makes system calls only, allocates nothing, and ends by exec or `_exit`. Signals have
    // no handlers here that could run in it.
    let id = unsafe {
        let top = (&raw mut stack).cast::<u8>().add(STACK);
        clone(become_program, top.cast(), flags, (&raw mut attempt).cast())
    };
    let id = check(id).map_err(|error| Failed::Prepare(errno(&error)))?;
    // SAFETY: it is a field of our own. The compiler must not assume that it is still what it was.
    match unsafe { ptr::read_volatile(&raw const attempt.failed) } {
        None => Ok(id),
        Some(failed) => {
            let mut status = 0;
            // SAFETY: the status outlives the call.
            unsafe { wait4(id, &raw mut status, 0, ptr::null_mut()) };
            Err(failed)
        }
    }
}

extern "C" fn become_program(attempt: *mut c_void) -> c_int {
    // SAFETY: `start` passes a pointer to an `Attempt`, and waits while it is used here.
    let attempt = unsafe { &mut *attempt.cast::<Attempt<'_>>() };
    attempt.failed = Some(match prepare(attempt.start) {
        Err(error) => Failed::Prepare(errno(&error)),
        Ok(()) => Failed::Execute(errno(&execute(attempt.start))),
    });
    // SAFETY: it does not return.
    unsafe { _exit(127) }
}

fn prepare(start: &Start<'_>) -> io::Result<()> {
    let empty = SigSet::default();
    let zero: c_ulong = 0;
    // SAFETY: these are system calls on numbers, and on structures that outlive them.
    unsafe {
        check(if start.session {
            setsid()
        } else {
            setpgid(0, 0)
        })?;
        umask(start.umask);
        if let Some(parent) = start.tied_to {
            check(prctl(
                abi::PR_SET_PDEATHSIG,
                abi::SIGKILL as c_ulong,
                zero,
                zero,
                zero,
            ))?;
            // We may have been killed before it was tied to us.
            if getppid() != parent {
                _exit(127);
            }
        }
        set_marked_limit(start.mark, start.secret)?;
        if let Some(layer) = start.layer {
            crate::sys::fence::landlock_restrict(layer)?;
        }
        if let Some(cwd) = start.cwd {
            check(fchdir(cwd.as_raw_fd()))?;
        }
        for (source, target) in start.descriptors {
            check(dup2(source.as_raw_fd(), *target))?;
        }
        // After the descriptors, whose numbers may be beyond a limit.
        for (resource, limit) in start.limits {
            set_limit(*resource, *limit)?;
        }
        check(sigprocmask(
            abi::SIG_SETMASK,
            &raw const empty,
            ptr::null_mut(),
        ))?;
    }
    Ok(())
}

/// Returns only where it fails.
fn execute(start: &Start<'_>) -> io::Error {
    // SAFETY: both lists end with a null, as their makers say, and all texts have an end.
    unsafe {
        syscall(
            abi::SYS_EXECVEAT,
            start.program.as_raw_fd(),
            c"".as_ptr(),
            start.args.as_ptr(),
            start.env.as_ptr(),
            abi::AT_EMPTY_PATH,
        )
    };
    io::Error::last_os_error()
}
