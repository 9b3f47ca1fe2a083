//! The process itself: who it is, what it was given, and what it was left with.

use std::fs;

use nix::errno::Errno;
use nix::sys::stat::{Mode, umask};
use nix::unistd::{getpgrp, getpid, getsid};

use super::attempt::{Attempt, here};
use super::descriptors::describe;
use super::outcome::{Outcome, words};
use super::sys::{Word, call};

/// How many numbers a descriptor can reasonably have.
const DESCRIPTORS: i32 = 1024;

/// How many signals there are.
const SIGNALS: usize = 64;

/// What is told.
pub(crate) fn attempts() -> Vec<Attempt> {
    vec![
        here("descriptors", |_| Some(descriptors())),
        here("input", |_| Some(stream(0))),
        here("output", |_| Some(stream(1))),
        here("errors", |_| Some(stream(2))),
        here("user", |_| Some(count(call!(libc::SYS_getuid)))),
        here("user-effective", |_| Some(count(call!(libc::SYS_geteuid)))),
        here("group", |_| Some(count(call!(libc::SYS_getgid)))),
        here("group-effective", |_| Some(count(call!(libc::SYS_getegid)))),
        here("groups", |_| Some(count(call!(libc::SYS_getgroups, 0, 0)))),
        here("capabilities-effective", |_| Some(capabilities(0))),
        here("capabilities-permitted", |_| Some(capabilities(1))),
        here("capabilities-inheritable", |_| Some(capabilities(2))),
        here("capabilities-bounding", |_| {
            Some(each_capability(|n| {
                call!(libc::SYS_prctl, libc::PR_CAPBSET_READ, n)
            }))
        }),
        here("capabilities-ambient", |_| {
            let (kind, is_set) = (libc::PR_CAP_AMBIENT, libc::PR_CAP_AMBIENT_IS_SET);
            Some(each_capability(|n| {
                call!(libc::SYS_prctl, kind, is_set, n, 0, 0)
            }))
        }),
        here("no-new-privileges", |_| {
            Some(control(libc::PR_GET_NO_NEW_PRIVS))
        }),
        here("dumpable", |_| Some(control(libc::PR_GET_DUMPABLE))),
        here("filter", |_| Some(control(libc::PR_GET_SECCOMP))),
        here("secure-bits", |_| Some(control(libc::PR_GET_SECUREBITS))),
        here("signal-of-parent-death", |_| {
            let mut signal = 0_i32;
            let to = Word::to(&mut signal);
            let read = call!(libc::SYS_prctl, libc::PR_GET_PDEATHSIG, to, 0, 0, 0);
            Some(read.map_or_else(Outcome::Refused, |_| Outcome::value(signal)))
        }),
        here("process", |_| {
            Some(Outcome::value(match getpid().as_raw() {
                1 => "first",
                2..100 => "small",
                _ => "large",
            }))
        }),
        here("parent", |given| {
            Some(Outcome::value(match given.parent {
                None => "not seen",
                Some(1) => "first",
                Some(_) => "another",
            }))
        }),
        here("leads-session", |_| {
            Some(match getsid(None) {
                Ok(session) => yes(session == getpid()),
                Err(errno) => Outcome::Refused(errno),
            })
        }),
        here("leads-group", |_| Some(yes(getpgrp() == getpid()))),
        here("terminal", |_| Some(fs::File::open("/dev/tty").into())),
        here("host-name", |_| Some(name(65))),
        here("domain-name", |_| Some(name(325))),
        here("directory", |_| {
            Some(match std::env::current_dir() {
                Ok(path) => Outcome::value(path.to_string_lossy().escape_default()),
                Err(error) => Err::<(), _>(error).into(),
            })
        }),
        here("mask", |_| {
            let mask = umask(Mode::empty());
            umask(mask);
            Some(Outcome::value(format!("{:03o}", mask.bits())))
        }),
        here("limit-of-core", |_| Some(limit(libc::RLIMIT_CORE as i32))),
        here("limit-of-locked-memory", |_| {
            Some(limit(libc::RLIMIT_MEMLOCK as i32))
        }),
        here("signals-blocked", |_| Some(blocked())),
        here("signals-pending", |_| {
            let mut set = 0_u64;
            let read = call!(libc::SYS_rt_sigpending, Word::to(&mut set), 8);
            Some(read.map_or_else(Outcome::Refused, |_| Outcome::value(signals(set))))
        }),
        here("signals-not-default", |_| Some(dispositions())),
        here("environment", |_| {
            let names = std::env::vars_os().map(|(key, _)| key.to_string_lossy().into());
            Some(Outcome::names(Ok::<_, Errno>(names.collect())))
        }),
    ]
}

