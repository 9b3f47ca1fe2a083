//! Privilege: becoming another user, taking capabilities back, and leaving the
//! limits.

use nix::errno::Errno;

use super::acts::after;
use super::attempt::{Attempt, apart};
use super::outcome::Outcome;
use super::sys::{Word, call, open};

/// A user and a group that nobody is.
const STRANGER: i32 = 12345;

/// The capability that allows most.
const CAP_SYS_ADMIN: i32 = 21;

/// What is tried.
pub(crate) fn attempts() -> Vec<Attempt> {
    vec![
        apart("become-root", |_| Some(call!(libc::SYS_setuid, 0).into())),
        apart("become-root-effectively", |_| {
            Some(call!(libc::SYS_setresuid, -1, 0, -1).into())
        }),
        apart("become-root-for-files", |_| {
            // This call tells nothing but the user before, so it is asked twice.
            let _ = call!(libc::SYS_setfsuid, 0);
            Some(after(call!(libc::SYS_setfsuid, -1), |user| {
                if user == 0 {
                    Outcome::Allowed
                } else {
                    Outcome::Refused(Errno::EPERM)
                }
            }))
        }),
        apart("become-root-group", |_| {
            Some(call!(libc::SYS_setgid, 0).into())
        }),
        apart("become-stranger", |_| {
            Some(call!(libc::SYS_setuid, STRANGER).into())
        }),
        apart("become-stranger-group", |_| {
            Some(call!(libc::SYS_setresgid, STRANGER, STRANGER, STRANGER).into())
        }),
        apart("join-groups", |_| {
            let groups = [STRANGER];
            Some(call!(libc::SYS_setgroups, 1, Word::at(&groups)).into())
        }),
        apart("leave-groups", |_| {
            Some(call!(libc::SYS_setgroups, 0, 0).into())
        }),
        apart("take-capability", |_| Some(take_capability().into())),
        apart("pass-capability", |_| {
            // What is to be passed on must be inheritable, and nobody needs a right for that.
            let _ = take_capability();
            let (kind, raise) = (libc::PR_CAP_AMBIENT, libc::PR_CAP_AMBIENT_RAISE);
            Some(control([kind, raise, CAP_SYS_ADMIN, 0, 0]))
        }),
        apart("drop-capability", |_| {
            Some(control([libc::PR_CAPBSET_DROP, CAP_SYS_ADMIN, 0, 0, 0]))
        }),
        apart("secure-bits", |_| {
            let no_setuid_fixup = 1 << 2;
            Some(control([libc::PR_SET_SECUREBITS, no_setuid_fixup, 0, 0, 0]))
        }),
        apart("keep-capabilities", |_| {
            Some(control([libc::PR_SET_KEEPCAPS, 1, 0, 0, 0]))
        }),
        apart("become-dumpable", |_| {
            Some(control([libc::PR_SET_DUMPABLE, 1, 0, 0, 0]))
        }),
        apart("gain-new-privileges", |_| {
            Some(control([libc::PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0]))
        }),
        apart("move-own-code", |_| {
            // The right to is settled before the address is looked at.
            let (kind, part) = (libc::PR_SET_MM, libc::PR_SET_MM_START_CODE);
            let moved = call!(libc::SYS_prctl, kind, part, 0, 0, 0);
            Some(Outcome::past(moved, &[Errno::EINVAL]))
        }),
        apart("raise-hard-limit", |_| {
            Some(raise(libc::RLIMIT_CORE as i32))
        }),
        apart("raise-hard-limit-of-files", |_| {
            Some(raise(libc::RLIMIT_NOFILE as i32))
        }),
        apart("go-first", |_| {
            let (own, best) = (0, -20);
            Some(call!(libc::SYS_setpriority, libc::PRIO_PROCESS, own, best).into())
        }),
        apart("go-in-real-time", |_| {
            let priority = 1_i32;
            let first = libc::SCHED_FIFO;
            Some(call!(libc::SYS_sched_setscheduler, 0, first, Word::at(&priority)).into())
        }),
        apart("read-first-from-disk", |_| {
            let real_time = 1 << 13;
            Some(call!(libc::SYS_ioprio_set, 1, 0, real_time).into())
        }),
        apart("own-filter", |_| Some(filter(0))),
        apart("own-filter-with-listener", |_| {
            Some(filter(libc::SECCOMP_FILTER_FLAG_NEW_LISTENER))
        }),
        apart("own-fence", |_| {
            let version = 1;
            Some(call!(libc::SYS_landlock_create_ruleset, 0, 0, version).into())
        }),
        apart("own-layout", |_| {
            Some(call!(libc::SYS_personality, libc::ADDR_NO_RANDOMIZE).into())
        }),
        apart("terminal-hang-up", |_| {
            // A session of its own has no terminal that could be hung up.
            Some(after(call!(libc::SYS_setsid), |_| {
                call!(libc::SYS_vhangup).into()
            }))
        }),
        apart("terminal-open", |_| {
            let flags = libc::O_RDWR | libc::O_CLOEXEC;
            Some(open!(libc::SYS_openat, libc::AT_FDCWD, c"/dev/tty", flags).into())
        }),
        apart("terminal-type", |_| Some(terminal(libc::TIOCSTI))),
        apart("terminal-type-with-high-bits", |_| {
            Some(terminal(1 << 32 | libc::TIOCSTI))
        }),
        apart("terminal-select", |_| Some(terminal(libc::TIOCLINUX))),
        apart("terminal-select-with-high-bits", |_| {
            Some(terminal(1 << 32 | libc::TIOCLINUX))
        }),
        apart("terminal-console", |_| Some(terminal(libc::TIOCCONS))),
        apart("terminal-take", |_| Some(terminal(libc::TIOCSCTTY))),
    ]
}

/// Takes a capability, to have, to use and to pass on.
fn take_capability() -> Result<i64, Errno> {
    let header = [0x2008_0522_u32, 0];
    let only = 1_u32 << CAP_SYS_ADMIN;
    let sets = [only, only, only, 0, 0, 0];
    call!(libc::SYS_capset, Word::at(&header), Word::at(&sets))
}

/// Calls the kernel's control of the process itself.
fn control(words: [i32; 5]) -> Outcome {
    let [option, a, b, c, d] = words;
    call!(libc::SYS_prctl, option, a, b, c, d).into()
}

/// Raises a hard limit by one.
fn raise(kind: i32) -> Outcome {
    let mut limit = [0_u64; 2];
    let read = call!(libc::SYS_prlimit64, 0, kind, 0, Word::to(&mut limit));
    after(read, |_| {
        if limit[1] == u64::MAX {
            return Outcome::value("has no limit");
        }
        limit[1] += 1;
        call!(libc::SYS_prlimit64, 0, kind, Word::at(&limit), 0).into()
    })
}

/// Adds a filter that lets everything pass.
fn filter(flags: u64) -> Outcome {
    let pass = libc::SECCOMP_RET_ALLOW;
    let mut program = [libc::sock_filter {
        code: 6,
        jt: 0,
        jf: 0,
        k: pass,
    }];
    let program = libc::sock_fprog {
        len: 1,
        filter: program.as_mut_ptr(),
    };
    let bound = call!(libc::SYS_prctl, libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    after(bound, |_| {
        let mode = libc::SECCOMP_SET_MODE_FILTER;
        call!(libc::SYS_seccomp, mode, flags, Word::at(&program)).into()
    })
}

/// Asks something of a terminal that is not there: whoever is told so was heard.
fn terminal(request: u64) -> Outcome {
    let asked = call!(libc::SYS_ioctl, -1, request, 0);
    Outcome::past(asked, &[Errno::EBADF])
}
