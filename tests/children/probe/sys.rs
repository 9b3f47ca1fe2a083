//! The kernel, asked directly: most attempts are calls that no library wraps.
#![expect(
    unsafe_code,
    reason = "system calls that nothing wraps, and processes made by hand"
)]

use std::ffi::{CStr, CString, c_long};
use std::marker::PhantomData;
use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};

use nix::errno::Errno;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid};

/// One argument of a system call: a number, or the address of something that
/// stays borrowed until the call is over.
#[derive(Clone, Copy)]
pub(crate) struct Word<'a>(usize, PhantomData<&'a mut ()>);

impl<'a> Word<'a> {
    /// The address of something that the kernel reads.
    pub(crate) fn at<T: ?Sized>(value: &'a T) -> Self {
        Word(
            std::ptr::from_ref(value).cast::<u8>().expose_provenance(),
            PhantomData,
        )
    }

    /// The address of something that the kernel writes.
    pub(crate) fn to<T: ?Sized>(value: &'a mut T) -> Self {
        Word(
            std::ptr::from_mut(value).cast::<u8>().expose_provenance(),
            PhantomData,
        )
    }
}

/// Numbers are passed as C passes them, with their sign.
macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl From<$number> for Word<'_> {
            fn from(number: $number) -> Self {
                Word(number as usize, PhantomData)
            }
        }
    )*};
}

numbers!(i32, u32, i64, u64, usize);

impl<'a> From<&'a CStr> for Word<'a> {
    fn from(text: &'a CStr) -> Self {
        Word::at(text)
    }
}

impl<'a> From<&'a CString> for Word<'a> {
    fn from(text: &'a CString) -> Self {
        Word::at(text.as_c_str())
    }
}

impl<'a> From<&'a OwnedFd> for Word<'a> {
    fn from(descriptor: &'a OwnedFd) -> Self {
        Word::from(descriptor.as_raw_fd())
    }
}

/// Makes a system call, by its number.
pub(crate) fn ask(number: c_long, words: &[Word<'_>]) -> Result<i64, Errno> {
    let mut all = [0; 6];
    for (slot, word) in all.iter_mut().zip(words) {
        *slot = word.0;
    }
    let [a, b, c, d, e, f] = all;
    // SAFETY: an address among the words is of something borrowed until after the call, as long
    // as the lengths beside it say, and no attempt unmaps or remaps memory that Rust knows.
    Errno::result(unsafe { libc::syscall(number, a, b, c, d, e, f) })
}

/// Makes a system call with words of any type.
macro_rules! call {
    ($number:expr $(, $word:expr)* $(,)?) => {
        $crate::probe::sys::ask($number, &[$($crate::probe::sys::Word::from($word)),*])
    };
}

/// Takes over a descriptor that a system call has just answered.
pub(crate) fn own(answer: Result<i64, Errno>) -> Result<OwnedFd, Errno> {
    let number = i32::try_from(answer?).map_err(|_| Errno::EBADF)?;
    // SAFETY: the caller made a call that opens a descriptor, and nobody else has heard of it.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

/// Makes a system call that answers with a new descriptor.
macro_rules! open {
    ($($word:expr),* $(,)?) => {
        $crate::probe::sys::own($crate::probe::sys::call!($($word),*))
    };
}

pub(crate) use {call, open};

/// The user that this process works as.
pub(crate) fn user() -> i64 {
    call!(libc::SYS_geteuid).unwrap_or(-1)
}

/// Goes on as two processes.
pub(crate) fn fork() -> Result<ForkResult, Errno> {
    // SAFETY: this process has one thread, so the new one may do whatever this one may.
    unsafe { nix::unistd::fork() }
}

/// Ends this process at once, and tells nobody else in it.
pub(crate) fn leave(code: i32) -> ! {
    let _ = call!(libc::SYS_exit_group, code);
    std::process::abort()
}

/// Waits for every child that is left, also for those that a call made in
/// unusual ways.
pub(crate) fn reap() {
    while !matches!(
        waitpid(Pid::from_raw(-1), Some(WaitPidFlag::__WALL)),
        Err(Errno::ECHILD) | Ok(WaitStatus::StillAlive)
    ) {}
}

/// Asks for this process's number in the way of 32-bit programs. Where the
/// kernel does not know that way, the process is killed.
#[cfg(target_arch = "x86_64")]
pub(crate) fn call_32_bit_getpid() -> Result<i32, Errno> {
    let mut answer: u64 = 20;
    // SAFETY: call number 20 takes no arguments and writes no memory, and the registers that the
    // 32-bit entry may clear are declared.
    unsafe {
        std::arch::asm!(
            "int 0x80",
            inlateout("rax") answer,
            lateout("r8") _, lateout("r9") _, lateout("r10") _, lateout("r11") _,
        );
    }
    let answer = answer as u32 as i32;
    if answer < 0 {
        return Err(Errno::from_raw(-answer));
    }
    Ok(answer)
}
