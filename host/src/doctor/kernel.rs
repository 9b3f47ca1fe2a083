//! A question that only the kernel itself can answer.

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

/// Other systems have none.
#[cfg(not(target_os = "linux"))]
pub(super) fn landlock() -> Landlock {
    Landlock::Missing
}
