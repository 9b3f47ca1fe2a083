//! The kernel itself: its administration, the large subsystems that have held
//! most of its holes, and the other doors to its system calls.

use std::ffi::CStr;

use nix::errno::Errno;

use super::acts::{after, opened};
use super::attempt::{Attempt, apart};
use super::outcome::Outcome;
use super::sys::{self, Word, call, open};

/// Where nothing is.
const NOWHERE: &CStr = c"/made-by-probe";

/// What is tried.
pub(crate) fn attempts() -> Vec<Attempt> {
    let mut attempts = administration();
    attempts.extend(subsystems());
    attempts.extend(doors());
    attempts
}

/// What administrators do, with arguments that are looked at after the right.
fn administration() -> Vec<Attempt> {
    vec![
        apart("reboot", |_| {
            Some(sign(call!(libc::SYS_reboot, 0, 0, 0, 0), Errno::EINVAL))
        }),
        apart("replace", |_| {
            Some(sign(
                call!(libc::SYS_kexec_load, 0, 10000, 0, -1),
                Errno::EINVAL,
            ))
        }),
        apart("replace-by-file", |_| {
            let loaded = call!(libc::SYS_kexec_file_load, -1, -1, 0, 0, -1);
            Some(sign(loaded, Errno::EINVAL))
        }),
        apart("swap-on", |_| {
            Some(sign(call!(libc::SYS_swapon, NOWHERE, 0), Errno::ENOENT))
        }),
        apart("swap-off", |_| {
            Some(sign(call!(libc::SYS_swapoff, NOWHERE), Errno::ENOENT))
        }),
        apart("load-module", |_| {
            Some(sign(
                call!(libc::SYS_init_module, 0, 0, c""),
                Errno::ENOEXEC,
            ))
        }),
        apart("load-module-by-file", |_| {
            Some(sign(
                call!(libc::SYS_finit_module, -1, c"", 0),
                Errno::EBADF,
            ))
        }),
        apart("unload-module", |_| {
            Some(sign(call!(libc::SYS_delete_module, c"", 0), Errno::ENOENT))
        }),
        apart("account", |_| {
            Some(sign(call!(libc::SYS_acct, NOWHERE), Errno::ENOENT))
        }),
        apart("quota", |_| {
            let read_format = 0x0080_0004_u32 << 8;
            Some(sign(
                call!(libc::SYS_quotactl, read_format, 0, 0, 0),
                Errno::ENODEV,
            ))
        }),
        apart("name-host", |_| {
            Some(sign(call!(libc::SYS_sethostname, c"", -1), Errno::EINVAL))
        }),
        apart("name-domain", |_| {
            Some(sign(call!(libc::SYS_setdomainname, c"", -1), Errno::EINVAL))
        }),
        // Neither a time nor a zone is set.
        apart("set-time", |_| {
            Some(call!(libc::SYS_settimeofday, 0, 0).into())
        }),
        apart("set-clock", |_| {
            // It would have been before the machine was started.
            let beginning = [0_i64, 0];
            let set = call!(
                libc::SYS_clock_settime,
                libc::CLOCK_REALTIME,
                Word::at(&beginning)
            );
            Some(sign(set, Errno::EINVAL))
        }),
        apart("adjust-clock", |_| {
            // No tick has no length.
            let mut adjustment = [0_u64; 26];
            adjustment[0] = u64::from(libc::ADJ_TICK);
            Some(sign(
                call!(libc::SYS_adjtimex, Word::to(&mut adjustment)),
                Errno::EINVAL,
            ))
        }),
        apart("read-log", |_| {
            let (read_all, mut text) = (3, [0_u8; 16]);
            Some(call!(libc::SYS_syslog, read_all, Word::to(&mut text), 16).into())
        }),
        apart("set-log-level", |_| {
            Some(sign(call!(libc::SYS_syslog, 8, 0, 0), Errno::EINVAL))
        }),
        apart("open-by-handle", |_| {
            let here = opened(".".as_ref(), libc::O_DIRECTORY);
            Some(after(here, |here| {
                // The root of most file systems is numbered 2; any answer about it is one.
                let root = [8_u32, 1, 2, 0];
                let flags = libc::O_RDONLY | libc::O_CLOEXEC;
                let opened = open!(libc::SYS_open_by_handle_at, &here, Word::at(&root), flags);
                sign(opened, Errno::ESTALE)
            }))
        }),
        #[cfg(target_arch = "x86_64")]
        apart("ports", |_| {
            Some(call!(libc::SYS_ioperm, 0x80, 1, 1).into())
        }),
        #[cfg(target_arch = "x86_64")]
        apart("all-ports", |_| Some(call!(libc::SYS_iopl, 3).into())),
        #[cfg(target_arch = "x86_64")]
        apart("segments", |_| {
            let mut table = [0_u8; 64];
            Some(call!(libc::SYS_modify_ldt, 0, Word::to(&mut table), 64).into())
        }),
    ]
}

