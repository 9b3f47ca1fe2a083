//! The pipes of a child as `wasi:io` streams.

use crate::child::pipe::{ReadEnd, WriteEnd};
use crate::error::ErrorCode;
use crate::limits::{READ_BYTES, WRITE_PERMIT};
use bytes::{Buf, Bytes, BytesMut};
use std::future::{Future, poll_fn};
use std::io;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::{InputStream, OutputStream, Pollable, StreamError, StreamResult};
use wasmtime_wasi::runtime::with_ambient_tokio_runtime;

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
/// What the pipe does not take at once is written by a task, and nothing more is accepted
/// meanwhile: so it arrives even if the guest never asks again, or drops the stream.
pub(super) struct PipeOutput {
    state: State,
    /// Closes when the guest's context is gone.
    owner: watch::Receiver<()>,
}

enum State {
    Open(WriteEnd),
    Writing(JoinHandle<Result<WriteEnd, ErrorCode>>),
    /// The guest has not been told yet.
    Failed(ErrorCode),
    Closed,
}

impl PipeOutput {
    pub(super) fn new(pipe: WriteEnd, owner: watch::Receiver<()>) -> Self {
        let state = State::Open(pipe);
        Self { state, owner }
    }

    /// Wait until nothing is being written.
    fn poll_written(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let State::Writing(task) = &mut self.state {
            self.state = match ready!(Pin::new(task).poll(cx)) {
                Ok(Ok(pipe)) => State::Open(pipe),
                Ok(Err(code)) => State::Failed(code),
                // The runtime is shutting down.
                Err(_) => State::Closed,
            };
        }
        Poll::Ready(())
    }

    /// Tell the guest of a failure: once as itself, from then on as a closed stream.
    fn check(&mut self) -> StreamResult<()> {
        let _ = self.poll_written(&mut Context::from_waker(Waker::noop()));
        match self.state {
            State::Open(_) | State::Writing(_) => Ok(()),
            State::Closed => Err(StreamError::Closed),
            State::Failed(code) => {
                self.state = State::Closed;
                Err(StreamError::LastOperationFailed(code.into()))
            }
        }
    }
}

#[async_trait]
impl Pollable for PipeOutput {
    async fn ready(&mut self) {
        poll_fn(|cx| self.poll_written(cx)).await;
    }
}

#[async_trait]
impl OutputStream for PipeOutput {
    fn check_write(&mut self) -> StreamResult<usize> {
        self.check()?;
        Ok(if matches!(self.state, State::Open(_)) {
            WRITE_PERMIT
        } else {
            0
        })
    }

    fn write(&mut self, mut bytes: Bytes) -> StreamResult<()> {
        self.check()?;
        let pipe = match mem::replace(&mut self.state, State::Closed) {
            State::Open(pipe) if bytes.len() <= WRITE_PERMIT => pipe,
            state => {
                self.state = state;
                return Err(StreamError::trap("write without a permit from check-write"));
            }
        };
        // Whatever this meets, the next call reports.
        self.state = loop {
            if bytes.is_empty() {
                break State::Open(pipe);
            }
            match pipe.try_write(&bytes) {
                Ok(written) => bytes.advance(written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    break State::Writing(with_ambient_tokio_runtime(|| {
                        tokio::spawn(write_all(pipe, bytes, self.owner.clone()))
                    }));
                }
                Err(error) => break State::Failed(pipe.fail(error.into())),
            }
        };
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        self.check()
    }
}

async fn write_all(
    pipe: WriteEnd,
    bytes: Bytes,
    mut owner: watch::Receiver<()>,
) -> Result<WriteEnd, ErrorCode> {
    let written = tokio::select! {
        written = pipe.write_all(&bytes) => written,
        // The sender is never used: dropping it closes the channel.
        _ = owner.changed() => Err(io::ErrorKind::BrokenPipe.into()),
    };
    match written {
        Ok(()) => Ok(pipe),
        Err(error) => Err(pipe.fail(error.into())),
    }
}

fn failed(error: io::Error) -> StreamError {
    StreamError::LastOperationFailed(ErrorCode::from(error).into())
}
