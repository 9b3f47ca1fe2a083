//! A running child.

use std::fmt;
use std::future::Future;
use std::rc::Rc;

use crate::backend::{Backend, Pipe};
use crate::collect::collect;
use crate::command::Description;
use crate::handle::Handle;
use crate::io::{PipeReader, PipeWriter};
use crate::stdio::Kind;
use crate::{Communicated, Error, ExitStatus, IoError, Output, Result, Signal, SignalTarget};

/// A child process.
///
/// # Dropping
///
/// Dropping it ends the child, if the child still runs, by the operator's
/// teardown: as a rule a `SIGTERM` to its process group, two seconds of grace, and
/// then the kill of all that is left of it and of what it has started. If the
/// child has exited, what it has left behind is killed, unless the operator lets
/// that stay until the guest ends. A guest that ends drops all of its children.
///
/// The drop does not wait for any of that; a [`waiter`](Self::waiter) does. The
/// pipes live on, and deliver what was written before.
pub struct Child<B: Backend> {
    /// Write to the child's standard input, where that is a pipe. Take it out to
    /// use it apart from the child; drop it to close the pipe.
    pub stdin: Option<PipeWriter<B>>,
    /// Read the child's standard output, where that is a pipe.
    pub stdout: Option<PipeReader<B>>,
    /// Read the child's standard error, where that is a pipe of its own.
    pub stderr: Option<PipeReader<B>>,
    handle: Rc<Handle<B>>,
    id: u32,
}

impl<B: Backend> Child<B> {
    /// Spawn a command.
    pub(crate) async fn spawn(description: Description<B>) -> Result<Self> {
        let stdin = matches!(description.stdin, Kind::Pipe);
        let stdout = matches!(description.stdout, Kind::Pipe);
        let stderr = matches!(description.stderr, Kind::Pipe);
        let child = B::spawn(description).await?;
        let id = B::id(&child);
        let handle = Handle::new(child);
        Ok(Child {
            stdin: stdin.then(|| PipeWriter::new(&handle, Pipe::Stdin)),
            stdout: stdout.then(|| PipeReader::new(&handle, Pipe::Stdout)),
            stderr: stderr.then(|| PipeReader::new(&handle, Pipe::Stderr)),
            handle,
            id,
        })
    }

    /// The child's process identifier as the child itself sees it. It is a label
    /// to print; nothing takes it.
    #[must_use]
    #[doc(alias = "pid")]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Close standard input, if it is still in the child, and wait for the exit.
    ///
    /// This does not read the child's output: a child that fills a pipe which
    /// nobody reads never exits. Nor does it wait for a pipe that a descendant
    /// of the child holds open.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the host lost track of the child.
    pub async fn wait(&mut self) -> Result<ExitStatus> {
        drop(self.stdin.take());
        match self.try_wait()? {
            Some(status) => Ok(status),
            None => self.waiter().await,
        }
    }

    /// The end of the child as a future of its own, which does not borrow the
    /// child and may outlive it. Any number of them may wait.
    ///
    /// # Errors
    ///
    /// The future gives [`Error::Io`] if the host lost track of the child.
    pub fn waiter(&self) -> impl Future<Output = Result<ExitStatus>> + use<B> {
        let wait = self.handle.child().map(|it| B::wait(&it));
        async { wait.ok_or(LOST)?.await }
    }

    /// How the child ended, or `None` while it runs.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the host lost track of the child.
    pub fn try_wait(&mut self) -> Result<Option<ExitStatus>> {
        self.with(B::try_wait)
    }

    /// Python's `returncode`: `None` while the child runs, then its exit code or
    /// the negative number of the signal that ended it.
    pub fn returncode(&mut self) -> Option<i32> {
        self.try_wait().ok().flatten().map(|it| it.returncode())
    }