/// What any process may ask for on an ordinary machine, and few need to.
fn subsystems() -> Vec<Attempt> {
    vec![
        apart("rings", |_| {
            let mut parameters = [0_u32; 30];
            Some(open!(libc::SYS_io_uring_setup, 1, Word::to(&mut parameters)).into())
        }),
        apart("rings-enter", |_| {
            let entered = call!(libc::SYS_io_uring_enter, -1, 0, 0, 0, 0, 0);
            Some(sign(entered, Errno::EBADF))
        }),
        apart("rings-register", |_| {
            let registered = call!(libc::SYS_io_uring_register, -1, 0, 0, 0);
            Some(Outcome::past(registered, &[Errno::EBADF, Errno::EINVAL]))
        }),
        apart("asynchronous-files", |_| {
            let mut context = 0_u64;
            Some(call!(libc::SYS_io_setup, 1, Word::to(&mut context)).into())
        }),
        apart("programs", |_| {
            // A table of one element.
            let table = [2_u32, 4, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            Some(open!(libc::SYS_bpf, 0, Word::at(&table), 64).into())
        }),
        apart("counters", |_| Some(counters(0))),
        apart("counters-of-all", |_| Some(counters(-1))),
        apart("page-faults", |_| {
            Some(open!(libc::SYS_userfaultfd, libc::O_CLOEXEC).into())
        }),
        apart("page-faults-of-users", |_| {
            let only_users = 1;
            Some(open!(libc::SYS_userfaultfd, libc::O_CLOEXEC | only_users).into())
        }),
        apart("watches", |_| {
            Some(open!(libc::SYS_inotify_init1, libc::IN_CLOEXEC).into())
        }),
        apart("watches-of-all", |_| {
            Some(open!(libc::SYS_fanotify_init, 0, 0).into())
        }),
        apart("watches-of-handles", |_| {
            Some(open!(libc::SYS_fanotify_init, libc::FAN_REPORT_FID, 0).into())
        }),
        apart("memory-file", |_| {
            Some(open!(libc::SYS_memfd_create, c"made-by-probe", libc::MFD_CLOEXEC).into())
        }),
        apart("memory-secret", |_| {
            Some(open!(libc::SYS_memfd_secret, libc::O_CLOEXEC).into())
        }),
        apart("memory-in-huge-pages", |_| {
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_HUGETLB;
            Some(call!(libc::SYS_mmap, 0, 1 << 21, libc::PROT_READ, flags, -1, 0).into())
        }),
        apart("memory-locked", |_| {
            let own = [0_u8; 64];
            Some(call!(libc::SYS_mlock, Word::at(&own), 64).into())
        }),
        apart("memory-at-zero", |_| {
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED_NOREPLACE;
            Some(call!(libc::SYS_mmap, 0, 4096, libc::PROT_READ, flags, -1, 0).into())
        }),
        apart("memory-policy", |_| {
            Some(call!(libc::SYS_set_mempolicy, 0, 0, 0).into())
        }),
        apart("pipe-of-one-mebibyte", |_| {
            let mut ends = [0_i32; 2];
            let made = call!(libc::SYS_pipe2, Word::to(&mut ends), libc::O_CLOEXEC);
            Some(after(made, |_| {
                call!(libc::SYS_fcntl, ends[1], libc::F_SETPIPE_SZ, 1 << 20).into()
            }))
        }),
        apart("pipe-of-notices", |_| {
            let (mut ends, notices) = ([0_i32; 2], libc::O_EXCL | libc::O_CLOEXEC);
            Some(call!(libc::SYS_pipe2, Word::to(&mut ends), notices).into())
        }),
        apart("pages-into-pipe", |_| {
            let mut ends = [0_i32; 2];
            let made = call!(libc::SYS_pipe2, Word::to(&mut ends), libc::O_CLOEXEC);
            Some(after(made, |_| {
                call!(libc::SYS_vmsplice, ends[1], 0, 0, 0).into()
            }))
        }),
        apart("modules-of-security", |_| {
            let (mut modules, mut size) = ([0_u64; 64], 512_u32);
            let (modules, size) = (Word::to(&mut modules), Word::to(&mut size));
            Some(call!(461, modules, size, 0).into())
        }),
    ]
}

/// The other ways into the kernel, past a filter that knows only the usual one.
fn doors() -> Vec<Attempt> {
    vec![
        #[cfg(target_arch = "x86_64")]
        apart("call-of-32-bits", |_| {
            Some(sys::call_32_bit_getpid().into())
        }),
        #[cfg(target_arch = "x86_64")]
        apart("call-of-short-pointers", |_| {
            let short_pointers = 0x4000_0000;
            Some(call!(libc::SYS_getpid | short_pointers).into())
        }),
        apart("call-999", |_| Some(call!(999).into())),
        apart("call-negative", |_| Some(call!(-1).into())),
        apart("call-with-high-bits", |_| {
            // The kernel cuts a number to 32 bits, on some architectures.
            Some(call!(1 << 32 | libc::SYS_getpid).into())
        }),
    ]
}

fn sign<T>(answer: Result<T, Errno>, sign: Errno) -> Outcome {
    Outcome::past(answer, &[sign])
}

/// Counts what this process does, or all that a processor does.
fn counters(process: i32) -> Outcome {
    // A software event: the clock of the processor.
    let mut event = [0_u32; 32];
    (event[0], event[1]) = (1, 128);
    let processor = if process == 0 { -1 } else { 0 };
    let (none, on_exec) = (-1, 8);
    open!(
        libc::SYS_perf_event_open,
        Word::at(&event),
        process,
        processor,
        none,
        on_exec
    )
    .into()
}
