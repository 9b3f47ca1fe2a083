//! The warden's program, as a file that can be executed.

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Mutex;

/// The program, as the build script has compiled it; empty where the system is unknown to it.
const WARDEN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/offspring-warden"));

/// The memory file that it is in, once there is one.
static FILE: Mutex<Option<OwnedFd>> = Mutex::new(None);

/// A path at which this process's children find the program.
///
/// The file is made once, and sealed, so that nobody can change it afterwards.
pub(super) fn path() -> io::Result<String> {
    let mut file = FILE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let fd = match &*file {
        Some(made) => made.as_raw_fd(),
        None => file.insert(make()?).as_raw_fd(),
    };
    // The descriptor is never closed, so the number stays its own.
    Ok(format!("/proc/self/fd/{fd}"))
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
