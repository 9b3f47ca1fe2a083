//! Why an operation failed.

mod detail;

use std::{fmt, io};

pub use detail::{IoError, Limit, Part};

/// Why an operation failed.
///
/// The first twelve variants are the contract's `error-code`; the rest come
/// from reading a child's output in this library, and from the guest's own input
/// and output. Every error converts to a [`std::io::Error`] with a fitting kind,
/// and back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The policy does not allow this part of the request (`EACCES`, `EPERM`).
    /// The answer is the same whether or not the program exists on the host.
    #[error("access denied: the operator's policy does not allow {0}")]
    AccessDenied(Part),
    /// A file or directory beneath the guest's own directories does not exist,
    /// or the allowed program is gone from the host (`ENOENT`).
    #[error("not found: {0} does not exist")]
    NotFound(Part),
    /// The request is malformed: a NUL byte, an empty key, a key with `=`, a
    /// name that is not UTF-8, a path outside every directory of the guest, a
    /// stream that was read from or given away before (`EINVAL`).
    #[error("invalid argument: {0} is malformed, used before, or outside the guest's directories")]
    InvalidArgument(Part),
    /// The request is larger than a program can be given (`E2BIG`).
    #[error("too big: {0}; pass it through standard input or a file")]
    TooBig(Part),
    /// A bound of the operator or the host is reached (`EAGAIN`, `EMFILE`,
    /// `ETIMEDOUT`).
    #[error("limit reached: {0}")]
    LimitReached(Limit),
    /// The program's file was replaced or rewritten since the policy was
    /// loaded.
    #[error("the program was changed since the operator allowed it")]
    ProgramChanged,
    /// The confinement that the policy demands cannot be put up on this host.
    #[error("the host cannot put up the confinement that the policy demands")]
    SandboxUnavailable,
    /// The host is shutting down, and starts nothing any more (`ECANCELED`).
    #[error("the host is shutting down and starts no more programs")]
    ShuttingDown,
    /// The child has exited, so it takes no signals (`ESRCH`).
    #[error("the child has exited already")]
    AlreadyExited,
    /// The reader has closed its end (`EPIPE`).
    #[error("broken pipe: the child closed its end")]
    BrokenPipe,
    /// This host or its launcher cannot do this part of the request
    /// (`ENOTSUP`).
    #[error("unsupported: this host or its launcher cannot do {0}")]
    Unsupported(Part),
    /// The operating system failed in another way.
    #[error("the host's operating system failed: {0}")]
    Io(IoError),
    /// No delimiter came within the limit of a pipe reader. Everything read so
    /// far is still in the reader. Read it with another method, or raise the
    /// limit.
    #[error("no end of line within {limit} bytes; read on with `read`, or set a higher limit")]
    LimitOverrun {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The stream ended before as many bytes came as were asked for.
    #[error("the stream ended after {read} of {expected} bytes")]
    IncompleteRead {
        /// How many bytes came.
        read: usize,
        /// How many were asked for.
        expected: usize,
    },
    /// A line was asked for as text, but is not UTF-8. It is consumed; to get
    /// such lines, read bytes.
    #[error("the line is not UTF-8; read it as bytes with `read_until`")]
    NotUtf8,
    /// The guest's own input or output failed, and no child had a part in it. It
    /// comes of a [`std::io::Error`], so that `?` takes one.
    #[error("the guest's own input or output failed: {0}")]
    Guest(io::ErrorKind),
}

/// The same as its `Display`, because that is what a guest's `main` prints of an error.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The result of an operation of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        io::Error::new(kind(error), error)
    }
}

impl From<io::Error> for Error {
    /// An error of this library that was converted comes back as it was.
    fn from(error: io::Error) -> Error {
        let ours = error.get_ref().and_then(|it| it.downcast_ref());
        ours.copied().unwrap_or(Error::Guest(error.kind()))
    }
}

/// The kind that the standard library has for an error.
fn kind(error: Error) -> io::ErrorKind {
    use io::ErrorKind as K;
    match error {
        Error::AccessDenied(_) => K::PermissionDenied,
        Error::NotFound(_) | Error::AlreadyExited => K::NotFound,
        Error::InvalidArgument(_) => K::InvalidInput,
        Error::TooBig(_) => K::ArgumentListTooLong,
        Error::LimitReached(Limit::Drain) => K::TimedOut,
        Error::LimitReached(_) => K::QuotaExceeded,
        Error::ProgramChanged | Error::SandboxUnavailable | Error::ShuttingDown => K::Other,
        Error::BrokenPipe => K::BrokenPipe,
        Error::Unsupported(_) => K::Unsupported,
        Error::LimitOverrun { .. } | Error::NotUtf8 => K::InvalidData,
        Error::IncompleteRead { .. } => K::UnexpectedEof,
        Error::Guest(kind) => kind,
        Error::Io(error) => match error {
            IoError::Again => K::WouldBlock,
            IoError::Busy => K::ResourceBusy,
            IoError::Exists => K::AlreadyExists,
            IoError::FileTooLarge => K::FileTooLarge,
            IoError::IsDirectory => K::IsADirectory,
            IoError::NameTooLong => K::InvalidFilename,
            IoError::NoMemory => K::OutOfMemory,
            IoError::NoSpace => K::StorageFull,
            IoError::NotDirectory => K::NotADirectory,
            IoError::ReadOnly => K::ReadOnlyFilesystem,
            IoError::BadExecutable | IoError::Io | IoError::Loop | IoError::Other => K::Other,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_was_wrong_and_what_to_do() {
        let denied = Error::AccessDenied(Part::Arguments).to_string();
        assert_eq!(
            denied,
            "access denied: the operator's policy does not allow these arguments"
        );
        let long = Error::LimitOverrun { limit: 9 }.to_string();
        assert!(
            long.contains("within 9 bytes") && long.contains("higher limit"),
            "{long}"
        );
    }

    #[test]
    fn an_error_has_the_kind_that_the_standard_library_has_for_it() {
        for (error, kind) in [
            (
                Error::AccessDenied(Part::Program),
                io::ErrorKind::PermissionDenied,
            ),
            (
                Error::NotFound(Part::WorkingDirectory),
                io::ErrorKind::NotFound,
            ),
            (Error::BrokenPipe, io::ErrorKind::BrokenPipe),
            (Error::Io(IoError::Exists), io::ErrorKind::AlreadyExists),
            (
                Error::LimitReached(Limit::SpawnRate),
                io::ErrorKind::QuotaExceeded,
            ),
            (Error::LimitReached(Limit::Drain), io::ErrorKind::TimedOut),
            (Error::ShuttingDown, io::ErrorKind::Other),
        ] {
            let converted = io::Error::from(error);
            assert_eq!(converted.kind(), kind);
            assert_eq!(converted.to_string(), error.to_string());
            assert_eq!(Error::from(converted), error);
        }
    }

    #[test]
    fn a_failure_of_the_guest_itself_keeps_its_kind() {
        let missing = Error::from(io::Error::from(io::ErrorKind::NotFound));
        assert_eq!(missing, Error::Guest(io::ErrorKind::NotFound));
        assert_eq!(io::Error::from(missing).kind(), io::ErrorKind::NotFound);
    }
}
