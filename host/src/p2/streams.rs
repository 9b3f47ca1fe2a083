//! The pipes of a child as `wasi:io` streams.

use crate::child::pipe::{ReadEnd, WriteEnd};
use crate::error::ErrorCode;
use crate::limits::{READ_BYTES, WRITE_PERMIT};
use bytes::{Buf, Bytes, BytesMut};
use std::future::poll_fn;
use std::io;
use std::task::{Poll, ready};
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::{InputStream, OutputStream, Pollable, StreamError, StreamResult};

/// What a child writes, for the guest to read.
pub(super) struct PipeInput(pub(super) ReadEnd);

#[async_trait]
impl Pollable for PipeInput {
    async fn ready(&mut self) {
        // A failure shows again in the read.
        let _ = self.0.ready().await;
    }
}

#[async_trait]
impl InputStream for PipeInput {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        if size == 0 {
            return Ok(Bytes::new());
        }
        let mut buffer = BytesMut::zeroed(size.min(READ_BYTES));
        match self.0.try_read(&mut buffer) {
            Ok(0) => Err(StreamError::Closed),
            Ok(read) => {
                buffer.truncate(read);
                Ok(buffer.freeze())
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Bytes::new()),
            Err(error) => Err(failed(error)),
        }
    }
}

/// What a guest writes, for the child to read.
///
/// What the pipe does not take at once waits here, up to the permit, and nothing more is accepted
/// meanwhile. When the guest drops the stream, a task writes the rest: nothing is lost.
pub(super) struct PipeOutput {
    pipe: Option<WriteEnd>,
    waiting: Bytes,
    failure: Option<ErrorCode>,
}

impl PipeOutput {
    pub(super) fn new(pipe: WriteEnd) -> Self {
        Self {
            pipe: Some(pipe),
            waiting: Bytes::new(),
            failure: None,
        }
    }

    /// Write what the pipe takes now. A failure closes the pipe and is kept for the guest.
    fn write_some(&mut self) {
        while let Some(pipe) = &self.pipe
            && !self.waiting.is_empty()
        {
            match pipe.try_write(&self.waiting) {
                Ok(written) => self.waiting.advance(written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => self.fail(error),
            }
        }
    }

    fn fail(&mut self, error: io::Error) {
        let code = ErrorCode::from(error);
        if let Some(pipe) = self.pipe.take() {
            pipe.fail(code);
        }
        self.waiting = Bytes::new();
        self.failure = Some(code);
    }

    /// Tell the guest of a failure: once as itself, from then on as a closed stream.
    fn check(&mut self) -> StreamResult<()> {
        match (self.failure.take(), &self.pipe) {
            (Some(code), _) => Err(StreamError::LastOperationFailed(code.into())),
            (None, None) => Err(StreamError::Closed),
            (None, Some(_)) => Ok(()),
        }
    }
}

#[async_trait]
impl Pollable for PipeOutput {
    async fn ready(&mut self) {
        let Self {
            pipe: Some(pipe),
            waiting,
            ..
        } = self
        else {
            return;
        };
        let written = poll_fn(|cx| {
            while !waiting.is_empty() {
                let written = ready!(pipe.poll_write(cx, waiting))?;
                waiting.advance(written);
            }
            Poll::Ready(Ok(()))
        });
        if let Err(error) = written.await {
            self.fail(error);
        }
    }
}

#[async_trait]
impl OutputStream for PipeOutput {
    fn check_write(&mut self) -> StreamResult<usize> {
        self.write_some();
        self.check()?;
        Ok(if self.waiting.is_empty() {
            WRITE_PERMIT
        } else {
            0
        })
    }

    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.check()?;
        if !self.waiting.is_empty() || bytes.len() > WRITE_PERMIT {
            return Err(StreamError::trap("write without a permit from check-write"));
        }
        self.waiting = bytes;
        self.write_some();
        // The next call reports what this one met.
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        self.write_some();
        self.check()
    }
}

impl Drop for PipeOutput {
    fn drop(&mut self) {
        if let Some(pipe) = self.pipe.take()
            && !self.waiting.is_empty()
        {
            let waiting = std::mem::take(&mut self.waiting);
            tokio::spawn(async move {
                if let Err(error) = pipe.write_all(&waiting).await {
                    tracing::debug!(%error, "a child did not read all of its input");
                }
            });
        }
    }
}

fn failed(error: io::Error) -> StreamError {
    StreamError::LastOperationFailed(ErrorCode::from(error).into())
}
