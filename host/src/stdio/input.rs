//! A guest's standard input, and the children that inherit it.

use crate::budget::Share;
use crate::child::meter::Counter;
use crate::child::pipe::{self, WriteEnd};
use crate::limits::COPY_BYTES;
use bytes::{Bytes, BytesMut};
use std::collections::{HashMap, VecDeque};
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
    /// Who waits, each reader in a place of its own.
    waiting: HashMap<u64, Waker>,
    readers: u64,
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
        for (_, waker) in returned.waiting.drain() {
            waker.wake();
        }
    }

    /// Take up to `size` bytes of what was given back.
    fn take_returned(&self, size: usize) -> Option<Bytes> {
        let mut returned = self.returned();
        let size = size.min(returned.data.len());
        (size > 0).then(|| returned.data.split_to(size).freeze())
    }

    fn reader(&self) -> Reader {
        let mut returned = self.returned();
        returned.readers += 1;
        Reader {
            guest: self.clone(),
            number: returned.readers,
        }
    }
}

/// One who reads the guest's input, and wants to know when something is given back.
struct Reader {
    guest: GuestInput,
    number: u64,
}

impl Reader {
    /// Ready when something was given back.
    fn poll_returned(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut returned = self.guest.returned();
        if returned.data.is_empty() {
            returned.waiting.insert(self.number, cx.waker().clone());
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.guest.returned().waiting.remove(&self.number);
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
            reader: self.reader(),
            stream: stream.into(),
        })
    }

    fn p2_stream(&self) -> Box<dyn InputStream> {
        let stream = self.with(|stream| stream.p2_stream());
        Box::new(P2Input {
            reader: self.reader(),
            stream,
        })
    }
}

struct AsyncInput {
    reader: Reader,
    stream: Pin<Box<dyn AsyncRead + Send + Sync>>,
}

impl AsyncRead for AsyncInput {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.reader.poll_returned(cx).is_ready()
            && let Some(data) = self.reader.guest.take_returned(buffer.remaining())
        {
            buffer.put_slice(&data);
            return Poll::Ready(Ok(()));
        }
        self.stream.as_mut().poll_read(cx, buffer)
    }
}

struct P2Input {
    reader: Reader,
    stream: Box<dyn InputStream>,
}

#[async_trait]
impl Pollable for P2Input {
    async fn ready(&mut self) {
        let Self { reader, stream } = self;
        tokio::select! {
            biased;
            () = poll_fn(|cx| reader.poll_returned(cx)) => {}
            () = stream.ready() => {}
        }
    }
}

#[async_trait]
impl InputStream for P2Input {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        match self.reader.guest.take_returned(size) {
            Some(data) => Ok(data),
            None => self.stream.read(size),
        }
    }

    async fn cancel(&mut self) {
        self.stream.cancel().await;
    }
}

/// A pipe to which the guest's input is to be carried.
pub(crate) struct InputPipe {
    guest: GuestInput,
    reader: OwnedFd,
    writer: WriteEnd,
}

impl InputPipe {
    /// The pipe, and the end for the child.
    pub(crate) fn new(
        guest: &GuestInput,
        counter: Counter,
        descriptors: Share,
    ) -> io::Result<(Self, OwnedFd)> {
        let (reader, writer) = pipe::make(None)?;
        let childs = reader.try_clone()?;
        Ok((
            Self {
                guest: guest.clone(),
                reader,
                writer: WriteEnd::new(writer, counter, descriptors)?,
            },
            childs,
        ))
    }

    /// Carry in a task of its own.
    pub(crate) fn start(self) -> InputPump {
        let Self {
            guest,
            reader,
            writer,
        } = self;
        let (stop, stopped) = oneshot::channel();
        let carried = tokio::spawn(carry(guest.async_stream().into(), writer, stopped));
        InputPump {
            guest,
            pipe: reader,
            stop,
            carried,
        }
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
    carried: JoinHandle<Carried>,
}

impl InputPump {
    /// Stop, and give the guest back what the child did not read.
    pub(crate) async fn give_back(self) {
        drop(self.stop);
        let Carried { unwritten, written } = self.carried.await.unwrap_or_default();
        let mut left = match empty(&self.pipe, written) {
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

/// What became of the guest's input.
#[derive(Default)]
struct Carried {
    /// What was read and not written to the pipe.
    unwritten: Vec<u8>,
    /// How many bytes were written to the pipe.
    written: u64,
}

/// Carry until `stopped`.
async fn carry(
    mut guest: Pin<Box<dyn AsyncRead + Send + Sync>>,
    pipe: WriteEnd,
    mut stopped: oneshot::Receiver<()>,
) -> Carried {
    let mut total = 0;
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
                total += written as u64;
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
    Carried {
        unwritten: waiting.into(),
        written: total,
    }
}

/// Take what lies in a pipe without waiting: no more than was there at first, and no more than
/// `written`, because a child can write to its own standard input.
///
/// The pipe's own descriptor is shared with the child, so it must not be made non-blocking;
/// splice(2) can leave it as it is.
#[cfg(target_os = "linux")]
fn empty(pipe: &OwnedFd, written: u64) -> io::Result<Vec<u8>> {
    use rustix::io::Errno;
    use rustix::pipe::{SpliceFlags, splice};
    let (mut reader, writer) = io::pipe()?;
    let mut taken = Vec::new();
    let most = rustix::io::ioctl_fionread(pipe)?.min(written);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    while taken.len() < most {
        let chunk = COPY_BYTES.min(most - taken.len());
        match splice(pipe, None, &writer, None, chunk, SpliceFlags::NONBLOCK) {
            Ok(0) | Err(Errno::AGAIN) => return Ok(taken),
            Ok(spliced) => {
                let start = taken.len();
                taken.resize(start + spliced, 0);
                reader.read_exact(&mut taken[start..])?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(taken)
}

#[cfg(not(target_os = "linux"))]
fn empty(_: &OwnedFd, _: u64) -> io::Result<Vec<u8>> {
    Err(io::ErrorKind::Unsupported.into())
}