    /// Close standard input, collect what the child writes to those pipes that
    /// are still in the child, and wait for the exit.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if a pipe fails. A program that fails is not an error.
    pub async fn wait_with_output(mut self) -> Result<Output> {
        Ok(self.communicate(None, u64::MAX).await?.into())
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
    /// [`Error::Io`] if a pipe fails. A program that fails is not an error.
    pub async fn communicate(&mut self, input: Option<&[u8]>, limit: u64) -> Result<Communicated> {
        let (stdin, stdout, stderr) = (self.stdin.take(), self.stdout.take(), self.stderr.take());
        let unopened = stdin.as_ref().is_none_or(PipeWriter::is_unopened)
            && stdout.as_ref().is_none_or(PipeReader::is_unopened)
            && stderr.as_ref().is_none_or(PipeReader::is_unopened);
        let result = if unopened {
            stdin.into_iter().for_each(PipeWriter::give_back);
            [stdout, stderr]
                .into_iter()
                .flatten()
                .for_each(PipeReader::give_back);
            self.handle.park();
            let all = self.with(|it| Ok(B::communicate(it, input, limit)))?;
            all.await?
        } else {
            let mut all = collect(input, limit, stdin, stdout, stderr, self.waiter()).await?;
            // It may have told of the exit before the last byte was read.
            all.status = self.try_wait()?.unwrap_or(all.status);
            all
        };
        Ok(result)
    }

    /// Send a signal to the child itself.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyExited`] if the child has exited; no other process can be
    /// reached instead. [`Error::AccessDenied`] if the policy does not allow the
    /// signal.
    pub fn send_signal(&self, signal: Signal) -> Result<()> {
        self.send_signal_to(signal, SignalTarget::Process)
    }

    /// Send a signal to the child or to its process group.
    ///
    /// # Errors
    ///
    /// As [`send_signal`](Self::send_signal).
    pub fn send_signal_to(&self, signal: Signal, target: SignalTarget) -> Result<()> {
        self.with(|it| B::send_signal(it, signal, target))
    }

    /// Ask the child to end: `SIGTERM` to the child itself.
    ///
    /// # Errors
    ///
    /// As [`send_signal`](Self::send_signal).
    pub fn terminate(&self) -> Result<()> {
        self.with(B::terminate)
    }

    /// End the child and everything that it has started: `SIGKILL`. The policy
    /// always allows it. Where the operator does not confine children, it is the
    /// child and its process group. The child is gone when a wait says so.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyExited`] if the child has exited.
    pub fn kill(&self) -> Result<()> {
        self.with(B::kill)
    }

    /// Write to an extra pipe of the child. A pipe is given out once; writing to
    /// one that is not there, or was given out, is a broken pipe.
    #[must_use]
    pub fn pipe_writer(&self, fd: u32) -> PipeWriter<B> {
        PipeWriter::new(&self.handle, Pipe::Extra(fd))
    }

    /// Read from an extra pipe of the child. A pipe is given out once; reading
    /// from one that is not there, or was given out, finds its end.
    #[must_use]
    pub fn pipe_reader(&self, fd: u32) -> PipeReader<B> {
        PipeReader::new(&self.handle, Pipe::Extra(fd))
    }

    /// The resource, for those who outlive the borrow of the child.
    pub(crate) fn handle(&self) -> Rc<Handle<B>> {
        Rc::clone(&self.handle)
    }

    /// Do something with the resource.
    fn with<T>(&self, act: impl FnOnce(&B::Child) -> Result<T>) -> Result<T> {
        act(&*self.handle.child().ok_or(LOST)?)
    }
}

/// The answer where a child was released, which only its own drop does.
const LOST: Error = Error::Io(IoError::Io);

impl<B: Backend> Drop for Child<B> {
    fn drop(&mut self) {
        drop((self.stdin.take(), self.stdout.take(), self.stderr.take()));
        self.handle.release();
    }
}

impl<B: Backend> fmt::Debug for Child<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Child")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
