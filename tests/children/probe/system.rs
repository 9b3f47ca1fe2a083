//! The files of the machine: accounts, homes, other processes, the kernel's own
//! trees and devices.

use std::fs;
use std::path::Path;

use nix::errno::Errno;

use super::acts::{list, opened, read};
use super::attempt::{Attempt, apart};
use super::given::Given;
use super::outcome::Outcome;

/// Files that are opened, by the name of the attempt, and then left alone.
const OPENED: &[(&str, &str, i32)] = &[
    ("shadow", "/etc/shadow", libc::O_RDONLY),
    ("passwd-write", "/etc/passwd", libc::O_WRONLY),
    ("resolver", "/etc/resolv.conf", libc::O_RDONLY),
    ("machine-id", "/etc/machine-id", libc::O_RDONLY),
    ("preload-write", "/etc/ld.so.cache", libc::O_WRONLY),
    ("own-status", "/proc/self/status", libc::O_RDONLY),
    ("own-memory", "/proc/self/mem", libc::O_RDWR),
    ("own-program", "/proc/self/exe", libc::O_RDONLY),
    ("own-program-write", "/proc/self/exe", libc::O_WRONLY),
    ("own-output", "/proc/self/fd/1", libc::O_WRONLY),
    ("own-output-by-dev", "/dev/stdout", libc::O_WRONLY),
    (
        "own-timer-slack",
        "/proc/self/timerslack_ns",
        libc::O_WRONLY,
    ),
    ("first-environment", "/proc/1/environ", libc::O_RDONLY),
    ("first-memory", "/proc/1/mem", libc::O_RDONLY),
    ("first-root", "/proc/1/root/etc", libc::O_RDONLY),
    ("kernel-memory", "/proc/kcore", libc::O_RDONLY),
    ("kernel-symbols", "/proc/kallsyms", libc::O_RDONLY),
    ("kernel-log", "/proc/kmsg", libc::O_RDONLY),
    ("kernel-keys", "/proc/keys", libc::O_RDONLY),
    (
        "kernel-request-write",
        "/proc/sysrq-trigger",
        libc::O_WRONLY,
    ),
    (
        "kernel-core-write",
        "/proc/sys/kernel/core_pattern",
        libc::O_WRONLY,
    ),
    (
        "kernel-hostname-write",
        "/proc/sys/kernel/hostname",
        libc::O_WRONLY,
    ),
    (
        "kernel-helper-write",
        "/proc/sys/kernel/modprobe",
        libc::O_WRONLY,
    ),
    (
        "cgroup-write",
        "/sys/fs/cgroup/cgroup.procs",
        libc::O_WRONLY,
    ),
    ("device-memory", "/dev/mem", libc::O_RDONLY),
    ("device-port", "/dev/port", libc::O_RDONLY),
    ("device-log", "/dev/kmsg", libc::O_RDONLY),
    ("device-terminals", "/dev/ptmx", libc::O_RDWR),
    ("device-terminals-2", "/dev/pts/ptmx", libc::O_RDWR),
    ("device-console", "/dev/console", libc::O_WRONLY),
    ("device-fuse", "/dev/fuse", libc::O_RDWR),
    ("device-machines", "/dev/kvm", libc::O_RDWR),
    ("device-tunnels", "/dev/net/tun", libc::O_RDWR),
    ("device-loops", "/dev/loop-control", libc::O_RDWR),
    ("device-input", "/dev/uinput", libc::O_WRONLY),
    ("device-vsock", "/dev/vsock", libc::O_RDONLY),
    ("device-null", "/dev/null", libc::O_RDWR),
    ("device-zero", "/dev/zero", libc::O_RDONLY),
    ("device-random", "/dev/urandom", libc::O_RDONLY),
];

/// Files of another process, below its directory in `/proc`.
const OF_A_PROCESS: &[(&str, &str, i32)] = &[
    ("status", "status", libc::O_RDONLY),
    ("arguments", "cmdline", libc::O_RDONLY),
    ("environment", "environ", libc::O_RDONLY),
    ("maps", "maps", libc::O_RDONLY),
    ("memory", "mem", libc::O_RDWR),
    ("descriptors", "fd", libc::O_RDONLY),
    ("input", "fd/0", libc::O_RDONLY),
    ("root", "root", libc::O_RDONLY),
    ("directory", "cwd", libc::O_RDONLY),
    ("program", "exe", libc::O_RDONLY),
    ("namespace", "ns/mnt", libc::O_RDONLY),
    ("out-of-memory-score", "oom_score_adj", libc::O_WRONLY),
];

