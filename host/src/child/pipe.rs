//! The host's ends of the pipes of a child.

use crate::error::ErrorCode;
use nix::fcntl::{FcntlArg, fcntl};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, Interest, ReadBuf};
use tokio::net::unix::pipe;

/// Make a pipe: the end that reads and the end that writes, both closed on exec.
pub(crate) fn make(size: Option<u32>) -> io::Result<(OwnedFd, OwnedFd)> {
    let (reader, writer) = io::pipe()?;
    if let Some(size) = size {
        resize(&reader, size)?;
    }
    Ok((reader.into(), writer.into()))
}

/// Ask for a capacity. The system rounds up, and what it does not grant is no error: the size is
/// a wish (fcntl(2), `F_SETPIPE_SZ`).
#[cfg(target_os = "linux")]
fn resize(pipe: &impl AsFd, size: u32) -> io::Result<()> {
    let size = i32::try_from(size).unwrap_or(i32::MAX);
    match fcntl(pipe, FcntlArg::F_SETPIPE_SZ(size)) {
        Ok(_) | Err(nix::errno::Errno::EPERM) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
fn resize(_: &impl AsFd, _: u32) -> io::Result<()> {
    Ok(())
}

/// The end of a pipe that the host reads: what a child writes.
///
/// Every byte is counted against the child's output budget.
#[derive(Debug)]
pub(crate) struct ReadEnd {
    pipe: pipe::Receiver,
    budget: Arc<OutputBudget>,
}

impl ReadEnd {
    pub(crate) fn new(end: OwnedFd, budget: Arc<OutputBudget>) -> io::Result<Self> {
        Ok(Self {
            pipe: pipe::Receiver::from_owned_fd(end)?,
            budget,
        })
    }

    /// Wait until there is something to read, or the end.
    pub(crate) fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.pipe.poll_read_ready(cx)
    }

    /// Wait until there is something to read, or the end.
    pub(crate) async fn ready(&self) -> io::Result<()> {
        self.pipe.readable().await
    }

    /// Read into `buffer` and say how much; 0 is the end, or the end of the budget.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let allowed = self.budget.allowed(buffer.len());
        if allowed == 0 && !buffer.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let mut buffer = ReadBuf::new(&mut buffer[..allowed]);
        ready!(std::pin::Pin::new(&mut self.pipe).poll_read(cx, &mut buffer))?;
        let read = buffer.filled().len();
        self.budget.spend(read);
        Poll::Ready(Ok(read))
    }

    /// Read what is there without waiting; `WouldBlock` where nothing is.
    pub(crate) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let allowed = self.budget.allowed(buffer.len());
        if allowed == 0 && !buffer.is_empty() {
            return Ok(0);
        }
        let read = self.pipe.try_read(&mut buffer[..allowed])?;
        self.budget.spend(read);
        Ok(read)
    }

    /// Whether the child has used its budget up, so that an end may be a cut.
    pub(crate) fn overdrawn(&self) -> bool {
        self.budget.left.load(Ordering::Relaxed) == 0
    }

    /// How many bytes lie in the pipe (`FIONREAD`).
    pub(crate) fn waiting(&self) -> io::Result<u64> {
        Ok(rustix::io::ioctl_fionread(&self.pipe)?)
    }

    /// Give up the descriptor, so that another child can have it.
    pub(crate) fn into_fd(self) -> io::Result<OwnedFd> {
        self.pipe.into_blocking_fd()
    }
}

/// How many more bytes a child may write to its pipes.
#[derive(Debug)]
pub(crate) struct OutputBudget {
    left: AtomicU64,
    overdrawn: tokio::sync::Notify,
}

impl OutputBudget {
    pub(crate) fn new(limit: Option<u64>) -> Arc<Self> {
        Arc::new(Self {
            left: AtomicU64::new(limit.unwrap_or(u64::MAX)),
            overdrawn: tokio::sync::Notify::new(),
        })
    }

    /// Resolves when the child wanted to write more than it may.
    pub(crate) async fn overdrawn(&self) {
        self.overdrawn.notified().await;
    }

    fn allowed(&self, wanted: usize) -> usize {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 && wanted > 0 {
            self.overdrawn.notify_one();
        }
        usize::try_from(left).map_or(wanted, |left| left.min(wanted))
    }

