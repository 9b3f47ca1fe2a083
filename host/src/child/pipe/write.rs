//! The end of a pipe that the host writes.

use crate::budget::Share;
use crate::child::meter::Counter;
use crate::error::ErrorCode;
use rustix::io::Errno;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use tokio::io::Interest;
use tokio::net::unix::pipe;
use tokio::sync::{Notify, watch};

/// The end of a pipe that the host writes: what a child reads.
#[derive(Debug)]
pub(crate) struct WriteEnd {
    pipe: Arc<pipe::Sender>,
    closed: Closed,
    counter: Counter,
    /// What the descriptor counts for; given back with it.
    _descriptors: Share,
}

impl WriteEnd {
    pub(crate) fn new(end: OwnedFd, counter: Counter, descriptors: Share) -> io::Result<Self> {
        let pipe = Arc::new(pipe::Sender::from_owned_fd(end)?);
        Ok(Self {
            pipe,
            closed: Closed::default(),
            counter,
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
                result => return Poll::Ready(self.count(result)),
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
            Err(Errno::AGAIN) => self.count(self.pipe.try_write(data)),
            written => self.count(Ok(written?)),
        }
    }

    fn count(&self, written: io::Result<usize>) -> io::Result<usize> {
        written.inspect(|written| self.counter.add(*written))
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