/// Directories whose names are printed.
const LISTED: &[(&str, &str)] = &[
    ("list-root", "/"),
    ("list-devices", "/dev"),
    ("list-etc", "/etc"),
    ("list-temporary", "/tmp"),
    ("list-shared-memory", "/dev/shm"),
    ("list-network-devices", "/sys/class/net"),
];

/// Directories that a child has no business in.
const ENTERED: &[(&str, &str)] = &[
    ("superuser", "/root"),
    ("homes", "/home"),
    ("run", "/run"),
    ("variable", "/var"),
    ("boot", "/boot"),
    ("processes", "/proc"),
    ("kernel", "/sys"),
    ("cgroups", "/sys/fs/cgroup"),
    ("debugging", "/sys/kernel/debug"),
    ("tracing", "/sys/kernel/tracing"),
];

/// Disks, as machines of different kinds call the first one.
const DISKS: &[&str] = &[
    "/dev/sda",
    "/dev/vda",
    "/dev/nvme0n1",
    "/dev/xvda",
    "/dev/mmcblk0",
];

/// What is tried.
pub(crate) fn attempts() -> Vec<Attempt> {
    let mut attempts = vec![
        apart("accounts", |_| Some(accounts())),
        apart("disk", |_| Some(disk())),
        apart("score-below-zero", |_| {
            Some(fs::write("/proc/self/oom_score_adj", "-1000").into())
        }),
        apart("mounts-tell-of-host", mounts_tell),
    ];
    attempts.extend(
        OPENED.iter().map(|(name, path, flags)| {
            apart(*name, |_| Some(opened(Path::new(path), *flags).into()))
        }),
    );
    attempts.extend(
        LISTED
            .iter()
            .map(|(name, path)| apart(*name, |_| Some(Outcome::names(list(Path::new(path)))))),
    );
    attempts.extend(ENTERED.iter().map(|(name, path)| {
        apart(format!("enter-{name}"), |_| {
            Some(list(Path::new(path)).into())
        })
    }));
    attempts.extend(OF_A_PROCESS.iter().map(|(name, file, flags)| {
        apart(format!("host-{name}"), |given| {
            Some(of_a_process(given.host?, file, *flags))
        })
    }));
    attempts.extend(OF_A_PROCESS.iter().map(|(name, file, flags)| {
        apart(format!("parent-{name}"), |given| {
            Some(of_a_process(given.parent?, file, *flags))
        })
    }));
    attempts.push(apart("read-first-arguments", |_| {
        Some(read(Path::new("/proc/1/cmdline")))
    }));
    attempts
}

fn of_a_process(process: i32, file: &str, flags: i32) -> Outcome {
    opened(Path::new(&format!("/proc/{process}/{file}")), flags).into()
}

/// Whether the file of accounts tells of others than the superuser, nobody and
/// whoever runs this. One that was made for the child does not.
fn accounts() -> Outcome {
    let text = match fs::read_to_string("/etc/passwd") {
        Ok(text) => text,
        Err(error) => return Err::<(), _>(error).into(),
    };
    let own = super::sys::user().to_string();
    let others = text.lines().any(|line| {
        let mut fields = line.split(':');
        let (name, user) = (fields.next(), fields.nth(1));
        let known = ["0", "65534", own.as_str()];
        name.is_some_and(|n| !n.is_empty()) && !user.is_some_and(|user| known.contains(&user))
    });
    Outcome::which(others, "names others", "names no others")
}

/// The first disk that is there.
fn disk() -> Outcome {
    let opened = DISKS
        .iter()
        .map(|disk| opened(Path::new(disk), libc::O_RDONLY));
    let there = opened
        .into_iter()
        .find(|answer| !matches!(answer, Err(Errno::ENOENT | Errno::ENXIO)));
    there.map_or(Outcome::Absent, Outcome::from)
}

/// Whether the list of mounts gives away where the host keeps what it mounted.
fn mounts_tell(given: &Given) -> Option<Outcome> {
    let telltale = given.telltale()?;
    Some(match fs::read("/proc/self/mountinfo") {
        Ok(text) => {
            let tells = text.windows(telltale.len()).any(|part| part == telltale);
            Outcome::which(tells, "names the host's directory", "does not")
        }
        Err(error) => Err::<(), _>(error).into(),
    })
}
