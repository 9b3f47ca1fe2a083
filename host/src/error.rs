//! Why an operation of a guest failed, in the host's own terms.
//!
//! The faces convert [`ErrorCode`] to the WIT variant `error-code`, and nothing else crosses to
//! the guest.

use offspring_policy::DenialCode;
use std::{fmt, io};

pub use offspring_policy::Part;

/// Why an operation of a guest failed.
///
/// No case carries anything of the host: no path, no process number and no text of the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The policy does not allow this part.
    #[error("access denied: {0}")]
    AccessDenied(Part),
    /// A file or directory of the guest, or the allowed program, does not exist.
    #[error("not found: {0}")]
    NotFound(Part),
    /// The request is malformed.
    #[error("invalid argument: {0}")]
    InvalidArgument(Part),
    /// A result that is delivered once was asked for again.
    #[error("the result was delivered before")]
    Delivered,
    /// The request is larger than a program can be given.
    #[error("too big: {0}")]
    TooBig(Part),
    /// A bound is reached.
    #[error("limit reached: {0}")]
    LimitReached(Limit),
    /// The program's file is not the one that the policy pinned.
    #[error("the program changed since the policy was loaded")]
    ProgramChanged,
    /// The demanded confinement cannot be put up.
    #[error("the demanded confinement is unavailable")]
    SandboxUnavailable,
    /// The host shuts down, and starts nothing any more.
    #[error("the host shuts down")]
    ShuttingDown,
    /// The child has exited.
    #[error("the child has exited")]
    AlreadyExited,
    /// The reader closed its end.
    #[error("broken pipe")]
    BrokenPipe,
    /// The launcher cannot do this part.
    #[error("unsupported: {0}")]
    Unsupported(Part),
    /// The system failed in another way.
    #[error("input/output error: {0}")]
    Io(IoError),
}

/// A bound that the operator or the host has set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// Children running at once.
    Children,
    /// Children started since the guest began.
    Spawns,
    /// Memory held by commands that were not spawned yet.
    Commands,
    /// Descriptors that the host is willing to open, or that its system gives it (`EMFILE`,
    /// `ENFILE`).
    Descriptors,
    /// Memory that the host is willing to hold for a guest.
    Memory,
    /// Children started in a time.
    SpawnRate,
    /// Children of all guests of the host together.
    Host,
    /// The time that the host reads on after a child has exited, while a descendant of it still
    /// holds its pipe.
    Drain,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Children => "children at once",
            Self::Spawns => "children in all",
            Self::Commands => "commands that were not spawned yet",
            Self::Descriptors => "descriptors",
            Self::Memory => "memory",
            Self::SpawnRate => "children in a time",
            Self::Host => "children of the host at once",
            Self::Drain => "time to read on after the exit",
        })
    }
}

/// An error of the operating system, by its POSIX name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IoError {
    /// `EAGAIN`.
    Again,
    /// `ENOEXEC`.
    BadExecutable,
    /// `EBUSY`, `ETXTBSY`.
    Busy,
    /// `EEXIST`.
    Exists,
    /// `EFBIG`.
    FileTooLarge,
    /// `EIO`.
    Io,
    /// `EISDIR`.
    IsDirectory,
    /// `ELOOP`, `EXDEV`.
    Loop,
    /// `ENAMETOOLONG`.
    NameTooLong,
    /// `ENOMEM`.
    NoMemory,
    /// `ENOSPC`, `EDQUOT`.
    NoSpace,
    /// `ENOTDIR`.
    NotDirectory,
    /// `EROFS`.
    ReadOnly,
    /// Anything else.
    Other,
}

/// The POSIX name.
impl fmt::Display for IoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Again => "EAGAIN",
            Self::BadExecutable => "ENOEXEC",
            Self::Busy => "EBUSY",
            Self::Exists => "EEXIST",
            Self::FileTooLarge => "EFBIG",
            Self::Io => "EIO",
            Self::IsDirectory => "EISDIR",
            Self::Loop => "ELOOP",
            Self::NameTooLong => "ENAMETOOLONG",
            Self::NoMemory => "ENOMEM",
            Self::NoSpace => "ENOSPC",
            Self::NotDirectory => "ENOTDIR",
            Self::ReadOnly => "EROFS",
            Self::Other => "another error of the system",
        })
    }
}

impl ErrorCode {
    /// What an error of the system means when it met `part` of a request.
    pub(crate) fn of_part(error: &io::Error, part: Part) -> Self {
        use nix::errno::Errno;
        let Some(number) = error.raw_os_error() else {
            return match error.kind() {
                io::ErrorKind::Unsupported => Self::Unsupported(part),
                _ => Self::Io(IoError::Other),
            };
        };
        match Errno::from_raw(number) {
            Errno::ENOENT => Self::NotFound(part),
            Errno::EACCES | Errno::EPERM => Self::AccessDenied(part),
            Errno::E2BIG => Self::TooBig(part),
            Errno::EINVAL => Self::InvalidArgument(part),
            _ => error.into(),
        }
    }
}

impl From<&io::Error> for ErrorCode {
    fn from(error: &io::Error) -> Self {
        use nix::errno::Errno;
        let Some(number) = error.raw_os_error() else {
            let own = error.get_ref().and_then(|own| own.downcast_ref());
            if let Some(code) = own {
                return *code;
            }
            return match error.kind() {
                io::ErrorKind::BrokenPipe => Self::BrokenPipe,
                _ => Self::Io(IoError::Other),
            };
        };
        Self::Io(match Errno::from_raw(number) {
            Errno::EPIPE | Errno::ECONNRESET => return Self::BrokenPipe,
            Errno::ESRCH => return Self::AlreadyExited,
            Errno::EMFILE | Errno::ENFILE => return Self::LimitReached(Limit::Descriptors),
            Errno::EAGAIN => IoError::Again,
            Errno::ENOEXEC => IoError::BadExecutable,
            Errno::EBUSY | Errno::ETXTBSY => IoError::Busy,
            Errno::EEXIST => IoError::Exists,
            Errno::EFBIG => IoError::FileTooLarge,
            Errno::EIO => IoError::Io,
            Errno::EISDIR => IoError::IsDirectory,
            Errno::ELOOP | Errno::EXDEV => IoError::Loop,
            Errno::ENAMETOOLONG => IoError::NameTooLong,
            Errno::ENOMEM => IoError::NoMemory,
            Errno::ENOSPC | Errno::EDQUOT => IoError::NoSpace,
            Errno::ENOTDIR => IoError::NotDirectory,
            Errno::EROFS => IoError::ReadOnly,
            _ => IoError::Other,
        })
    }
}

impl From<io::Error> for ErrorCode {
    fn from(error: io::Error) -> Self {
        Self::from(&error)
    }
}

impl From<DenialCode> for ErrorCode {
    fn from(code: DenialCode) -> Self {
        match code {
            DenialCode::AccessDenied(part) => Self::AccessDenied(part),
            DenialCode::InvalidArgument(part) => Self::InvalidArgument(part),
            DenialCode::TooBig(part) => Self::TooBig(part),
        }
    }
}
