//! Pipes in WASI 0.3: streams that hand bytes over directly, with a future that
//! has the last word.

use std::pin::{Pin, pin};
use std::task::Poll;

use futures::FutureExt;
use futures::future::{LocalBoxFuture, Shared, poll_fn};
use wit_bindgen::{StreamRead, StreamReader, StreamResult, StreamWriter};

use super::bindings::offspring::process::process as wit;
use super::bindings::wit_stream;
use crate::backend::{CHUNK, Pipe};
use crate::{Error, Result};

/// The last word of a pipe, for as many as ask.
type LastWord = Shared<LocalBoxFuture<'static, Result<()>>>;

/// The reading end of a pipe.
pub struct Source {
    stream: StreamReader<u8>,
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
        Some(Source { stream, last_word })
    }

    /// Read into spare capacity; zero is the end.
    pub(super) async fn read(&mut self, into: &mut Vec<u8>) -> Result<usize> {
        if into.len() == into.capacity() {
            into.reserve(CHUNK);
        }
        let start = into.len();
        loop {
            let read = pin!(self.stream.read(std::mem::take(into)));
            match (InFlight {
                read: Some(read),
                into,
            })
            .finish()
            .await
            {
                StreamResult::Complete(_) if into.len() > start => return Ok(into.len() - start),
                StreamResult::Complete(_) | StreamResult::Cancelled => {}
                StreamResult::Dropped => return self.last_word.clone().await.map(|()| 0),
            }
        }
    }
}

/// A read, and the buffer to which its bytes return even when it is dropped.
struct InFlight<'a, 'b> {
    read: Option<Pin<&'a mut StreamRead<'b, u8>>>,
    into: &'a mut Vec<u8>,
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
            *self.into = read.cancel().1;
        }
    }
}

/// The writing end of a pipe.
pub struct Sink {
    stream: StreamWriter<u8>,
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
        Some(Sink { stream, last_word })
    }

    /// Write everything, one write at a time.
    pub(super) async fn write_all(&mut self, data: Vec<u8>) -> Result<Vec<u8>> {
        let rest = self.stream.write_all(data).await;
        if rest.is_empty() {
            return Ok(rest);
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
