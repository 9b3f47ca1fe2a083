//! The kernel's doors, one safe function each. All of this program's `unsafe` is beneath here.
//!
//! The C library's functions are declared by hand, since this program has no dependencies (see
//! its Cargo.toml). A test compares every number in [`abi`] with the libc crate's.
#![expect(
    unsafe_code,
    reason = "system calls are made here, so that they are made nowhere else"
)]

pub mod abi;
pub mod fence;
pub mod mount;
pub mod process;
pub mod socket;

use std::ffi::{c_int, c_long};
use std::io;
use std::os::fd::{FromRawFd, OwnedFd};

unsafe extern "C" {
    pub(self) fn syscall(number: c_long, ...) -> c_long;
}

/// The result of a call that answers -1 and sets `errno`.
fn check(result: c_int) -> io::Result<c_int> {
    check_long(result.into()).map(|result| result as c_int)
}

fn check_long(result: c_long) -> io::Result<c_long> {
    if result == -1 {
        Err(io::Error::last_os_error())
    } else {
        Ok(result)
    }
}

/// The descriptor that a system call has made.
fn check_fd(result: c_long) -> io::Result<OwnedFd> {
    let fd = check_long(result)? as c_int;
    // SAFETY: the kernel has just made this descriptor for us, and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// The number of an error of the system.
pub fn errno(error: &io::Error) -> c_int {
    error.raw_os_error().unwrap_or(0)
}
