//! The writing end of a pipe.

use std::fmt;
use std::rc::Rc;

use crate::backend::{Backend, Pipe};
use crate::handle::Handle;
use crate::{Error, Result};

/// Writes what a child reads: its standard input or an extra pipe.
///
/// Dropping it closes the pipe, which the child sees as the end of its input;
/// [`close`](Self::close) says in addition whether everything arrived.
///
/// A write that is dropped before it is done, say by a timeout, may have written
/// a part.
pub struct PipeWriter<B: Backend> {
    state: State<B>,
    /// The buffer of the last write, for the next.
    spare: Vec<u8>,
}

/// From handed out to closed.
enum State<B: Backend> {
    Unopened(Rc<Handle<B>>, Pipe),
    Open(B::Sink),
    Closed,
}

impl<B: Backend> PipeWriter<B> {
    pub(crate) fn new(handle: &Rc<Handle<B>>, pipe: Pipe) -> Self {
        handle.hand_out(pipe);
        PipeWriter {
            state: State::Unopened(Rc::clone(handle), pipe),
            spare: Vec::new(),
        }
    }

    /// Write all of `data`, waiting for the child to take it.
    ///
    /// # Errors
    ///
    /// [`Error::BrokenPipe`] if the child closed its end, or exited.
    pub async fn write_all(&mut self, data: &[u8]) -> Result<()> {
        let mut buffer = std::mem::take(&mut self.spare);
        buffer.extend_from_slice(data);
        self.spare = self.write_vec(buffer).await?;
        Ok(())
    }

    /// Write all of `data` without copying it first, and hand the emptied vector
    /// back for the next write.
    ///
    /// # Errors
    ///
    /// [`Error::BrokenPipe`] if the child closed its end, or exited.
    pub async fn write_vec(&mut self, data: Vec<u8>) -> Result<Vec<u8>> {
        let Some(sink) = self.open() else {
            return Err(Error::BrokenPipe);
        };
        let mut buffer = B::write_all(sink, data).await?;
        buffer.clear();
        Ok(buffer)
    }

    /// Close the pipe and wait until everything has gone into it.
    ///
    /// # Errors
    ///
    /// [`Error::BrokenPipe`] if the child closed its end first.
    pub async fn close(mut self) -> Result<()> {
        self.open();
        match std::mem::replace(&mut self.state, State::Closed) {
            State::Open(sink) => B::close(sink).await,
            State::Unopened(..) | State::Closed => Ok(()),
        }
    }

    /// Wait until the child has closed its end, even when nothing is being
    /// written.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] for an extra pipe in WASI 0.2, which has no such
    /// event.
    pub async fn closed(&mut self) -> Result<()> {
        match self.open() {
            Some(sink) => B::closed(sink).await,
            None => Ok(()),
        }
    }

    /// The pipe, opened where that was not done.
    fn open(&mut self) -> Option<&mut B::Sink> {
        if let State::Unopened(handle, pipe) = &self.state {
            let sink = handle.sink(*pipe);
            self.state = sink.map_or(State::Closed, State::Open);
        }
        match &mut self.state {
            State::Open(sink) => Some(sink),
            State::Unopened(..) | State::Closed => None,
        }
    }

    /// Whether nobody has written to it.
    pub(crate) fn is_unopened(&self) -> bool {
        matches!(self.state, State::Unopened(..))
    }

    /// Leave the pipe to the child, unopened.
    pub(crate) fn give_back(mut self) {
        if let State::Unopened(handle, pipe) = std::mem::replace(&mut self.state, State::Closed) {
            handle.take_back(pipe);
        }
    }
}

impl<B: Backend> Drop for PipeWriter<B> {
    fn drop(&mut self) {
        // A pipe that was never opened is closed by opening and dropping it.
        self.open();
    }
}

impl<B: Backend> fmt::Debug for PipeWriter<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.state {
            State::Unopened(..) => "PipeWriter(unopened)",
            State::Open(_) => "PipeWriter(open)",
            State::Closed => "PipeWriter(closed)",
        })
    }
}