    fn spend(&self, bytes: usize) {
        let bytes = bytes as u64;
        let less = |left: u64| {
            Some(if left == u64::MAX {
                left
            } else {
                left.saturating_sub(bytes)
            })
        };
        let _ = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }
}

/// The end of a pipe that the host writes: what a child reads.
#[derive(Debug)]
pub(crate) struct WriteEnd {
    pipe: Arc<pipe::Sender>,
    closed: Closed,
}

impl WriteEnd {
    pub(crate) fn new(end: OwnedFd) -> io::Result<Self> {
        let pipe = Arc::new(pipe::Sender::from_owned_fd(end)?);
        Ok(Self {
            pipe,
            closed: Closed::default(),
        })
    }

    /// Write some of `data` and say how much.
    pub(crate) fn poll_write(&self, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.pipe.poll_write_ready(cx))?;
            match self.pipe.try_write(data) {
                // Readiness may be stale; asking again registers the waker.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return Poll::Ready(result),
            }
        }
    }

    /// Wait until the pipe takes bytes, or is closed.
    pub(crate) fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.pipe.poll_write_ready(cx)
    }

    /// Write some of `data` without waiting; `WouldBlock` where the pipe is full.
    pub(crate) fn try_write(&self, data: &[u8]) -> io::Result<usize> {
        self.pipe.try_write(data)
    }

    /// Write all of `data`.
    pub(crate) async fn write_all(&self, mut data: &[u8]) -> io::Result<()> {
        while !data.is_empty() {
            let written = std::future::poll_fn(|cx| self.poll_write(cx, data)).await?;
            data = &data[written..];
        }
        Ok(())
    }

    /// Close the pipe because writing to it failed.
    pub(crate) fn fail(self, code: ErrorCode) {
        self.closed.set(Err(code));
    }

    /// The event that this pipe is closed, at either end, even when nothing is being written.
    ///
    /// Watching costs a task, so it begins with the first call.
    pub(crate) fn closed(&self) -> Closed {
        if self.closed.begin_watching() {
            let (pipe, closed) = (Arc::downgrade(&self.pipe), self.closed.clone());
            let here = closed.here.clone();
            if let Some(pipe) = pipe.upgrade() {
                tokio::spawn(async move {
                    // The pipe must go the moment the guest has closed it, or the child would
                    // never see the end: so the watch ends with that too.
                    tokio::select! {
                        _ = pipe.ready(Interest::ERROR) => {
                            drop(pipe);
                            closed.set(Err(ErrorCode::BrokenPipe));
                        }
                        () = here.notified() => {}
                    }
                });
            }
        }
        self.closed.clone()
    }
}

impl Drop for WriteEnd {
    fn drop(&mut self) {
        self.closed.here.notify_one();
        self.closed.set(Ok(()));
    }
}

/// The event that a pipe to a child is closed: by the guest, or by the child.
#[derive(Clone, Debug)]
pub(crate) struct Closed {
    outcome: tokio::sync::watch::Sender<Option<Result<(), ErrorCode>>>,
    here: Arc<tokio::sync::Notify>,
    watching: Arc<std::sync::atomic::AtomicBool>,
}

impl Default for Closed {
    fn default() -> Self {
        Self {
            outcome: tokio::sync::watch::Sender::new(None),
            here: Arc::default(),
            watching: Arc::default(),
        }
    }
}

impl Closed {
    /// Say how it was closed; the first word counts.
    pub(crate) fn set(&self, result: Result<(), ErrorCode>) {
        self.outcome.send_if_modified(|outcome| {
            let first = outcome.is_none();
            if first {
                *outcome = Some(result);
            }
            first
        });
    }

    /// Wait until it is closed, and say whether the child closed it first.
    pub(crate) async fn wait(&self) -> Result<(), ErrorCode> {
        let mut outcome = self.outcome.subscribe();
        match outcome.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.unwrap_or(Ok(())),
            // `self` holds a sender, so the channel is open.
            Err(_) => Ok(()),
        }
    }

    fn begin_watching(&self) -> bool {
        !self.watching.swap(true, Ordering::Relaxed)
    }
}
