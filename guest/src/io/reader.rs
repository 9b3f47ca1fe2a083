//! The reading end of a pipe.

use std::fmt;
use std::rc::Rc;

use super::buffer::{Buffer, Found};
use super::lines::Lines;
use crate::backend::{Backend, CHUNK, Pipe};
use crate::handle::Handle;
use crate::stdio::Joined;
use crate::{Error, Result};

/// How long a line may be, unless [`PipeReader::set_limit`] says otherwise. It
/// is asyncio's default.
pub const DEFAULT_LIMIT: usize = 64 * 1024;

/// Reads what a child writes: its standard output, its standard error or an
/// extra pipe.
///
/// Dropping it closes the reading end, and a child that goes on writing gets
/// `SIGPIPE`. One that nobody has read from converts into the standard input of
/// another child, see [`Stdio`](crate::Stdio).
///
/// Every method may be dropped before it is done, say by a timeout, and loses
/// nothing: what was read is read again by the next one, or is in the caller's
/// buffer.
pub struct PipeReader<B: Backend> {
    state: State<B>,
    buffer: Buffer,
    limit: usize,
}

/// From handed out to ended.
enum State<B: Backend> {
    Unopened(Rc<Handle<B>>, Pipe),
    Open(B::Source),
    Ended,
}

impl<B: Backend> PipeReader<B> {
    pub(crate) fn new(handle: &Rc<Handle<B>>, pipe: Pipe) -> Self {
        handle.hand_out(pipe);
        PipeReader {
            state: State::Unopened(Rc::clone(handle), pipe),
            buffer: Buffer::default(),
            limit: DEFAULT_LIMIT,
        }
    }

