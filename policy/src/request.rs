//! What a guest asked for, in its own words: shape-checked, and without authority.

use std::fmt;
use std::time::Duration;

/// A request to run a program, as the guest put it.
///
/// Nothing here has been allowed. [`BoundPolicy::authorize`](crate::BoundPolicy::authorize)
/// turns it into a [`SpawnPlan`](crate::SpawnPlan) or a [`Denial`](crate::Denial).
#[derive(Clone, Debug)]
pub struct SpawnRequest {
    /// The program, by the policy's name for it, or a command line for the shell.
    pub program: ProgramRequest,
    /// Argument 0, where it is not to be the program's name in the policy.
    pub arg0: Option<Vec<u8>>,
    /// The arguments after argument 0.
    pub args: Vec<Vec<u8>>,
    /// Environment variables; a later entry replaces an earlier one with the same key.
    pub env: Vec<(String, Vec<u8>)>,
    /// The working directory, as the guest itself would open it.
    pub cwd: Option<String>,
    /// Standard input.
    pub stdin: StdioRequest,
    /// Standard output.
    pub stdout: StdioRequest,
    /// Standard error.
    pub stderr: StdioRequest,
    /// Pipes beyond the three standard streams.
    pub extra_pipes: Vec<ExtraPipe>,
    /// The least size of the pipes, in bytes.
    pub pipe_size: Option<u32>,
    /// How long the child may run.
    pub deadline: Option<Duration>,
    /// How long it may run without writing anything.
    pub idle: Option<Duration>,
    /// How long the host reads on after it has exited.
    pub drain: Option<Duration>,
    /// Whether the child leads a new session.
    pub new_session: bool,
    /// The file mode creation mask.
    pub umask: Option<u32>,
    /// The user to run as.
    pub user: Option<Identity>,
    /// The group to run as.
    pub group: Option<Identity>,
    /// The supplementary groups to run with.
    pub extra_groups: Option<Vec<Identity>>,
}

impl SpawnRequest {
    /// A request for `program` with no arguments, no environment and null streams.
    pub fn new(program: ProgramRequest) -> Self {
        Self {
            program,
            arg0: None,
            args: Vec::new(),
            env: Vec::new(),
            cwd: None,
            stdin: StdioRequest::Null,
            stdout: StdioRequest::Null,
            stderr: StdioRequest::Null,
            extra_pipes: Vec::new(),
            pipe_size: None,
            deadline: None,
            idle: None,
            drain: None,
            new_session: false,
            umask: None,
            user: None,
            group: None,
            extra_groups: None,
        }
    }
}

/// Which program a request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramRequest {
    /// A program by its name in the policy.
    Named(String),
    /// A command line for the shell that the operator chose.
    Shell(Vec<u8>),
}

/// What a standard stream is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StdioRequest {
    /// The null device.
    Null,
    /// A pipe to the guest.
    Pipe,
    /// The guest's own stream of the same name.
    Inherit,
    /// Standard error only: wherever standard output goes.
    Stdout,
    /// A file by path, as the guest itself would open it.
    File {
        /// The path in the guest's terms.
        path: String,
        /// How it is opened.
        mode: FileMode,
        /// Where reading or writing starts, in bytes.
        offset: u64,
    },
    /// A file that the guest holds open, which the host has traced back to a place.
    OpenFile(FilePlan),
    /// Standard input only: the output of another child, which the host holds.
    Joined,
}

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileMode {
    /// Read an existing file.
    Read,
    /// Write an existing file in place.
    Write,
    /// Write, creating the file or cutting it to nothing.
    Truncate,
    /// Write at the end, creating the file.
    Append,
    /// Create a file that must not exist, and write.
    CreateNew,
    /// Read and write an existing file.
    ReadWrite,
}

impl FileMode {
    /// Whether the child could change anything through it.
    pub fn writes(self) -> bool {
        !matches!(self, Self::Read)
    }
}

/// A pipe beyond the three standard streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtraPipe {
    /// The child's descriptor number.
    pub fd: u32,
    /// Whether the child writes to it, rather than reads.
    pub from_child: bool,
}

/// A user or group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// By number.
    Id(u32),
    /// By name.
    Name(String),
}

/// A place in the guest's world: a path beneath one of its preopened directories.
///
/// It is words and never a descriptor, because a descriptor of the host's would carry the
/// host's mount into a confined child.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GuestPath {
    /// The index of the preopened directory, in the order they were bound.
    pub preopen: usize,
    /// The path beneath it: relative, normalised, without `..`; `.` for the directory itself.
    pub path: String,
}

/// A file as a stream of the child: where it is, what the host saw there, how it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePlan {
    /// Where it is.
    pub at: GuestPath,
    /// The file that the host saw there, where one must be there already.
    pub seen: Option<FileIdentity>,
    /// How it is opened.
    pub mode: FileMode,
    /// Where reading or writing starts, in bytes.
    pub offset: u64,
}

/// What tells one file from another while both exist: device and inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileIdentity {
    /// The device (`st_dev`).
    pub device: u64,
    /// The inode (`st_ino`).
    pub inode: u64,
}

/// The part of a request that a decision is about. It mirrors the WIT enum `part`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The program's name, or its file on the host.
    Program,
    /// The arguments, argument 0 among them.
    Arguments,
    /// A key or a value of the environment.
    Environment,
    /// The working directory.
    WorkingDirectory,
    /// Standard input.
    Stdin,
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// An extra descriptor.
    ExtraPipe,
    /// A new session.
    Session,
    /// The file mode creation mask.
    Umask,
    /// The user, group or supplementary groups.
    Identity,
    /// The size of the pipes.
    PipeSize,
    /// The deadline.
    Deadline,
    /// The signal or its target.
    Signal,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Program => "the program",
            Self::Arguments => "the arguments",
            Self::Environment => "the environment",
            Self::WorkingDirectory => "the working directory",
            Self::Stdin => "standard input",
            Self::Stdout => "standard output",
            Self::Stderr => "standard error",
            Self::ExtraPipe => "an extra pipe",
            Self::Session => "a new session",
            Self::Umask => "the umask",
            Self::Identity => "the user or group",
            Self::PipeSize => "the size of the pipes",
            Self::Deadline => "the deadline",
            Self::Signal => "the signal",
        })
    }
}
