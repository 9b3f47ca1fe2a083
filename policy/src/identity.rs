//! What the system knows of a program's file.

use crate::plan::ProgramIdentity;
use crate::request::FileIdentity;
use std::fs::Metadata;

/// What tells the file from another.
#[cfg(unix)]
pub(crate) fn of(metadata: &Metadata) -> ProgramIdentity {
    use std::os::unix::fs::MetadataExt;
    let seconds = i128::from(metadata.ctime());
    ProgramIdentity {
        device: metadata.dev(),
        inode: metadata.ino(),
        size: metadata.size(),
        modified: modified(metadata),
        changed: seconds * 1_000_000_000 + i128::from(metadata.ctime_nsec()),
    }
}

/// What tells the file from another.
#[cfg(not(unix))]
pub(crate) fn of(metadata: &Metadata) -> ProgramIdentity {
    ProgramIdentity {
        device: 0,
        inode: 0,
        size: metadata.len(),
        modified: modified(metadata),
        changed: 0,
    }
}

/// What tells a file or directory from every other, by whatever path it is reached.
#[cfg(unix)]
pub(crate) fn file(metadata: &Metadata) -> Option<FileIdentity> {
    use std::os::unix::fs::MetadataExt;
    Some(FileIdentity {
        device: metadata.dev(),
        inode: metadata.ino(),
    })
}

/// What tells a file or directory from every other: nothing on this system.
#[cfg(not(unix))]
pub(crate) fn file(_: &Metadata) -> Option<FileIdentity> {
    None
}

/// Whether anybody may execute the file.
#[cfg(unix)]
pub(crate) fn is_executable(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

/// Whether anybody may execute the file.
#[cfg(not(unix))]
pub(crate) fn is_executable(_: &Metadata) -> bool {
    true
}

/// What a file's permissions make worth a warning: whether others than its owner may write it,
/// and whether it runs with the rights of its owner or group (set-user-ID, set-group-ID).
#[cfg(unix)]
pub(crate) fn writable_and_privileged(metadata: &Metadata) -> (bool, bool) {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode();
    (mode & 0o022 != 0, mode & 0o6000 != 0)
}

/// What a file's permissions make worth a warning: nothing on this system.
#[cfg(not(unix))]
pub(crate) fn writable_and_privileged(_: &Metadata) -> (bool, bool) {
    (false, false)
}

fn modified(metadata: &Metadata) -> std::time::SystemTime {
    metadata.modified().unwrap_or(std::time::UNIX_EPOCH)
}
