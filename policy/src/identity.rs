//! What the system knows of a program's file.

use crate::plan::ProgramIdentity;
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

fn modified(metadata: &Metadata) -> std::time::SystemTime {
    metadata.modified().unwrap_or(std::time::UNIX_EPOCH)
}