fn yes(is: bool) -> Outcome {
    Outcome::which(is, "yes", "no")
}

fn count(answer: Result<i64, Errno>) -> Outcome {
    answer.map_or_else(Outcome::Refused, Outcome::value)
}

fn control(option: i32) -> Outcome {
    count(call!(libc::SYS_prctl, option, 0, 0, 0, 0))
}

fn descriptors() -> Outcome {
    let open = |number: &i32| call!(libc::SYS_fcntl, *number, libc::F_GETFD).is_ok();
    let open: Vec<_> = (0..DESCRIPTORS)
        .filter(open)
        .map(|n| n.to_string())
        .collect();
    Outcome::value(words(&open))
}

fn stream(number: i32) -> Outcome {
    match describe(number) {
        Ok(description) => Outcome::Value(description),
        Err(error) => Err::<(), _>(error).into(),
    }
}

/// One of the three sets that a process tells of together.
fn capabilities(set: usize) -> Outcome {
    let header = [0x2008_0522_u32, 0];
    let mut sets = [0_u32; 6];
    match call!(libc::SYS_capget, Word::at(&header), Word::to(&mut sets)) {
        Ok(_) => mask(u64::from(sets[set + 3]) << 32 | u64::from(sets[set])),
        Err(errno) => Outcome::Refused(errno),
    }
}

/// A set of which a process tells one by one.
fn each_capability(ask: impl Fn(u64) -> Result<i64, Errno>) -> Outcome {
    let mut set = 0;
    for number in 0..64 {
        match ask(number) {
            Ok(has) => set |= u64::from(has == 1) << number,
            // The kernel knows no more of them.
            Err(Errno::EINVAL) if number > 0 => break,
            Err(errno) => return Outcome::Refused(errno),
        }
    }
    mask(set)
}

fn mask(set: u64) -> Outcome {
    Outcome::value(format!("{set:#x}"))
}

/// One of the names of the machine, by where it stands among them.
fn name(offset: usize) -> Outcome {
    let mut names = [0_u8; 390];
    match call!(libc::SYS_uname, Word::to(&mut names)) {
        Ok(_) => {
            let name = names[offset..].iter().take_while(|byte| **byte != 0);
            let name: String = name.map(|byte| char::from(*byte)).collect();
            Outcome::value(words(&[name]))
        }
        Err(errno) => Outcome::Refused(errno),
    }
}

fn limit(kind: i32) -> Outcome {
    let mut limit = [0_u64; 2];
    let number = |limit: u64| match limit {
        u64::MAX => "unlimited".to_owned(),
        limit => limit.to_string(),
    };
    match call!(libc::SYS_prlimit64, 0, kind, 0, Word::to(&mut limit)) {
        Ok(_) => Outcome::value(limit.map(number).join(" ")),
        Err(errno) => Outcome::Refused(errno),
    }
}

/// The signals in a set, by their numbers.
fn signals(set: u64) -> String {
    let members = (1..=SIGNALS).filter(|signal| set >> (signal - 1) & 1 == 1);
    words(&members.map(|signal| signal.to_string()).collect::<Vec<_>>())
}

fn blocked() -> Outcome {
    let mut set = 0_u64;
    let read = call!(
        libc::SYS_rt_sigprocmask,
        libc::SIG_BLOCK,
        0,
        Word::to(&mut set),
        8
    );
    read.map_or_else(Outcome::Refused, |_| Outcome::value(signals(set)))
}

/// The signals that do not have their usual effect. The C library leaves two
/// of its own so.
fn dispositions() -> Outcome {
    let mut set = 0_u64;
    for signal in (1..=SIGNALS).filter(|signal| ![32, 33].contains(signal)) {
        let mut action = [0_u64; 8];
        if let Err(errno) = call!(libc::SYS_rt_sigaction, signal, 0, Word::to(&mut action), 8) {
            return Outcome::Refused(errno);
        }
        set |= u64::from(action[0] != 0) << (signal - 1);
    }
    Outcome::value(signals(set))
}
