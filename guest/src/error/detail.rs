//! What an error is about.

use std::fmt;

/// The part of a request that an [`Error`](crate::Error) is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The program's name, or its file on the host.
    Program,
    /// The arguments, argument 0 among them.
    Arguments,
    /// A key or a value of the environment.
    Environment,
    /// The working directory.
    WorkingDirectory,
    /// What standard input was to be.
    Stdin,
    /// What standard output was to be.
    Stdout,
    /// What standard error was to be.
    Stderr,
    /// An extra descriptor beyond the three standard ones.
    ExtraPipe,
    /// A new session.
    Session,
    /// The file mode creation mask.
    Umask,
    /// The user, the group or the supplementary groups.
    Identity,
    /// The size of the pipes.
    PipeSize,
    /// The deadline.
    Deadline,
    /// The signal or its target.
    Signal,
    /// The result of an operation that was delivered before.
    Delivered,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Program => "this program",
            Part::Arguments => "these arguments",
            Part::Environment => "this environment",
            Part::WorkingDirectory => "this working directory",
            Part::Stdin => "this standard input",
            Part::Stdout => "this standard output",
            Part::Stderr => "this standard error",
            Part::ExtraPipe => "this extra pipe",
            Part::Session => "a new session",
            Part::Umask => "this umask",
            Part::Identity => "this user or group",
            Part::PipeSize => "this pipe size",
            Part::Deadline => "this deadline",
            Part::Signal => "this signal",
            Part::Delivered => "a result that was delivered before",
        })
    }
}

/// A bound that the operator or the host has set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// Children running at once.
    Children,
    /// Children started since the guest began.
    Spawns,
    /// Memory held by commands that were not spawned yet.
    Commands,
    /// Descriptors that the host is willing to open.
    Descriptors,
    /// Memory that the host is willing to hold for a guest.
    Memory,
    /// Children started in a time.
    SpawnRate,
    /// Children of all guests of the host together.
    Host,
    /// The time that the host reads on after a child has exited, while a
    /// descendant of it still holds its pipe. Everything that was written before
    /// has been delivered.
    Drain,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Limit::Children => "too many children run at once; wait for one to exit",
            Limit::Spawns => "this guest has started all the children it may",
            Limit::Commands => "the commands that wait to be spawned are too large",
            Limit::Descriptors => "the host opens no more pipes and files; drop some",
            Limit::Memory => "the host holds too much for this guest; take results, or use streams",
            Limit::SpawnRate => "this guest starts children too fast; wait a little",
            Limit::Host => "the host runs as many children as it may; try again later",
            Limit::Drain => "the child has exited, but a descendant of it still holds the pipe",
        })
    }
}

/// An error of the operating system that has no variant of its own in
/// [`Error`](crate::Error), by its POSIX name. A guest's own `errno` numbers are not the
/// host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IoError {
    /// Try again (`EAGAIN`).
    Again,
    /// The file is not a program that this system can run (`ENOEXEC`).
    BadExecutable,
    /// Device or file busy (`EBUSY`, `ETXTBSY`).
    Busy,
    /// The file exists (`EEXIST`).
    Exists,
    /// The file is too large (`EFBIG`).
    FileTooLarge,
    /// Input/output error (`EIO`).
    Io,
    /// Is a directory (`EISDIR`).
    IsDirectory,
    /// Too many symbolic links, or a link that leads outside (`ELOOP`, `EXDEV`).
    Loop,
    /// The name is too long (`ENAMETOOLONG`).
    NameTooLong,
    /// Out of memory (`ENOMEM`).
    NoMemory,
    /// No space is left, or a quota is used up (`ENOSPC`, `EDQUOT`).
    NoSpace,
    /// Not a directory (`ENOTDIR`).
    NotDirectory,
    /// The file system is read-only (`EROFS`).
    ReadOnly,
    /// Any other error of the operating system.
    Other,
}

impl fmt::Display for IoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IoError::Again => "resource temporarily unavailable (EAGAIN)",
            IoError::BadExecutable => "not a program that the host can run (ENOEXEC)",
            IoError::Busy => "device or file busy (EBUSY)",
            IoError::Exists => "file exists (EEXIST)",
            IoError::FileTooLarge => "file too large (EFBIG)",
            IoError::Io => "input/output error (EIO)",
            IoError::IsDirectory => "is a directory (EISDIR)",
            IoError::Loop => "too many symbolic links, or one leads outside (ELOOP)",
            IoError::NameTooLong => "name too long (ENAMETOOLONG)",
            IoError::NoMemory => "out of memory (ENOMEM)",
            IoError::NoSpace => "no space left (ENOSPC)",
            IoError::NotDirectory => "not a directory (ENOTDIR)",
            IoError::ReadOnly => "read-only file system (EROFS)",
            IoError::Other => "an error without a name of its own",
        })
    }
}
