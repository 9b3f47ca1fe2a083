//! Two questions that only the kernel itself can answer.

use super::Landlock;

/// Which Landlock there is (landlock_create_ruleset(2)).
#[cfg(target_os = "linux")]
pub(super) fn landlock() -> Landlock {
    use nix::errno::Errno;
    use nix::libc;
    const VERSION: libc::c_uint = 1;
    let (none, no_bytes) = (std::ptr::null::<libc::c_void>(), 0_usize);
    let create = libc::SYS_landlock_create_ruleset;
    #[expect(unsafe_code, reason = "no crate asks for the version alone")]
    // SAFETY: with this flag the kernel reads no structure, and makes no descriptor.
    let answer = unsafe { libc::syscall(create, none, no_bytes, VERSION) };
    match (u32::try_from(answer), Errno::last()) {
        (Ok(version), _) => Landlock::Version(version),
        (Err(_), Errno::EOPNOTSUPP) => Landlock::Disabled,
        (Err(_), Errno::ENOSYS) => Landlock::Missing,
        (Err(_), _) => Landlock::Refused,
    }
}

/// Whether a filter of system calls could be installed (seccomp(2)).
#[cfg(target_os = "linux")]
pub(super) fn has_filters() -> bool {
    use nix::libc;
    let action = libc::SECCOMP_RET_ERRNO;
    let (get, no_flags) = (libc::SECCOMP_GET_ACTION_AVAIL, 0 as libc::c_uint);
    #[expect(unsafe_code, reason = "no crate asks what seccomp can do")]
    // SAFETY: the kernel reads one number, which lives until it has.
    let answer = unsafe { libc::syscall(libc::SYS_seccomp, get, no_flags, &raw const action) };
    answer == 0
}

/// Other systems have none.
#[cfg(not(target_os = "linux"))]
pub(super) fn landlock() -> Landlock {
    Landlock::Missing
}

/// Other systems have none.
#[cfg(not(target_os = "linux"))]
pub(super) fn has_filters() -> bool {
    false
}
