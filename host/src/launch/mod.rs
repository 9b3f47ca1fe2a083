//! The one door to the operating system: a [`Launcher`] turns a plan into a process.
//!
//! Nothing here knows WebAssembly. A launcher takes a [`SpawnPlan`], which only the policy makes,
//! and the child's ends of its streams.

pub(crate) mod direct;
pub(crate) mod files;
mod program;

pub use direct::Direct;
pub use program::check as check_program;

use crate::error::ErrorCode;
use offspring_policy::{Signal, SpawnPlan};
use std::fs::File;
use std::future::Future;
use std::io;
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::child::ExitStatus;

/// Starts processes.
///
/// An embedder can put one of its own in the place of [`Direct`], to test without processes or to
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
/// * makes the child the leader of a process group, so that ending it ends the group.
pub trait Launcher: Send + Sync + 'static {
    /// Start what `plan` says, with `streams` as its standard streams.
    ///
    /// The future may take as long as it needs. Dropping it ends the attempt, and leaves no
    /// process behind.
    ///
    /// # Errors
    ///
    /// What the guest is to be told: `program-changed`, `not-found`, `unsupported` and the like.
    fn launch<'a>(&'a self, plan: &'a SpawnPlan, streams: ChildStreams) -> Launching<'a>;
}

impl<L: Launcher + ?Sized> Launcher for Arc<L> {
    fn launch<'a>(&'a self, plan: &'a SpawnPlan, streams: ChildStreams) -> Launching<'a> {
        (**self).launch(plan, streams)
    }
}

/// A process that is being started.
pub type Launching<'a> =
    Pin<Box<dyn Future<Output = Result<Box<dyn Process>, ErrorCode>> + Send + 'a>>;

/// A process that was started, until it is reaped.
///
/// Dropping it ends the process group and leaves no zombie.
pub trait Process: Send + 'static {
    /// The process number as the child sees it.
    fn id(&self) -> u32;

    /// Wait for the exit and reap. After it was ready it is not polled again.
    fn poll_exit(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<ExitStatus>>;

    /// Send a signal. It is only called before `poll_exit` was ready, so the process number, and
    /// the group's, cannot have been given to somebody else.
    ///
    /// # Errors
    ///
    /// `already-exited`, `access-denied`, or `unsupported` for a signal that it cannot send.
    fn signal(&mut self, signal: Signal, target: SignalTarget) -> Result<(), ErrorCode>;
}

/// Which processes a signal goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalTarget {
    /// The child itself.
    Process,
    /// The child's process group.
    ProcessGroup,
}

/// The standard streams of a child, as the child's ends, and its working directory.
#[derive(Debug)]
#[non_exhaustive]
pub struct ChildStreams {
    /// Standard input.
    pub stdin: ChildStream,
    /// Standard output.
    pub stdout: ChildStream,
    /// Standard error.
    pub stderr: ChildStream,
    /// The working directory, opened; `None` is the root of what the child sees.
    pub cwd: Option<File>,
}

/// One standard stream of a child, as the child's end.
#[derive(Debug)]
#[non_exhaustive]
pub enum ChildStream {
    /// The null device.
    Null,
    /// The child's end of a pipe.
    Pipe(OwnedFd),
    /// A file of the guest.
    File(File),
}
