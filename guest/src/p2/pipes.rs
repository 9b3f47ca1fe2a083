//! Pipes in WASI 0.2: streams that are tried, and pollables that say when to try
//! again.

use super::bindings::offspring::process::process as wit;
use super::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};
use super::runtime::Ready;
use crate::backend::{CHUNK, Pipe};
use crate::{Error, IoError, Part, Result};

/// The reading end of a pipe. The pollable is dropped before its stream.
pub struct Source {
    ready: Ready,
    stream: InputStream,
}

impl Source {
    /// Take a pipe of the child.
    pub(super) fn open(child: &wit::Child, pipe: Pipe) -> Option<Source> {
        let stream = match pipe {
            Pipe::Stdin => None,
            Pipe::Stdout => child.stdout(),
            Pipe::Stderr => child.stderr(),
            Pipe::Extra(fd) => child.pipe_reader(fd),
        }?;
        Some(Source {
            ready: Ready::new(stream.subscribe()),
            stream,
        })
    }

    /// Read what there is; zero is the end.
    pub(super) async fn read(&mut self, into: &mut Vec<u8>) -> Result<usize> {
        // The host hands over a vector of its own, so an empty one is replaced
        // rather than copied to, and may be smaller than the next read.
        let wanted = CHUNK.max(into.capacity() - into.len());
        let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
        let stream = &self.stream;
        let try_read = || match stream.read(wanted) {
            Ok(data) if data.is_empty() => None,
            Ok(data) => Some(Ok(data)),
            Err(StreamError::Closed) => Some(Ok(Vec::new())),
            Err(StreamError::LastOperationFailed(error)) => Some(Err(reason(&error))),
        };
        let mut data = self.ready.until(try_read).await?;
        let count = data.len();
        if into.is_empty() && count > 0 {
            *into = data;
        } else {
            into.append(&mut data);
        }
        Ok(count)
    }
}

/// The writing end of a pipe. The pollables are dropped before their stream.
pub struct Sink {
    ready: Ready,
    closed: Option<Ready>,
    stream: OutputStream,
}

impl Sink {
    /// Take a pipe of the child.
    pub(super) fn open(child: &wit::Child, pipe: Pipe) -> Option<Sink> {
        let (stream, closed) = match pipe {
            Pipe::Stdin => (child.stdin()?, child.stdin_closed()),
            Pipe::Stdout | Pipe::Stderr => return None,
            Pipe::Extra(fd) => (child.pipe_writer(fd)?, None),
        };
        Some(Sink {
            ready: Ready::new(stream.subscribe()),
            closed: closed.map(Ready::new),
            stream,
        })
    }

    /// Write everything, as much at a time as the stream permits.
    pub(super) async fn write_all(&mut self, data: Vec<u8>) -> Result<Vec<u8>> {
        let mut rest = data.as_slice();
        while !rest.is_empty() {
            let permit = self.permit().await?;
            let (now, later) = rest.split_at(rest.len().min(permit));
            self.stream.write(now).map_err(failure)?;
            rest = later;
        }
        self.flush().await?;
        Ok(data)
    }

    /// Wait until what was written is in the pipe. A host may hold it back for as
    /// long as nobody asks, and a child that waits for it would wait for ever.
    async fn flush(&self) -> Result<()> {
        self.stream.flush().map_err(failure)?;
        self.permit().await.map(drop)
    }

    /// Close, once everything has gone into the pipe.
    pub(super) async fn close(self) -> Result<()> {
        self.flush().await
    }

    /// Wait until the child has closed its end.
    pub(super) async fn closed(&mut self) -> Result<()> {
        match &self.closed {
            Some(closed) => {
                closed.wait().await;
                Ok(())
            }
            None => Err(Error::Unsupported(Part::ExtraPipe)),
        }
    }

    /// How much the stream takes now, once that is something.
    async fn permit(&self) -> Result<usize> {
        let try_permit = || match self.stream.check_write() {
            Ok(0) => None,
            Ok(permit) => Some(Ok(usize::try_from(permit).unwrap_or(usize::MAX))),
            Err(error) => Some(Err(failure(error))),
        };
        self.ready.until(try_permit).await
    }
}

/// Why a write failed.
fn failure(error: StreamError) -> Error {
    match error {
        StreamError::Closed => Error::BrokenPipe,
        StreamError::LastOperationFailed(error) => reason(&error),
    }
}

/// The contract's name for the error of a stream.
fn reason(error: &super::bindings::wasi::io::error::Error) -> Error {
    wit::stream_error_code(error).map_or(Error::Io(IoError::Other), Into::into)
}
