//! The one door to the operating system: a [`Launcher`] turns a plan into a process.
//!
//! Nothing here knows WebAssembly. A launcher takes a [`Launch`]: a [`SpawnPlan`], which only the
//! policy makes, the child's ends of its pipes, and the directories in which the plan's files are.

mod direct;
mod directories;
mod ended;
mod files;
mod local;
mod program;
#[cfg(target_os = "linux")]
mod warden;
#[cfg(not(target_os = "linux"))]
#[path = "no_warden.rs"]
mod warden;

pub use direct::Direct;
pub use directories::{Directories, Directory};
pub use local::Local;
pub use program::check as check_program;
pub(crate) use warden::attempt;
pub use warden::{WARDEN, use_warden_file};

use crate::error::ErrorCode;
use offspring_policy::{FilePlan, Signal, SpawnPlan};
use std::any::Any;
use std::future::Future;
use std::io;
use std::os::fd::OwnedFd;
#[cfg(target_os = "linux")]
use std::os::fd::{AsFd, AsRawFd};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
#[cfg(target_os = "linux")]
use tokio::io::{Interest, unix::AsyncFd};

use crate::child::{ExitStatus, Usage};
use crate::supervisor::Supervisor;

/// Starts processes.
///
/// An embedder can put one of its own in the place of [`Local`], to test without processes or to
/// launch elsewhere; see [`ProcessCtxBuilder::launcher`](crate::ProcessCtxBuilder::launcher).
///
/// # Authority
///
/// The policy's promises are kept here. A launcher
///
/// * refuses a [confinement](SpawnPlan::confinement) that it cannot put up, and whatever of
///   [`special`](SpawnPlan::special) it cannot do;
/// * compares the program, and the interpreter of a script, with what the policy pinned, as
///   [`check_program`] does, and runs a script through that interpreter;
/// * gives the child the plan's environment and no other, and no descriptors but its streams;
/// * opens the plan's files and working directory before there is a child, and inside of the
///   child's confinement, where there is one: a descriptor that was opened outside is a way out;
/// * makes the child the leader of a process group, which the policy's teardown signals;
/// * sets `cpu`, `memory`, `file_size` and `open_files` of the plan's [limits](SpawnPlan::limits), and
///   the `processes` of its profile, or refuses. The other limits, and the teardown, the host keeps
///   itself.
pub trait Launcher: Send + Sync + 'static {
    /// Start what the plan says, with its streams.
    ///
    /// The future may take as long as it needs. Dropping it ends the attempt, and leaves no
    /// process behind.
    ///
    /// # Errors
    ///
    /// What the guest is to be told: `program-changed`, `not-found`, `unsupported` and the like.
    fn launch<'a>(&'a self, launch: Launch<'a>) -> Launching<'a>;
}

impl<L: Launcher + ?Sized> Launcher for Arc<L> {
    fn launch<'a>(&'a self, launch: Launch<'a>) -> Launching<'a> {
        (**self).launch(launch)
    }
}

/// A descriptor of which the runtime tells when it is ready for `interest`.
#[cfg(target_os = "linux")]
#[expect(
    deprecated,
    reason = "what took its place is unsafe, and it is safe with what can be borrowed (I/O safety)"
)]
fn asynchronous<T: AsFd + AsRawFd>(fd: T, interest: Interest) -> io::Result<AsyncFd<T>> {
    AsyncFd::with_interest(fd, interest)
}

/// What a launcher is to launch.
#[derive(Debug)]
#[non_exhaustive]
pub struct Launch<'a> {
    /// What the policy allows.
    pub plan: &'a SpawnPlan,
    /// The child's streams.
    pub streams: ChildStreams,
    /// The directories in which the plan's files and its working directory are.
    pub directories: &'a Directories,
    /// What counts whatever else is started for the guest, and says when it is to end.
    pub(crate) supervisor: &'a Supervisor,
    /// The child's place among those that may be there at once. Whoever starts it elsewhere keeps this
    /// until nothing can be left of it, also of one that nobody waits for any more.
    pub(crate) held: Held,
}

