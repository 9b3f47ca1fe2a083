//! Pipes in WASI 0.3: streams that hand bytes over directly, with a future that
//! has the last word.

use std::pin::{Pin, pin};
use std::task::Poll;

use futures::FutureExt;
use futures::future::{LocalBoxFuture, Shared, poll_fn};
use wit_bindgen::rt::async_support::StreamVtable;
use wit_bindgen::{AbiBuffer, StreamRead, StreamReader, StreamResult, StreamWrite, StreamWriter};

use super::bindings::offspring::process::process as wit;
use super::bindings::wit_stream;
use crate::backend::{CHUNK, Pipe};
use crate::{Error, Result};

/// The last word of a pipe, for as many as ask.
type LastWord = Shared<LocalBoxFuture<'static, Result<()>>>;

/// What a write has left.
type Rest = AbiBuffer<&'static StreamVtable<u8>>;

/// The reading end of a pipe.
pub struct Source {
    stream: StreamReader<u8>,
    /// The writer is gone. Whoever reads on after that was told traps.
    ended: bool,
    last_word: LastWord,
}

impl Source {
    /// Take a pipe of the child.
    pub(super) fn open(child: &wit::Child, pipe: Pipe) -> Option<Source> {
        let (stream, end) = match pipe {
            Pipe::Stdin => None,
            Pipe::Stdout => child.stdout(),
            Pipe::Stderr => child.stderr(),
            Pipe::Extra(fd) => child.pipe_reader(fd),
        }?;
        let last_word = async { Ok(end.await?) }.boxed_local().shared();
        Some(Source {
            stream,
            ended: false,
            last_word,
        })
    }

    /// Read into spare capacity; zero is the end.
    pub(super) async fn read(&mut self, into: &mut Vec<u8>) -> Result<usize> {
        if into.len() == into.capacity() {
            into.reserve(CHUNK);
        }
        let start = into.len();
        while !self.ended {
            let read = pin!(self.stream.read(std::mem::take(into)));
            match (InFlight {
                read: Some(read),
                into,
                ended: &mut self.ended,
            })
            .finish()
            .await
            {
                StreamResult::Complete(_) if into.len() > start => return Ok(into.len() - start),
                StreamResult::Complete(_) | StreamResult::Cancelled | StreamResult::Dropped => {}
            }
        }
        self.last_word.clone().await.map(|()| 0)
    }
}

/// A read, and the buffer to which its bytes return even when it is dropped.
struct InFlight<'a, 'b> {
    read: Option<Pin<&'a mut StreamRead<'b, u8>>>,
    into: &'a mut Vec<u8>,
    ended: &'a mut bool,
}

impl InFlight<'_, '_> {
    /// Wait for the read.
    async fn finish(mut self) -> StreamResult {
        poll_fn(|cx| {
            let Some(read) = &mut self.read else {
                return Poll::Pending;
            };
            read.as_mut().poll_unpin(cx).map(|(result, buffer)| {
                *self.into = buffer;
                *self.ended = matches!(result, StreamResult::Dropped);
                self.read = None;
                result
            })
        })
        .await
    }
}

impl Drop for InFlight<'_, '_> {
    fn drop(&mut self) {
        if let Some(read) = self.read.take() {
            let (result, buffer) = read.cancel();
            *self.into = buffer;
            *self.ended = matches!(result, StreamResult::Dropped);
        }
    }
}

/// The writing end of a pipe.
pub struct Sink {
    stream: StreamWriter<u8>,
    /// The reader is gone. Whoever writes on after that was told traps.
    broken: bool,
    last_word: LastWord,
}

impl Sink {
    /// Take a pipe of the child.
    pub(super) fn open(child: &wit::Child, pipe: Pipe) -> Option<Sink> {
        let (stream, data) = wit_stream::new();
        let end = match pipe {
            Pipe::Stdin => child.stdin(data),
            Pipe::Stdout | Pipe::Stderr => None,
            Pipe::Extra(fd) => child.pipe_writer(fd, data),
        }?;
        let last_word = async { Ok(end.await?) }.boxed_local().shared();
        Some(Sink {
            stream,
            broken: false,
            last_word,
        })
    }

    /// Write everything, one write at a time.
    pub(super) async fn write_all(&mut self, mut data: Vec<u8>) -> Result<Vec<u8>> {
        if data.is_empty() {
            return Ok(data);
        }
        let mut rest = None;
        while !self.broken {
            let write = match rest.take() {
                None => self.stream.write(std::mem::take(&mut data)),
                Some(rest) => self.stream.write_buf(rest),
            };
            let written = Writing {
                write: Some(pin!(write)),
                broken: &mut self.broken,
            };
            let left = written.finish().await;
            if left.remaining() == 0 {
                return Ok(left.into_vec());
            }
            rest = Some(left);
        }
        // The host has dropped its end, so the last word is spoken or near.
        self.last_word.clone().await.and(Err(Error::BrokenPipe))
    }

    /// Close, and wait for the last word.
    pub(super) async fn close(self) -> Result<()> {
        drop(self.stream);
        self.last_word.await
    }

    /// Wait until the child has closed its end.
    pub(super) async fn closed(&mut self) -> Result<()> {
        match self.last_word.clone().await {
            Ok(()) | Err(Error::BrokenPipe) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// A write, and whether the reader is gone, which is known even when the write
/// is dropped.
struct Writing<'a, 'b> {
    write: Option<Pin<&'a mut StreamWrite<'b, u8>>>,
    broken: &'a mut bool,
}

impl Writing<'_, '_> {
    /// Wait for the write, and give back what it did not take.
    async fn finish(mut self) -> Rest {
        poll_fn(|cx| {
            let Some(write) = &mut self.write else {
                return Poll::Pending;
            };
            write.as_mut().poll_unpin(cx).map(|(result, rest)| {
                *self.broken = matches!(result, StreamResult::Dropped);
                self.write = None;
                rest
            })
        })
        .await
    }
}

impl Drop for Writing<'_, '_> {
    fn drop(&mut self) {
        if let Some(write) = self.write.take() {
            *self.broken = matches!(write.cancel().0, StreamResult::Dropped);
        }
    }
}
