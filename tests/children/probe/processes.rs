//! Other processes: the host, the parent and a sibling. Every signal is number
//! 0, and every change sets what is already so or what cannot be.

use std::os::fd::OwnedFd;

use nix::errno::Errno;

use super::acts::after;
use super::attempt::{Attempt, apart, here};
use super::given::{Given, c};
use super::outcome::Outcome;
use super::sys::{Word, call, open};

/// The name of an act, and the act.
type Act = (&'static str, fn(i32) -> Outcome);

/// Whose process it is.
type Target = (&'static str, fn(&Given) -> Option<i32>);

const TARGETS: &[Target] = &[
    ("host", |given| given.host),
    ("parent", |given| given.parent),
    ("sibling", |given| given.sibling),
];

/// How a kernel that keeps process descriptors in a file system answers for the
/// network namespace of one.
const PIDFD_GET_NET_NAMESPACE: i32 = 0xff04;

/// An address that no process has mapped.
const NOWHERE: u64 = 8;

/// What can be done to a process whose signal is awaited, and to its memory,
/// its descriptors, its limits and its place in the queue.
pub(crate) const ACTS: &[Act] = &[
    ("kill", |pid| call!(libc::SYS_kill, pid, 0).into()),
    ("kill-group", |pid| {
        if pid == 1 {
            // This would be everybody.
            return Outcome::value("cannot be named");
        }
        call!(libc::SYS_kill, -pid, 0).into()
    }),
    ("kill-thread", |pid| call!(libc::SYS_tkill, pid, 0).into()),
    ("kill-thread-of", |pid| {
        call!(libc::SYS_tgkill, pid, pid, 0).into()
    }),
    ("queue", |pid| {
        call!(libc::SYS_rt_sigqueueinfo, pid, 0, Word::at(&queued())).into()
    }),
    ("queue-to-thread", |pid| {
        call!(
            libc::SYS_rt_tgsigqueueinfo,
            pid,
            pid,
            0,
            Word::at(&queued())
        )
        .into()
    }),
    ("hold", |pid| hold(pid).into()),
    ("kill-held", |pid| {
        held(pid, |it| {
            call!(libc::SYS_pidfd_send_signal, &it, 0, 0, 0).into()
        })
    }),
    ("take-descriptor", |pid| {
        held(pid, |it| open!(libc::SYS_pidfd_getfd, &it, 0, 0).into())
    }),
    ("take-namespace", |pid| {
        held(pid, |it| {
            open!(libc::SYS_ioctl, &it, PIDFD_GET_NET_NAMESPACE, 0).into()
        })
    }),
    ("enter-namespace", |pid| {
        held(pid, |it| {
            call!(libc::SYS_setns, &it, libc::CLONE_NEWNET).into()
        })
    }),
    ("enter-all-namespaces", |pid| {
        let all = libc::CLONE_NEWNS | libc::CLONE_NEWNET | libc::CLONE_NEWIPC;
        held(pid, |it| call!(libc::SYS_setns, &it, all).into())
    }),
    ("enter-namespace-by-path", |pid| {
        let path = c(format!("/proc/{pid}/ns/net"));
        let flags = libc::O_CLOEXEC;
        let namespace = open!(libc::SYS_openat, libc::AT_FDCWD, &path, flags);
        after(namespace, |it| call!(libc::SYS_setns, &it, 0).into())
    }),
    ("advise", |pid| {
        let cold = libc::MADV_COLD;
        held(pid, |it| {
            call!(libc::SYS_process_madvise, &it, 0, 0, cold, 0).into()
        })
    }),
    ("trace", |pid| {
        // The tracer ends at once, and with it the tracing, which has stopped nobody.
        call!(libc::SYS_ptrace, libc::PTRACE_SEIZE, pid, 0, 0).into()
    }),
    ("read-memory", |pid| memory(libc::SYS_process_vm_readv, pid)),
    ("write-memory", |pid| {
        memory(libc::SYS_process_vm_writev, pid)
    }),
    ("move-pages", |pid| {
        call!(libc::SYS_move_pages, pid, 0, 0, 0, 0, 0).into()
    }),
    ("robust-list", |pid| {
        let (mut head, mut size) = (0_u64, 0_u64);
        let (head, size) = (Word::to(&mut head), Word::to(&mut size));
        call!(libc::SYS_get_robust_list, pid, head, size).into()
    }),
    ("compare", |pid| {
        call!(libc::SYS_kcmp, pid, pid, 0, 0, 0).into()
    }),
    ("read-limit", |pid| {
        let mut limit = [0_u64; 2];
        let (kind, to) = (libc::RLIMIT_CORE, Word::to(&mut limit));
        call!(libc::SYS_prlimit64, pid, kind, 0, to).into()
    }),
    ("set-limit", |pid| {
        // No soft limit is above its hard one, which is looked at last.
        let (kind, wrong) = (libc::RLIMIT_CORE, [1_u64, 0]);
        let set = call!(libc::SYS_prlimit64, pid, kind, Word::at(&wrong), 0);
        Outcome::past(set, &[Errno::EINVAL])
    }),
    ("read-priority", |pid| {
        call!(libc::SYS_getpriority, libc::PRIO_PROCESS, pid).into()
    }),
    ("set-priority", |pid| {
        let read = call!(libc::SYS_getpriority, libc::PRIO_PROCESS, pid);
        after(read, |biased| {
            call!(libc::SYS_setpriority, libc::PRIO_PROCESS, pid, 20 - biased).into()
        })
    }),
    ("read-disk-priority", |pid| {
        call!(libc::SYS_ioprio_get, 1, pid).into()
    }),
    ("set-disk-priority", |pid| {
        after(call!(libc::SYS_ioprio_get, 1, pid), |same| {
            call!(libc::SYS_ioprio_set, 1, pid, same).into()
        })
    }),
    ("read-affinity", |pid| {
        let mut processors = [0_u64; 128];
        call!(
            libc::SYS_sched_getaffinity,
            pid,
            1024,
            Word::to(&mut processors)
        )
        .into()
    }),
    ("set-affinity", |pid| {
        let nowhere = [0_u64; 128];
        let set = call!(libc::SYS_sched_setaffinity, pid, 1024, Word::at(&nowhere));
        Outcome::past(set, &[Errno::EINVAL])
    }),
    ("read-scheduler", |pid| {
        call!(libc::SYS_sched_getscheduler, pid).into()
    }),
    ("set-scheduler", |pid| {
        after(call!(libc::SYS_sched_getscheduler, pid), |policy| {
            if policy != i64::from(libc::SCHED_OTHER) {
                return Outcome::value("of an unusual policy");
            }
            let priority = 0_i32;
            call!(
                libc::SYS_sched_setscheduler,
                pid,
                policy,
                Word::at(&priority)
            )
            .into()
        })
    }),
    ("read-group", |pid| call!(libc::SYS_getpgid, pid).into()),
    ("read-session", |pid| call!(libc::SYS_getsid, pid).into()),
    ("read-clock", |pid| {
        // The clock of a process is numbered after the process.
        let (clock, mut time) = ((!pid << 3) | 2, [0_i64; 2]);
        call!(libc::SYS_clock_gettime, clock, Word::to(&mut time)).into()
    }),
];

/// What is tried.
pub(crate) fn attempts() -> Vec<Attempt> {
    let mut attempts = vec![
        here("kill-everybody", |_| {
            // The kernel says yes if there is anybody else, also if none of them may be killed.
            Some(match call!(libc::SYS_kill, -1, 0) {
                Ok(_) => Outcome::value("sees others"),
                answer => answer.into(),
            })
        }),
        here("kill-own-group", |_| {
            Some(call!(libc::SYS_kill, 0, 0).into())
        }),
        apart("kill-first", |_| Some(call!(libc::SYS_kill, 1, 0).into())),
        apart("trace-me", |_| {
            Some(call!(libc::SYS_ptrace, libc::PTRACE_TRACEME, 0, 0, 0).into())
        }),
        apart("trace-first", |_| {
            Some(call!(libc::SYS_ptrace, libc::PTRACE_SEIZE, 1, 0, 0).into())
        }),
        apart("set-priority-of-user", |_| {
            // No process belongs to this user.
            let (user, nobody) = (libc::PRIO_USER, i32::MAX - 1);
            let set = call!(libc::SYS_setpriority, user, nobody, 0);
            Some(Outcome::past(set, &[Errno::ESRCH]))
        }),
        apart("make-sibling", |_| {
            // The new process belongs to the parent of this one, which awaits all it has.
            let flags = libc::CLONE_PARENT | libc::SIGCHLD;
            Some(super::namespaces::clone(flags as u64))
        }),
        apart("adopt-orphans", |_| {
            Some(call!(libc::SYS_prctl, libc::PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0).into())
        }),
        apart("lead-session", |_| Some(call!(libc::SYS_setsid).into())),
        apart("lead-group", |_| {
            Some(call!(libc::SYS_setpgid, 0, 0).into())
        }),
    ];
    for (whose, target) in TARGETS {
        attempts.extend(ACTS.iter().map(|(name, act)| {
            apart(format!("{whose}-{name}"), |given| Some(act(target(given)?)))
        }));
    }
    attempts
}

/// A signal as a process queues it: its number, no error, and the code of queues.
fn queued() -> [i32; 32] {
    let mut signal = [0; 32];
    signal[2] = libc::SI_QUEUE;
    signal
}

fn hold(pid: i32) -> Result<OwnedFd, Errno> {
    open!(libc::SYS_pidfd_open, pid, 0)
}

fn held(pid: i32, act: impl FnOnce(OwnedFd) -> Outcome) -> Outcome {
    after(hold(pid), act)
}

/// Reads or writes a byte where nothing is: the right to is settled before.
fn memory(number: i64, pid: i32) -> Outcome {
    let mut byte = 0_u8;
    let own = [std::ptr::from_mut(&mut byte).expose_provenance() as u64, 1];
    let other = [NOWHERE, 1];
    let done = call!(number, pid, Word::at(&own), 1, Word::at(&other), 1, 0);
    Outcome::past(done, &[Errno::EFAULT])
}