    /// Set how many bytes a line may have, its end included.
    pub fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// How many bytes a line may have, its end included.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Read what there is, at most as much as `into` holds. Zero is the end of
    /// the stream.
    ///
    /// [`read_buf`](Self::read_buf) does it without copying.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the pipe could not be read.
    pub async fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let bytes = if into.is_empty() {
            &[]
        } else {
            self.fill_buf().await?
        };
        let count = bytes.len().min(into.len());
        into[..count].copy_from_slice(&bytes[..count]);
        self.buffer.consume(count);
        Ok(count)
    }

    /// Read what there is and append it to `into`, where the host writes it
    /// directly: no copy is made and nothing is allocated as long as `into` has
    /// spare capacity, so clear and reuse it. Without spare capacity it grows by
    /// 64 KiB first. Zero is the end of the stream.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the pipe could not be read.
    pub async fn read_buf(&mut self, into: &mut Vec<u8>) -> Result<usize> {
        let buffered = self.buffer.bytes();
        if !buffered.is_empty() {
            into.extend_from_slice(buffered);
            let count = buffered.len();
            self.buffer.consume(count);
            return Ok(count);
        }
        if into.capacity() == into.len() {
            into.reserve(CHUNK);
        }
        fill(&mut self.state, into).await
    }

    /// Read until the end of the stream and append everything to `into`. There
    /// is no limit; [`Child::communicate`](crate::p3::Child::communicate) has
    /// one.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the pipe could not be read.
    pub async fn read_to_end(&mut self, into: &mut Vec<u8>) -> Result<usize> {
        let start = into.len();
        loop {
            if into.capacity() - into.len() < CHUNK / 2 {
                into.reserve(CHUNK);
            }
            if self.read_buf(into).await? == 0 {
                return Ok(into.len() - start);
            }
        }
    }

    /// Read exactly as much as `into` holds.
    ///
    /// # Errors
    ///
    /// [`Error::IncompleteRead`] if the stream ends first; what came is at the
    /// start of `into`.
    pub async fn read_exact(&mut self, into: &mut [u8]) -> Result<()> {
        while self.buffer.bytes().len() < into.len() {
            if self.fill().await? == 0 {
                let read = self.read(into).await?;
                return Err(Error::IncompleteRead {
                    read,
                    expected: into.len(),
                });
            }
        }
        self.read(into).await.map(drop)
    }

    /// Read up to and with the next `delimiter`, or up to the end of the stream,
    /// and append it to `into`. Zero is the end of the stream.
    ///
    /// # Errors
    ///
    /// [`Error::LimitOverrun`] if there is no delimiter within the limit.
    /// Nothing is consumed then.
    pub async fn read_until(&mut self, delimiter: u8, into: &mut Vec<u8>) -> Result<usize> {
        self.buffer.search_again();
        let count = loop {
            match self.buffer.find(delimiter, self.limit) {
                Found::At(count) => break count,
                Found::TooFar => return Err(Error::LimitOverrun { limit: self.limit }),
                Found::NotYet if self.fill().await? == 0 => break self.buffer.bytes().len(),
                Found::NotYet => {}
            }
        };
        into.extend_from_slice(&self.buffer.bytes()[..count]);
        self.buffer.consume(count);
        Ok(count)
    }

    /// Read a line and append it to `into`, with its `\n` if it has one. Zero is
    /// the end of the stream.
    ///
    /// # Errors
    ///
    /// [`Error::LimitOverrun`] as for [`read_until`](Self::read_until), and
    /// [`Error::NotUtf8`] if the line is not text; it is consumed.
    pub async fn read_line(&mut self, into: &mut String) -> Result<usize> {
        let mut line = Vec::new();
        let count = self.read_until(b'\n', &mut line).await?;
        into.push_str(str::from_utf8(&line).map_err(|_| Error::NotUtf8)?);
        Ok(count)
    }

    /// The lines, one after another.
    #[must_use]
    pub fn lines(self) -> Lines<B> {
        Lines::new(self)
    }

    /// What is buffered, after reading if that is nothing. It is empty at the
    /// end of the stream. [`consume`](Self::consume) what you use of it.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if the pipe could not be read.
    pub async fn fill_buf(&mut self) -> Result<&[u8]> {
        if self.buffer.bytes().is_empty() {
            self.fill().await?;
        }
        Ok(self.buffer.bytes())
    }

    /// Forget the first `count` bytes of what is buffered.
    ///
    /// # Panics
    ///
    /// If fewer are buffered.
    pub fn consume(&mut self, count: usize) {
        assert!(
            count <= self.buffer.bytes().len(),
            "more was consumed than is buffered"
        );
        self.buffer.consume(count);
    }

    /// Read more into the buffer.
    async fn fill(&mut self) -> Result<usize> {
        fill(&mut self.state, self.buffer.room()).await
    }

    /// Whether nobody has read from it.
    pub(crate) fn is_unopened(&self) -> bool {
        matches!(self.state, State::Unopened(..))
    }

    /// Leave the pipe to the child, unopened.
    pub(crate) fn give_back(mut self) {
        if let State::Unopened(handle, pipe) = std::mem::replace(&mut self.state, State::Ended) {
            handle.take_back(pipe);
        }
    }

    /// Make it the input of another child.
    pub(crate) fn into_joined(mut self) -> Option<Joined<B>> {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Unopened(handle, pipe) => Some(Joined { handle, pipe }),
            State::Open(_) | State::Ended => None,
        }
    }
}

/// Read from a pipe, opening it first where that was not done.
async fn fill<B: Backend>(state: &mut State<B>, into: &mut Vec<u8>) -> Result<usize> {
    if let State::Unopened(handle, pipe) = state {
        *state = handle.source(*pipe).map_or(State::Ended, State::Open);
    }
    let State::Open(source) = state else {
        return Ok(0);
    };
    let read = B::read(source, into).await;
    if matches!(read, Ok(0) | Err(_)) {
        *state = State::Ended;
    }
    read
}

impl<B: Backend> Drop for PipeReader<B> {
    fn drop(&mut self) {
        // A pipe that was never opened is closed by opening and dropping it.
        if let State::Unopened(handle, pipe) = &self.state {
            drop(handle.source(*pipe));
        }
    }
}

impl<B: Backend> fmt::Debug for PipeReader<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Unopened(_, pipe) => format!("unopened {pipe:?}"),
            State::Open(_) => "open".to_owned(),
            State::Ended => "ended".to_owned(),
        };
        f.debug_struct("PipeReader")
            .field("state", &state)
            .field("buffered", &self.buffer.bytes().len())
            .field("limit", &self.limit)
            .finish()
    }
}
