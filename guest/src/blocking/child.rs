//! A running child, without `async`.

use std::time::Duration;

use super::{PipeReader, PipeWriter};
use crate::p2::{self, block_on, timeout};
use crate::{Communicated, ExitStatus, Output, Result, Signal, SignalTarget};

/// A child process.
///
/// Dropping it ends the child, if the child still runs, by the operator's
/// teardown: as a rule a `SIGTERM` to its process group, two seconds of grace, and
/// then the kill of all that is left of it and of what it has started. If the
/// child has exited, what it has left behind is killed, unless the operator lets
/// that stay until the guest ends. A guest that ends drops all of its children.
///
/// The drop does not wait for any of that. The pipes live on, and deliver what was
/// written before.
#[derive(Debug)]
pub struct Child {
    /// Write to the child's standard input, where that is a pipe. Drop it to
    /// close the pipe.
    pub stdin: Option<PipeWriter>,
    /// Read the child's standard output, where that is a pipe.
    pub stdout: Option<PipeReader>,
    /// Read the child's standard error, where that is a pipe of its own.
    pub stderr: Option<PipeReader>,
    inner: p2::Child,
}

impl Child {
    pub(super) fn new(mut inner: p2::Child) -> Child {
        Child {
            stdin: inner.stdin.take().map(PipeWriter),
            stdout: inner.stdout.take().map(PipeReader),
            stderr: inner.stderr.take().map(PipeReader),
            inner,
        }
    }

    /// The child's process identifier as the child itself sees it. It is a label
    /// to print; nothing takes it.
    #[must_use]
    #[doc(alias = "pid")]
    pub fn id(&self) -> u32 {
        self.inner.id()
    }

    /// Close standard input, if it is still in the child, and wait for the exit.
    ///
    /// This does not read the child's output: a child that fills a pipe which
    /// nobody reads never exits. Nor does it wait for a pipe that a descendant
    /// of the child holds open.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::Error::Io) if the host lost track of the child.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        drop(self.stdin.take());
        block_on(self.inner.wait())
    }

    /// As [`wait`](Self::wait), but not longer than `time`; `None` if the child
    /// still runs then.
    ///
    /// # Errors
    ///
    /// As [`wait`](Self::wait).
    pub fn wait_timeout(&mut self, time: Duration) -> Result<Option<ExitStatus>> {
        drop(self.stdin.take());
        block_on(timeout(time, self.inner.wait())).transpose()
    }

    /// How the child ended, or `None` while it runs.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::Error::Io) if the host lost track of the child.
    pub fn try_wait(&mut self) -> Result<Option<ExitStatus>> {
        self.inner.try_wait()
    }

    /// Python's `returncode`: `None` while the child runs, then its exit code or
    /// the negative number of the signal that ended it.
    pub fn returncode(&mut self) -> Option<i32> {
        self.inner.returncode()
    }

    /// Close standard input, collect what the child writes to those pipes that
    /// are still in the child, and wait for the exit.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::Error::Io) if a pipe fails. A program that fails is not an
    /// error.
    pub fn wait_with_output(mut self) -> Result<Output> {
        Ok(self.communicate(None, u64::MAX)?.into())
    }

    /// Write `input` to standard input and close it, collect what the child
    /// writes to those pipes that are still in the child, and wait for the exit,
    /// all at once, so that no full pipe blocks another.
    ///
    /// A child that does not read all of `input` is no error. Of each stream at
    /// most `limit` bytes are kept, and no more than the host's own bound; then
    /// the stream is closed and the result says that it was truncated. It says so
    /// too where a descendant of the child holds a pipe for longer than the
    /// [drain](crate::Command::drain) time.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::Error::Io) if a pipe fails. A program that fails is not an
    /// error.
    pub fn communicate(&mut self, input: Option<&[u8]>, limit: u64) -> Result<Communicated> {
        self.inner.stdin = self.stdin.take().map(|it| it.0);
        self.inner.stdout = self.stdout.take().map(|it| it.0);
        self.inner.stderr = self.stderr.take().map(|it| it.0);
        block_on(self.inner.communicate(input, limit))
    }

    /// Send a signal to the child itself.
    ///
    /// # Errors
    ///
    /// [`AlreadyExited`](crate::Error::AlreadyExited) if the child has exited,
    /// and [`AccessDenied`](crate::Error::AccessDenied) if the policy does not
    /// allow the signal.
    pub fn send_signal(&self, signal: Signal) -> Result<()> {
        self.inner.send_signal(signal)
    }

    /// Send a signal to the child or to its process group.
    ///
    /// # Errors
    ///
    /// As [`send_signal`](Self::send_signal).
    pub fn send_signal_to(&self, signal: Signal, target: SignalTarget) -> Result<()> {
        self.inner.send_signal_to(signal, target)
    }

    /// Ask the child to end: `SIGTERM` to the child itself.
    ///
    /// # Errors
    ///
    /// As [`send_signal`](Self::send_signal).
    pub fn terminate(&self) -> Result<()> {
        self.inner.terminate()
    }

    /// End the child and everything that it has started: `SIGKILL`. The policy
    /// always allows it. Where the operator does not confine children, it is the
    /// child and its process group.
    ///
    /// # Errors
    ///
    /// [`AlreadyExited`](crate::Error::AlreadyExited) if the child has exited.
    pub fn kill(&self) -> Result<()> {
        self.inner.kill()
    }

    /// Write to an extra pipe of the child, which is given out once.
    #[must_use]
    pub fn pipe_writer(&self, fd: u32) -> PipeWriter {
        PipeWriter(self.inner.pipe_writer(fd))
    }

    /// Read from an extra pipe of the child, which is given out once.
    #[must_use]
    pub fn pipe_reader(&self, fd: u32) -> PipeReader {
        PipeReader(self.inner.pipe_reader(fd))
    }
}
