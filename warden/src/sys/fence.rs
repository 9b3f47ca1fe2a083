//! Capabilities, Landlock and seccomp.

use super::abi::{
    self, CapData, CapHeader, Filter, Instruction, NetPort, PathBeneath, RulesetAttr,
};
use super::{check, check_fd, check_long, syscall};
use std::ffi::{c_int, c_long, c_ulong};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::ptr;

unsafe extern "C" {
    fn prctl(option: c_int, ...) -> c_int;
}

/// prctl(2) with numbers.
pub fn control(option: c_int, value: c_ulong) -> io::Result<c_int> {
    let zero: c_ulong = 0;
    // SAFETY: no option that is used here takes a pointer, but for the name below.
    check(unsafe { prctl(option, value, zero, zero, zero) })
}

/// Name this process, as ps(1) shows it.
pub fn set_name(name: &std::ffi::CStr) -> io::Result<()> {
    // SAFETY: the kernel reads a text, up to its end or 16 bytes.
    check(unsafe { prctl(abi::PR_SET_NAME, name.as_ptr()) }).map(drop)
}

static SELF: CapHeader = CapHeader {
    version: abi::CAPABILITY_VERSION_3,
    pid: 0,
};

/// Give up every capability.
pub fn drop_capabilities() -> io::Result<()> {
    let none = [CapData::default(); 2];
    // SAFETY: version 3 reads a header and two elements.
    check_long(unsafe { syscall(abi::SYS_CAPSET, &raw const SELF, none.as_ptr()) }).map(drop)
}

/// Whether there is no capability, neither to use nor to pass on.
pub fn has_no_capabilities() -> io::Result<bool> {
    let mut header = CapHeader { ..SELF };
    let mut found = [CapData::default(); 2];
    // SAFETY: version 3 writes to a header and two elements.
    let asked = unsafe { syscall(abi::SYS_CAPGET, &raw mut header, found.as_mut_ptr()) };
    check_long(asked)?;
    Ok(found == [CapData::default(); 2])
}

/// The version of Landlock that the kernel has.
pub fn landlock_version() -> io::Result<c_long> {
    let zero: usize = 0;
    // SAFETY: with this flag there is no structure.
    check_long(unsafe {
        syscall(
            abi::SYS_LANDLOCK_CREATE_RULESET,
            ptr::null::<RulesetAttr>(),
            zero,
            abi::LANDLOCK_CREATE_RULESET_VERSION,
        )
    })
}

/// Make a ruleset. `size` is how much of the structure the kernel knows.
pub fn landlock_ruleset(attr: RulesetAttr, size: usize) -> io::Result<OwnedFd> {
    let size = size.min(size_of::<RulesetAttr>());
    let none: c_ulong = 0;
    // SAFETY: the structure is at least as long as is said.
    check_fd(unsafe {
        syscall(
            abi::SYS_LANDLOCK_CREATE_RULESET,
            &raw const attr,
            size,
            none,
        )
    })
}

/// Allow `allowed` beneath what `parent` is.
pub fn landlock_allow_path(
    ruleset: BorrowedFd<'_>,
    parent: BorrowedFd<'_>,
    allowed: u64,
) -> io::Result<()> {
    let rule = PathBeneath {
        allowed,
        parent: parent.as_raw_fd(),
    };
    add_rule(ruleset, abi::LANDLOCK_RULE_PATH_BENEATH, &raw const rule)
}

/// Allow `allowed` with a TCP port.
pub fn landlock_allow_port(ruleset: BorrowedFd<'_>, port: u16, allowed: u64) -> io::Result<()> {
    let rule = NetPort {
        allowed,
        port: port.into(),
    };
    add_rule(ruleset, abi::LANDLOCK_RULE_NET_PORT, &raw const rule)
}

fn add_rule<T>(ruleset: BorrowedFd<'_>, kind: u32, rule: *const T) -> io::Result<()> {
    let none: c_ulong = 0;
    // SAFETY: each of the two callers gives the structure that belongs to the kind.
    let added = unsafe {
        syscall(
            abi::SYS_LANDLOCK_ADD_RULE,
            ruleset.as_raw_fd(),
            kind,
            rule,
            none,
        )
    };
    check_long(added).map(drop)
}

/// Go behind a ruleset, for good.
pub fn landlock_restrict(ruleset: BorrowedFd<'_>) -> io::Result<()> {
    let none: c_ulong = 0;
    // SAFETY: there is no pointer.
    let restricted = unsafe { syscall(abi::SYS_LANDLOCK_RESTRICT_SELF, ruleset.as_raw_fd(), none) };
    check_long(restricted).map(drop)
}

/// Go behind a filter of system calls, for good.
pub fn seccomp(program: &[Instruction]) -> io::Result<()> {
    let filter = Filter {
        length: u16::try_from(program.len()).map_err(|_| io::ErrorKind::InvalidInput)?,
        instructions: program.as_ptr(),
    };
    // SAFETY: the filter points to as many instructions as it says.
    let installed = unsafe {
        syscall(
            abi::SYS_SECCOMP,
            abi::SECCOMP_SET_MODE_FILTER,
            abi::SECCOMP_FILTER_FLAG_SPEC_ALLOW,
            &raw const filter,
        )
    };
    check_long(installed).map(drop)
}
