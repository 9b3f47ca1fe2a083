//! What will happen: a request that the policy has allowed.

use crate::defaults;
use crate::profile::{Confinement, Profile};
use crate::request::{ExtraPipe, FilePlan, GuestPath, Identity};
use crate::signal::SignalSet;
use crate::teardown::Teardown;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// An authorized request. Only [`BoundPolicy::authorize`](crate::BoundPolicy::authorize) makes
/// one, so holding it is the permission to launch it.
///
/// It carries words and identities, never descriptors of the host.
#[derive(Clone, Debug)]
pub struct SpawnPlan {
    pub(crate) program: PinnedProgram,
    pub(crate) arg0: Vec<u8>,
    pub(crate) args: Vec<Vec<u8>>,
    pub(crate) env: Vec<(String, Vec<u8>)>,
    pub(crate) cwd: Option<GuestPath>,
    pub(crate) stdin: StdioPlan,
    pub(crate) stdout: StdioPlan,
    pub(crate) stderr: StdioPlan,
    pub(crate) special: SpecialPlan,
    pub(crate) limits: ChildLimits,
    pub(crate) teardown: Teardown,
    pub(crate) background: Background,
    pub(crate) signals: SignalSet,
    pub(crate) profile: Arc<Profile>,
}

impl SpawnPlan {
    /// The program on the host.
    pub fn program(&self) -> &PinnedProgram {
        &self.program
    }

    /// Argument 0.
    pub fn arg0(&self) -> &[u8] {
        &self.arg0
    }

    /// The arguments after argument 0.
    pub fn args(&self) -> &[Vec<u8>] {
        &self.args
    }

    /// The whole environment.
    pub fn env(&self) -> &[(String, Vec<u8>)] {
        &self.env
    }

    /// The working directory; `None` is the root of what the child sees.
    pub fn cwd(&self) -> Option<&GuestPath> {
        self.cwd.as_ref()
    }

    /// Standard input.
    pub fn stdin(&self) -> &StdioPlan {
        &self.stdin
    }

    /// Standard output.
    pub fn stdout(&self) -> &StdioPlan {
        &self.stdout
    }

    /// Standard error.
    pub fn stderr(&self) -> &StdioPlan {
        &self.stderr
    }

    /// What a plain launcher may lack.
    pub fn special(&self) -> &SpecialPlan {
        &self.special
    }

    /// The bounds of the child.
    pub fn limits(&self) -> &ChildLimits {
        &self.limits
    }

    /// How the host ends the child.
    pub fn teardown(&self) -> &Teardown {
        &self.teardown
    }

    /// What becomes of the processes that the child leaves behind when it exits.
    pub fn background(&self) -> Background {
        self.background
    }

    /// The signals that the guest may send.
    pub fn signals(&self) -> &SignalSet {
        &self.signals
    }

    /// How the child is confined.
    pub fn confinement(&self) -> Confinement {
        self.profile.confinement
    }

    /// What a confined child has beside the guest's directories.
    pub fn profile(&self) -> &Arc<Profile> {
        &self.profile
    }
}

/// What a standard stream will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StdioPlan {
    /// The null device.
    Null,
    /// A pipe to the guest.
    Pipe,
    /// The guest's own stream of the same name.
    Inherit,
    /// Standard error only: wherever standard output goes.
    Stdout,
    /// A file of the guest.
    File(FilePlan),
    /// Standard input only: the output of another child, which the host holds.
    Joined,
}

/// What only some launchers can do. All of it is empty for an ordinary spawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpecialPlan {
    /// Pipes beyond the three standard streams.
    pub extra_pipes: Vec<ExtraPipe>,
    /// The least size of the pipes, in bytes.
    pub pipe_size: Option<u32>,
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

/// A program that was found on the host when the policy was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinnedProgram {
    /// The absolute path, with every link resolved.
    pub path: PathBuf,
    /// What the file was.
    pub identity: ProgramIdentity,
    /// What runs it, where the file is a script.
    pub interpreter: Option<Interpreter>,
}

impl PinnedProgram {
    /// The absolute path of the program.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The interpreter of a script, pinned like the script itself.
///
/// The launcher starts the interpreter with [`args`](Self::args), the script's path and then
/// the arguments of the request, as the kernel would (see execve(2), "Interpreter scripts").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreter {
    /// The absolute path, with every link resolved.
    pub path: PathBuf,
    /// What the file was.
    pub identity: ProgramIdentity,
    /// The argument that the script's first line gives it, if any.
    pub args: Vec<Vec<u8>>,
}

/// What tells a program's file from another, and from itself rewritten in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramIdentity {
    /// The device (`st_dev`).
    pub device: u64,
    /// The inode (`st_ino`).
    pub inode: u64,
    /// The size in bytes.
    pub size: u64,
    /// When its content changed last (`st_mtim`).
    pub modified: SystemTime,
    /// When its inode changed last (`st_ctim`), in nanoseconds since the epoch; 0 where the
    /// system has none.
    pub changed: i128,
}

/// The bounds of one child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChildLimits {
    /// How long it may run: the smaller of the guest's wish and the policy's bound.
    pub deadline: Option<Duration>,
    /// How long it may run without writing to any of its pipes: likewise.
    pub idle: Option<Duration>,
    /// How many bytes it may write to its pipes, all together.
    pub output: Option<u64>,
    /// How many bytes it may write to each of its pipes.
    pub stream_output: Option<u64>,
    /// How long the host reads on after it has exited, where a descendant holds a pipe: the
    /// smaller of the guest's wish and the policy's bound.
    pub drain: Duration,
    /// How much processor time each of its processes may use (`RLIMIT_CPU`), in whole seconds.
    pub cpu: Option<Duration>,
    /// The address space of each of its processes, in bytes (`RLIMIT_AS`).
    pub memory: Option<u64>,
    /// The size of a file that it writes, in bytes (`RLIMIT_FSIZE`).
    pub file_size: Option<u64>,
    /// The descriptors of each of its processes (`RLIMIT_NOFILE`).
    pub open_files: Option<u64>,
}

impl Default for ChildLimits {
    fn default() -> Self {
        Self {
            deadline: defaults::DEADLINE,
            idle: defaults::IDLE,
            output: defaults::OUTPUT,
            stream_output: defaults::STREAM_OUTPUT,
            drain: defaults::DRAIN,
            cpu: defaults::CPU,
            memory: defaults::MEMORY,
            file_size: defaults::FILE_SIZE,
            open_files: defaults::OPEN_FILES,
        }
    }
}

/// What becomes of the processes that a child leaves behind when it exits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Background {
    /// They are killed when the guest drops the child, or ends.
    #[default]
    Kill,
    /// They are killed when the guest ends.
    Keep,
}

impl Background {
    /// The policy's word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Keep => "keep",
        }
    }

    /// What the policy's word means.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let all = [Self::Kill, Self::Keep];
        all.into_iter().find(|background| background.name() == name)
    }
}

impl ProgramIdentity {
    /// What tells the file that `metadata` is of from another.
    pub fn of(metadata: &std::fs::Metadata) -> Self {
        crate::identity::of(metadata)
    }
}