/// Something that is only kept.
pub(crate) type Held = Arc<dyn Any + Send + Sync>;

impl<'a> Launch<'a> {
    /// A launch of `plan`, for code that launches without a guest.
    pub fn new(
        plan: &'a SpawnPlan,
        streams: ChildStreams,
        directories: &'a Directories,
        supervisor: &'a Supervisor,
    ) -> Self {
        Self {
            plan,
            streams,
            directories,
            supervisor,
            held: Arc::new(()),
        }
    }
}

/// A process that is being started.
pub type Launching<'a> =
    Pin<Box<dyn Future<Output = Result<Box<dyn Process>, ErrorCode>> + Send + 'a>>;

/// A process that was started, until nothing is left of it.
///
/// Dropping it kills it as [`kill_tree`](Self::kill_tree) does, and leaves no zombie.
pub trait Process: Send + 'static {
    /// The process number as the child sees it.
    fn id(&self) -> u32;

    /// Wait for the exit and reap. After it was ready it is not polled again.
    fn poll_exit(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Exited>>;

    /// Send a signal. It is only called before `poll_exit` was ready, so the process number, and
    /// the group's, cannot have been given to somebody else.
    ///
    /// # Errors
    ///
    /// `already-exited`, `access-denied`, or `unsupported` for a signal that it cannot send.
    fn signal(&mut self, signal: Signal, target: SignalTarget) -> Result<(), ErrorCode>;

    /// Kill it, if it still runs, and everything that it has started, as far as the launcher knows
    /// of that. What was killed is reaped.
    fn kill_tree(&mut self);

    /// Wait until nothing is left of what it had left behind. It is only called after an exit that
    /// [left](Exited::left) something, and not any more after it was ready.
    fn poll_gone(&mut self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }

    /// Let what it has left behind stay until its guest ends, though this is dropped.
    fn keep(&mut self) {}
}

/// The exit of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exited {
    /// How it ended.
    pub status: ExitStatus,
    /// What it used.
    pub usage: Usage,
    /// Whether something that it has started is still there.
    pub left: bool,
    /// Whether it ended with what confined it, so that its status and usage are not known. The status
    /// is a kill then.
    pub lost: bool,
}

impl Exited {
    /// An exit that has left nothing.
    pub fn new(status: ExitStatus, usage: Usage) -> Self {
        Self {
            status,
            usage,
            left: false,
            lost: false,
        }
    }

    /// The same, and whether something that it has started is still there.
    pub fn with_left(self, left: bool) -> Self {
        Self { left, ..self }
    }

    /// The same, and whether it ended with what confined it.
    pub fn with_lost(self, lost: bool) -> Self {
        Self { lost, ..self }
    }
}

/// Which processes a signal goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalTarget {
    /// The child itself.
    Process,
    /// The child's process group.
    ProcessGroup,
}

/// The streams of a child, as the child's ends.
///
/// All descriptors are pipes and closed on exec. Nothing of the host's files is among them.
#[derive(Debug)]
#[non_exhaustive]
pub struct ChildStreams {
    /// Standard input.
    pub stdin: ChildStream,
    /// Standard output.
    pub stdout: ChildStream,
    /// Standard error.
    pub stderr: ChildStream,
    /// Pipes beyond these three, each with the number that it has in the child.
    pub extra: Vec<(u32, OwnedFd)>,
}

impl ChildStreams {
    /// The null device for each standard stream, and nothing else.
    pub fn null() -> Self {
        Self {
            stdin: ChildStream::Null,
            stdout: ChildStream::Null,
            stderr: ChildStream::Null,
            extra: Vec::new(),
        }
    }
}

/// One standard stream of a child, as the child's end.
#[derive(Debug)]
#[non_exhaustive]
pub enum ChildStream {
    /// The null device.
    Null,
    /// The child's end of a pipe.
    Pipe(OwnedFd),
    /// A file of the guest, in words; see [`Directories::open_file`].
    File(FilePlan),
    /// Standard error only: whatever standard output is, as the same open file description, so
    /// that both share an offset.
    Stdout,
}
