//! The host's ends of the pipes of a child.

use crate::budget::Share;
use crate::error::ErrorCode;
use nix::fcntl::{FcntlArg, fcntl};
use rustix::io::Errno;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, Interest, ReadBuf};
use tokio::net::unix::pipe;
use tokio::sync::{Notify, watch};

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
    /// What the descriptor counts for; given back with it.
    _descriptors: Share,
}

impl ReadEnd {
    pub(crate) fn new(
        end: OwnedFd,
        budget: Arc<OutputBudget>,
        descriptors: Share,
    ) -> io::Result<Self> {
        Ok(Self {
            pipe: pipe::Receiver::from_owned_fd(end)?,
            budget,
            _descriptors: descriptors,
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

    /// Read into `buffer` and say how much; 0 is the end, or a cut where the budget is used up.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut one_more = [0];
        let (buffer, cut) = self.budget.within(buffer, &mut one_more);
        let mut buffer = ReadBuf::new(buffer);
        ready!(std::pin::Pin::new(&mut self.pipe).poll_read(cx, &mut buffer))?;
        Poll::Ready(Ok(self.budget.spend(buffer.filled().len(), cut)))
    }

    /// Read what is there without waiting; `WouldBlock` where nothing is.
    pub(crate) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut one_more = [0];
        let (buffer, cut) = self.budget.within(buffer, &mut one_more);
        // What tokio knows of the pipe lags behind, so the pipe itself is asked first. Where it is
        // empty indeed, tokio's own call takes note of that.
        let read = match rustix::io::read(&self.pipe, &mut *buffer) {
            Err(Errno::AGAIN) => self.pipe.try_read(buffer)?,
            read => read?,
        };
        Ok(self.budget.spend(read, cut))
    }

    /// Whether the child wrote more than it may, so that an end was a cut.
    pub(crate) fn overdrawn(&self) -> bool {
        self.budget.overdrawn.load(Ordering::Relaxed)
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
    /// `None` is as many as it likes.
    left: Option<AtomicU64>,
    overdrawn: AtomicBool,
    noticed: Notify,
}

impl OutputBudget {
    pub(crate) fn new(limit: Option<u64>) -> Arc<Self> {
        Arc::new(Self {
            left: limit.map(AtomicU64::new),
            overdrawn: AtomicBool::new(false),
            noticed: Notify::new(),
        })
    }

    /// Resolves when the child has written more than it may.
    pub(crate) async fn overdrawn(&self) {
        self.noticed.notified().await;
    }

    /// As much of `buffer` as may still be filled. Where that is nothing, `one_more` is read
    /// instead, to tell a child that has written all it may from one that writes more.
    fn within<'a>(&self, buffer: &'a mut [u8], one_more: &'a mut [u8; 1]) -> (&'a mut [u8], bool) {
        let Some(left) = &self.left else {
            return (buffer, false);
        };
        let left = usize::try_from(left.load(Ordering::Relaxed)).unwrap_or(usize::MAX);
        match left.min(buffer.len()) {
            0 if !buffer.is_empty() => (one_more, true),
            allowed => (&mut buffer[..allowed], false),
        }
    }

    /// Count what was read, and say how much of it the guest gets.
    fn spend(&self, read: usize, cut: bool) -> usize {
        if cut {
            if read > 0 {
                self.overdrawn.store(true, Ordering::Relaxed);
                self.noticed.notify_one();
            }
            return 0;
        }
        if let Some(left) = &self.left {
            let less = |left: u64| Some(left.saturating_sub(read as u64));
            // The closure always has a value, so this cannot fail.
            let _ = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        }
        read
    }
}

/// The end of a pipe that the host writes: what a child reads.
#[derive(Debug)]
pub(crate) struct WriteEnd {
    pipe: Arc<pipe::Sender>,
    closed: Closed,
    /// What the descriptor counts for; given back with it.
    _descriptors: Share,
}

impl WriteEnd {
    pub(crate) fn new(end: OwnedFd, descriptors: Share) -> io::Result<Self> {
        let pipe = Arc::new(pipe::Sender::from_owned_fd(end)?);
        Ok(Self {
            pipe,
            closed: Closed::default(),
            _descriptors: descriptors,
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
        // As with reading: the pipe itself first.
        match rustix::io::write(&self.pipe, data) {
            Err(Errno::AGAIN) => self.pipe.try_write(data),
            written => Ok(written?),
        }
    }

    /// Write all of `data`.
    pub(crate) async fn write_all(&self, mut data: &[u8]) -> io::Result<()> {
        while !data.is_empty() {
            let written = std::future::poll_fn(|cx| self.poll_write(cx, data)).await?;
            data = &data[written..];
        }
        Ok(())
    }

    /// Close the pipe because writing to it failed, and say why again.
    pub(crate) fn fail(self, code: ErrorCode) -> ErrorCode {
        self.closed.set(Err(code));
        code
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
                        () = here.notified() => {
                            drop(pipe);
                            closed.set(Ok(()));
                        }
                    }
                });
            }
        }
        self.closed.clone()
    }
}

impl Drop for WriteEnd {
    fn drop(&mut self) {
        if self.closed.watching.load(Ordering::Relaxed) {
            // The watch holds the pipe too, and tells of the end once it has let it go.
            self.closed.here.notify_one();
        } else {
            self.closed.set(Ok(()));
        }
    }
}

/// The event that a pipe to a child is closed: by the guest, or by the child.
#[derive(Clone, Debug)]
pub(crate) struct Closed {
    outcome: watch::Sender<Option<Result<(), ErrorCode>>>,
    here: Arc<Notify>,
    watching: Arc<AtomicBool>,
}

impl Default for Closed {
    fn default() -> Self {
        Self {
            outcome: watch::Sender::new(None),
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
