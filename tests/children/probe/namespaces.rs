//! Namespaces: new ones, in which a child would have every capability, and a
//! new root.

use nix::errno::Errno;

use super::acts::after;
use super::attempt::{Attempt, apart};
use super::given::c;
use super::outcome::Outcome;
use super::sys::{self, Word, call, open};

/// The kinds of namespaces.
const KINDS: &[(&str, i32)] = &[
    ("user", libc::CLONE_NEWUSER),
    ("mount", libc::CLONE_NEWNS),
    ("process", libc::CLONE_NEWPID),
    ("network", libc::CLONE_NEWNET),
    ("ipc", libc::CLONE_NEWIPC),
    ("name", libc::CLONE_NEWUTS),
    ("cgroup", libc::CLONE_NEWCGROUP),
];

/// A new clock namespace, whose flag `clone` takes for a signal.
const CLONE_NEWTIME: i32 = 0x80;

/// What is tried.
pub(crate) fn attempts() -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = KINDS
        .iter()
        .chain([&("time", CLONE_NEWTIME)])
        .map(|&(name, flag)| {
            apart(format!("unshare-{name}"), move |_| {
                Some(call!(libc::SYS_unshare, flag).into())
            })
        })
        .collect();
    attempts.extend(KINDS.iter().map(|&(name, flag)| {
        apart(format!("clone-{name}"), move |_| {
            Some(clone((flag | libc::SIGCHLD) as u64))
        })
    }));
    attempts.extend([
        apart("unshare-user-and-mount", |_| {
            let flags = libc::CLONE_NEWUSER | libc::CLONE_NEWNS;
            Some(call!(libc::SYS_unshare, flags).into())
        }),
        apart("unshare-files", |_| {
            Some(call!(libc::SYS_unshare, libc::CLONE_FILES).into())
        }),
        apart("clone-nothing", |_| Some(clone(libc::SIGCHLD as u64))),
        // The kernel cuts these flags to 32 bits.
        apart("clone-user-with-high-bits", |_| {
            Some(clone(
                1 << 32 | (libc::CLONE_NEWUSER | libc::SIGCHLD) as u64,
            ))
        }),
        apart("clone-3-nothing", |_| Some(clone_3(0))),
        apart("clone-3-user", |_| {
            Some(clone_3(libc::CLONE_NEWUSER as u64))
        }),
        apart("enter-own", |_| {
            let path = c"/proc/self/ns/net";
            let namespace = open!(libc::SYS_openat, libc::AT_FDCWD, path, libc::O_CLOEXEC);
            Some(after(namespace, |it| call!(libc::SYS_setns, &it, 0).into()))
        }),
        apart("enter-own-held", |_| {
            let own = std::process::id();
            let itself = open!(libc::SYS_pidfd_open, own, 0);
            Some(after(itself, |it| {
                call!(libc::SYS_setns, &it, libc::CLONE_NEWUTS).into()
            }))
        }),
        apart("map-users", |_| {
            let map = format!("0 {} 1", sys::user());
            Some(after(call!(libc::SYS_unshare, libc::CLONE_NEWUSER), |_| {
                std::fs::write("/proc/self/uid_map", map).into()
            }))
        }),
        apart("mount-as-own-root", |given| {
            // The mount ends with its namespace, and that with this process.
            let inside = c(given.inside.as_ref()?);
            let flags = libc::CLONE_NEWUSER | libc::CLONE_NEWNS;
            Some(after(call!(libc::SYS_unshare, flags), |_| {
                call!(libc::SYS_mount, c"tmpfs", &inside, c"tmpfs", 0, 0).into()
            }))
        }),
        apart("network-as-own-root", |_| {
            let flags = libc::CLONE_NEWUSER | libc::CLONE_NEWNET;
            Some(after(call!(libc::SYS_unshare, flags), |_| {
                let (kind, all) = (libc::SOCK_RAW | libc::SOCK_CLOEXEC, 0x0300);
                open!(libc::SYS_socket, libc::AF_PACKET, kind, all).into()
            }))
        }),
        apart("change-root", |given| {
            Some(call!(libc::SYS_chroot, &c(given.inside.as_ref()?)).into())
        }),
        apart("change-root-to-itself", |_| {
            Some(call!(libc::SYS_chroot, c"/").into())
        }),
        apart("pivot-root", |_| {
            // The right to is settled before the directories are looked for.
            let nowhere = c"/made-by-probe";
            let pivoted = call!(libc::SYS_pivot_root, nowhere, nowhere);
            Some(Outcome::past(pivoted, &[Errno::ENOENT]))
        }),
    ]);
    attempts
}

/// Makes a process with these flags, which ends at once.
pub(crate) fn clone(flags: u64) -> Outcome {
    ended(call!(libc::SYS_clone, flags, 0, 0, 0, 0))
}

fn clone_3(flags: u64) -> Outcome {
    let signal = libc::SIGCHLD as u64;
    let arguments = [flags, 0, 0, 0, signal, 0, 0, 0];
    ended(call!(
        libc::SYS_clone3,
        Word::at(&arguments),
        size_of_val(&arguments)
    ))
}

fn ended(made: Result<i64, Errno>) -> Outcome {
    if made == Ok(0) {
        sys::leave(0);
    }
    sys::reap();
    made.into()
}
