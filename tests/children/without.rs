//! `without WHAT PROGRAM ARGUMENT…`: becomes the program, on a machine that lacks something:
//!
//! - `namespaces`: no user namespace can be made any more;
//! - `unshare`: a filter refuses unshare(2), as those of containers do;
//! - `landlock`: the kernel has no Landlock.
#![expect(unsafe_code, reason = "no safe function restricts a process")]

use std::ffi::CString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;

/// The number of landlock_create_ruleset(2), the same everywhere.
const LANDLOCK: u32 = 444;

fn main() {
    let mut arguments = std::env::args_os().skip(1);
    let what = arguments.next().expect("usage: without WHAT PROGRAM…");
    match what.to_str() {
        Some("namespaces") => forbid_namespaces(),
        Some("unshare") => refuse(libc::SYS_unshare as u32, libc::EPERM),
        Some("landlock") => refuse(LANDLOCK, libc::EOPNOTSUPP),
        _ => panic!("{what:?} is nothing that can be lacking"),
    }
    let text = |argument: std::ffi::OsString| CString::new(argument.into_vec());
    let program: Result<Vec<CString>, _> = arguments.map(text).collect();
    let program = program.expect("arguments hold no NUL");
    let failed = nix::unistd::execv(&program[0], &program);
    panic!("{:?}: {failed:?}", program[0]);
}

/// Goes into a user namespace in which none may be made.
fn forbid_namespaces() {
    // SAFETY: there is no pointer.
    let (user, group) = unsafe { (libc::geteuid(), libc::getegid()) };
    // SAFETY: as above, and this process has one thread.
    assert_eq!(unsafe { libc::unshare(libc::CLONE_NEWUSER) }, 0);
    let write = |path: &str, text: &str| fs::write(path, text).expect(path);
    write("/proc/self/setgroups", "deny");
    write("/proc/self/uid_map", &format!("{user} {user} 1"));
    write("/proc/self/gid_map", &format!("{group} {group} 1"));
    write("/proc/sys/user/max_user_namespaces", "0");
}

/// Answers a system call with an error, here and in all that comes from here.
fn refuse(call: u32, errno: i32) {
    let load_number = libc::sock_filter {
        code: 0x20,
        jt: 0,
        jf: 0,
        k: 0,
    };
    let is_it = libc::sock_filter {
        code: 0x15,
        jt: 0,
        jf: 1,
        k: call,
    };
    let give = |k| libc::sock_filter {
        code: 0x06,
        jt: 0,
        jf: 0,
        k,
    };
    let error = libc::SECCOMP_RET_ERRNO | errno.unsigned_abs();
    let mut filter = [
        load_number,
        is_it,
        give(error),
        give(libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog {
        len: 4,
        filter: filter.as_mut_ptr(),
    };
    // SAFETY: the program points to as many instructions as it says, and outlives the calls.
    unsafe {
        assert_eq!(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
        let mode = libc::SECCOMP_MODE_FILTER;
        assert_eq!(
            libc::prctl(libc::PR_SET_SECCOMP, mode, &raw const program),
            0
        );
    }
}
