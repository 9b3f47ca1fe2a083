//! `recorder [ARGUMENT…]`: prints what it was really given, a line each:
//!
//! - `argv N BYTES` and `env KEY=BYTES`, escaped as Rust escapes byte strings;
//! - `cwd PATH`, `pid N`, `ppid N`, `pgid N`, `sid N`, `umask OCTAL`;
//! - `uid N`, `gid N` and `groups N…`, real and effective ones if they differ;
//! - `fd N KIND`, where the kind is a device, a pipe, a file or a socket;
//! - `signals blocked MASK` and `signals ignored MASK`, as in proc_pid_status(5);
//! - `limit NAME SOFT HARD`.
//!
//! What cannot be told is printed as `unreadable`. It asks the kernel itself,
//! since not every child has a /proc.
#![no_main]

mod bare;

use std::env;
use std::ffi::OsStr;
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt as _;
use std::ptr;

use nix::sys::stat::{Mode, SFlag, umask};
use nix::unistd::{getpgrp, getpid, getppid, getsid};
use rustix::process::{Resource, getegid, geteuid, getgid, getgroups, getrlimit, getuid};

bare::bare_main!(run);

/// Descriptors get the lowest number that is free, and nobody here has so many.
const HIGHEST: i32 = 1024;

/// The signals of Linux (signal(7)).
const SIGNALS: i32 = 64;

const LIMITS: &[(&str, Resource)] = &[
    ("max-core-file-size", Resource::Core),
    ("max-open-files", Resource::Nofile),
];

fn run() -> i32 {
    for (n, argument) in env::args_os().enumerate() {
        println!("argv {n} {}", escaped(&argument));
    }
    for (key, value) in env::vars_os() {
        println!("env {}={}", escaped(&key), escaped(&value));
    }
    match env::current_dir() {
        Ok(directory) => println!("cwd {}", escaped(directory.as_os_str())),
        Err(_) => println!("cwd unreadable"),
    }
    println!("pid {}", getpid());
    println!("ppid {}", getppid());
    println!("pgid {}", getpgrp());
    println!("sid {}", getsid(None).map_or(-1, |sid| sid.as_raw()));
    println!("umask {:04o}", umask(Mode::empty()).bits());
    println!("uid {}", both(getuid().as_raw(), geteuid().as_raw()));
    println!("gid {}", both(getgid().as_raw(), getegid().as_raw()));
    match getgroups() {
        Ok(groups) => {
            let groups: Vec<_> = groups.iter().map(|it| it.as_raw().to_string()).collect();
            println!("groups {}", groups.join(" "));
        }
        Err(_) => println!("groups unreadable"),
    }
    for n in 0..HIGHEST {
        if let Some(kind) = descriptor(n) {
            println!("fd {n} {kind}");
        }
    }
    println!("signals blocked {:016x}", mask(blocked));
    println!("signals ignored {:016x}", mask(ignored));
    for (name, resource) in LIMITS {
        let limit = getrlimit(*resource);
        println!(
            "limit {name} {} {}",
            bound(limit.current),
            bound(limit.maximum)
        );
    }
    0
}

fn bound(limit: Option<u64>) -> String {
    limit.map_or("unlimited".to_owned(), |limit| limit.to_string())
}

fn escaped(bytes: &OsStr) -> String {
    bytes.as_bytes().escape_ascii().to_string()
}

fn both(real: u32, effective: u32) -> String {
    if real == effective {
        real.to_string()
    } else {
        format!("{real} {effective}")
    }
}

/// What is open at a number.
#[expect(unsafe_code, reason = "a number need not be an open descriptor's")]
fn descriptor(number: i32) -> Option<String> {
    let mut found = MaybeUninit::<libc::stat>::uninit();
    // SAFETY: the structure outlives the call, and is whole where that succeeds.
    let found = unsafe {
        if libc::fstat(number, found.as_mut_ptr()) != 0 {
            return None;
        }
        found.assume_init()
    };
    let kind = SFlag::from_bits_truncate(found.st_mode & SFlag::S_IFMT.bits());
    let device = (libc::major(found.st_rdev), libc::minor(found.st_rdev));
    Some(match kind {
        SFlag::S_IFCHR if device == (1, 3) => "/dev/null".to_owned(),
        SFlag::S_IFCHR => format!("device:[{}:{}]", device.0, device.1),
        SFlag::S_IFIFO => format!("pipe:[{}]", found.st_ino),
        SFlag::S_IFSOCK => format!("socket:[{}]", found.st_ino),
        SFlag::S_IFREG => format!("file:[{}]", found.st_ino),
        SFlag::S_IFDIR => format!("directory:[{}]", found.st_ino),
        _ => format!("other:[{}]", found.st_ino),
    })
}

/// Signal n is bit n - 1.
fn mask(has: fn(i32) -> bool) -> u64 {
    (1..=SIGNALS)
        .filter(|number| has(*number))
        .fold(0, |mask, number| mask | 1 << (number - 1))
}

#[expect(unsafe_code, reason = "real-time signals have no names in nix")]
fn blocked(number: i32) -> bool {
    let mut set = MaybeUninit::<libc::sigset_t>::zeroed();
    // SAFETY: the set outlives the calls, and all of its bytes may be zero.
    unsafe {
        libc::sigprocmask(libc::SIG_BLOCK, ptr::null(), set.as_mut_ptr());
        libc::sigismember(set.as_ptr(), number) == 1
    }
}

/// The two that the C library keeps to itself it does not tell of.
#[expect(unsafe_code, reason = "nix tells what it was by setting another")]
fn ignored(number: i32) -> bool {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: the structure outlives the call, and all of its bytes may be zero.
    unsafe {
        libc::sigaction(number, ptr::null(), action.as_mut_ptr()) == 0
            && action.assume_init().sa_sigaction == libc::SIG_IGN
    }
}
