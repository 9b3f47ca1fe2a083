//! A guest's standard input, and the children that inherit it.

use crate::child::pipe::{self, WriteEnd};
use crate::limits::COPY_BYTES;
use bytes::{Bytes, BytesMut};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::cli::{IsTerminal, StdinStream};
use wasmtime_wasi::p2::{InputStream, Pollable, StreamResult};

/// A guest's standard input, with room to put back what a child did not read. Its clones are the
/// same stream.
#[derive(Clone)]
pub(crate) struct GuestInput {
    stream: Arc<Mutex<Box<dyn StdinStream>>>,
    returned: Arc<Mutex<Returned>>,
}

/// What children gave back, in front of what the stream still has.
#[derive(Default)]
struct Returned {
    data: BytesMut,
    readers: Vec<Waker>,
}

impl GuestInput {
    pub(crate) fn new(stream: Box<dyn StdinStream>) -> Self {
        Self {
            stream: Arc::new(Mutex::new(stream)),
            returned: Arc::default(),
        }
    }

    fn with<R>(&self, use_it: impl FnOnce(&dyn StdinStream) -> R) -> R {
        use_it(&**self.stream.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn returned(&self) -> MutexGuard<'_, Returned> {
        self.returned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Put `data` back in front of everything.
    fn put_back(&self, data: &[u8]) {
        let mut returned = self.returned();
        let mut joined = BytesMut::from(data);
        joined.extend_from_slice(&returned.data);
        returned.data = joined;
        for reader in returned.readers.drain(..) {
            reader.wake();
        }
    }

    /// Take up to `size` bytes of what was given back.
    fn take_returned(&self, size: usize) -> Option<Bytes> {
        let mut returned = self.returned();
        let size = size.min(returned.data.len());
        (size > 0).then(|| returned.data.split_to(size).freeze())
    }

    /// Ready when something was given back; the waker is kept otherwise.
    fn poll_returned(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut returned = self.returned();
        if !returned.data.is_empty() {
            return Poll::Ready(());
        }
        if !returned
            .readers
            .iter()
            .any(|reader| reader.will_wake(cx.waker()))
        {
            returned.readers.push(cx.waker().clone());
        }
        Poll::Pending
    }
}

impl IsTerminal for GuestInput {
    fn is_terminal(&self) -> bool {
        self.with(|stream| stream.is_terminal())
    }
}

impl StdinStream for GuestInput {
    fn async_stream(&self) -> Box<dyn AsyncRead + Send + Sync> {
        let stream = self.with(|stream| stream.async_stream());
        Box::new(AsyncInput {
            guest: self.clone(),
            stream: stream.into(),
        })
    }

    fn p2_stream(&self) -> Box<dyn InputStream> {
        let stream = self.with(|stream| stream.p2_stream());
        Box::new(P2Input {
            guest: self.clone(),
            stream,
        })
    }
}

struct AsyncInput {
    guest: GuestInput,
    stream: Pin<Box<dyn AsyncRead + Send + Sync>>,
}

impl AsyncRead for AsyncInput {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.guest.poll_returned(cx).is_ready()
            && let Some(data) = self.guest.take_returned(buffer.remaining())
        {
            buffer.put_slice(&data);
            return Poll::Ready(Ok(()));
        }
        self.stream.as_mut().poll_read(cx, buffer)
    }
}

struct P2Input {
    guest: GuestInput,
    stream: Box<dyn InputStream>,
}

#[async_trait]
impl Pollable for P2Input {
    async fn ready(&mut self) {
        let Self { guest, stream } = self;
        tokio::select! {
            biased;
            () = poll_fn(|cx| guest.poll_returned(cx)) => {}
            () = stream.ready() => {}
        }
    }
}

#[async_trait]
impl InputStream for P2Input {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        match self.guest.take_returned(size) {
            Some(data) => Ok(data),
            None => self.stream.read(size),
        }
    }

    async fn cancel(&mut self) {
        self.stream.cancel().await;
    }
}

/// Carries the guest's input to one child.
///
/// The host keeps a second descriptor of the pipe's reading end, so that after the child's exit
/// what it did not read can be taken out of the pipe again.
pub(crate) struct InputPump {
    guest: GuestInput,
    pipe: OwnedFd,
    stop: oneshot::Sender<()>,
    carried: JoinHandle<Vec<u8>>,
}

impl InputPump {
    pub(crate) fn start(guest: &GuestInput) -> io::Result<(Self, OwnedFd)> {
        let (reader, writer) = pipe::make(None)?;
        let childs = reader.try_clone()?;
        let (stop, stopped) = oneshot::channel();
        let carried = tokio::spawn(carry(
            guest.async_stream().into(),
            WriteEnd::new(writer)?,
            stopped,
        ));
        Ok((
            Self {
                guest: guest.clone(),
                pipe: reader,
                stop,
                carried,
            },
            childs,
        ))
    }

    /// Stop, and give the guest back what the child did not read.
    pub(crate) async fn give_back(self) {
        drop(self.stop);
        let unwritten = self.carried.await.unwrap_or_default();
        let mut left = match empty(&self.pipe) {
            Ok(left) => left,
            Err(error) => {
                tracing::warn!(%error, "input that a child did not read could not be taken back");
                Vec::new()
            }
        };
        left.extend(unwritten);
        if !left.is_empty() {
            self.guest.put_back(&left);
        }
    }
}

/// Carry until `stopped`, and return what was read of the guest's input and not written.
async fn carry(
    mut guest: Pin<Box<dyn AsyncRead + Send + Sync>>,
    pipe: WriteEnd,
    mut stopped: oneshot::Receiver<()>,
) -> Vec<u8> {
    let mut chunk = vec![0; COPY_BYTES];
    let mut waiting: VecDeque<u8> = VecDeque::new();
    loop {
        let step = poll_fn(|cx| {
            if waiting.is_empty() {
                let mut buffer = ReadBuf::new(&mut chunk);
                ready!(guest.as_mut().poll_read(cx, &mut buffer))?;
                waiting.extend(buffer.filled());
                Poll::Ready(Ok::<_, io::Error>(!waiting.is_empty()))
            } else {
                let (front, _) = waiting.as_slices();
                let written = ready!(pipe.poll_write(cx, front))?;
                waiting.drain(..written);
                Poll::Ready(Ok(true))
            }
        });
        let more = tokio::select! {
            biased;
            _ = &mut stopped => break,
            more = step => more,
        };
        // The end of the input, or a failure of it, closes the pipe.
        if !matches!(more, Ok(true)) {
            break;
        }
    }
    waiting.into()
}

/// Take everything out of a pipe without waiting.
///
/// The pipe's own descriptor is shared with the child, so it must not be made non-blocking;
/// splice(2) can leave it as it is.
#[cfg(target_os = "linux")]
fn empty(pipe: &OwnedFd) -> io::Result<Vec<u8>> {
    use rustix::io::Errno;
    use rustix::pipe::{SpliceFlags, splice};
    let (mut reader, writer) = io::pipe()?;
    let mut taken = Vec::new();
    loop {
        match splice(pipe, None, &writer, None, COPY_BYTES, SpliceFlags::NONBLOCK) {
            Ok(0) | Err(Errno::AGAIN) => return Ok(taken),
            Ok(spliced) => {
                let start = taken.len();
                taken.resize(start + spliced, 0);
                reader.read_exact(&mut taken[start..])?;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn empty(_: &OwnedFd) -> io::Result<Vec<u8>> {
    Err(io::ErrorKind::Unsupported.into())
}
