//! The warden's program, as a file that can be executed.

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The program that holds confined children in their guest's world, as an executable file. It is
/// empty where the system is unknown to it.
///
/// Nothing has to be done with it: it is started from a file in memory. A machine that forbids to
/// execute such files needs it as an ordinary one, and [`use_warden_file`].
pub const WARDEN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/offspring-warden"));

/// The file that it is in, once there is one.
static FILE: Mutex<Option<OwnedFd>> = Mutex::new(None);

/// Start wardens from this file, for machines that forbid to execute files in memory
/// (`vm.memfd_noexec`). The file holds [`WARDEN`], and nothing else.
///
/// It counts for the whole process, and has to be called before anything is confined. Afterwards
/// the file is still looked at, and nothing changes.
///
/// # Authority
///
/// Whoever may write to the file decides what confines children.
///
/// # Errors
///
/// The file cannot be read, or is not the program of this version: [`io::ErrorKind::InvalidData`].
pub fn use_warden_file(path: impl AsRef<Path>) -> io::Result<()> {
    let file = File::open(path)?;
    // It is looked at through the descriptor that will be executed.
    if std::fs::read(of(&file))? != WARDEN {
        let text = "it is not the warden of this version";
        return Err(io::Error::new(io::ErrorKind::InvalidData, text));
    }
    lock().get_or_insert(file.into());
    Ok(())
}

/// A path at which this process's children find the program.
///
/// The file is made once, and sealed, so that nobody can change it afterwards.
pub(super) fn path() -> io::Result<String> {
    let mut file = lock();
    // The descriptor is never closed, so the number stays its own.
    Ok(match &*file {
        Some(made) => of(made),
        None => of(file.insert(make()?)),
    })
}

fn of(file: &impl AsRawFd) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

fn lock() -> MutexGuard<'static, Option<OwnedFd>> {
    FILE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn make() -> io::Result<OwnedFd> {
    if WARDEN.is_empty() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    // Since Linux 6.3 a memory file that is to be executed must say so, and before it must not.
    let file = memfd_create(c"offspring-warden", flags | MemfdFlags::EXEC)
        .or_else(|_| memfd_create(c"offspring-warden", flags))?;
    let mut file = File::from(file);
    file.write_all(WARDEN)?;
    let seals = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
    fcntl_add_seals(&file, seals)?;
    Ok(file.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_something_else_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut other = WARDEN.to_vec();
        *other.last_mut().unwrap() ^= 1;
        std::fs::write(&file, other).unwrap();
        let error = use_warden_file(&file).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        let error = use_warden_file("/no/such/file").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_file_that_holds_the_program_is_taken() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, WARDEN).unwrap();
        use_warden_file(&file).unwrap();
    }
}
