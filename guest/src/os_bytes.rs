//! Arguments are bytes.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// What can be passed to a program: any bytes except NUL, since that is what
/// POSIX programs receive. Text is passed as its UTF-8 encoding.
///
/// So `&str`, `String`, `&[u8]`, `Vec<u8>`, `OsString`, `&Path` and the like all
/// do as an argument.
pub trait OsBytes {
    /// The bytes to pass.
    fn os_bytes(&self) -> &[u8];
}

impl<T: OsBytes + ?Sized> OsBytes for &T {
    fn os_bytes(&self) -> &[u8] {
        T::os_bytes(self)
    }
}

impl<T: OsBytes + ToOwned + ?Sized> OsBytes for Cow<'_, T> {
    fn os_bytes(&self) -> &[u8] {
        T::os_bytes(self)
    }
}

impl<const N: usize> OsBytes for [u8; N] {
    fn os_bytes(&self) -> &[u8] {
        self
    }
}

macro_rules! os_bytes {
    ($($type:ty, |$it:ident| $bytes:expr;)*) => {$(
        impl OsBytes for $type {
            fn os_bytes(&self) -> &[u8] {
                let $it = self;
                $bytes
            }
        }
    )*};
}

// On WASI an `OsStr` is any bytes, and these are they.
os_bytes! {
    str, |it| it.as_bytes();
    String, |it| it.as_bytes();
    [u8], |it| it;
    Vec<u8>, |it| it;
    OsStr, |it| it.as_encoded_bytes();
    OsString, |it| it.as_encoded_bytes();
    Path, |it| it.as_os_str().as_encoded_bytes();
    PathBuf, |it| it.as_os_str().as_encoded_bytes();
}
