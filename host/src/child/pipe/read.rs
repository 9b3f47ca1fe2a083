//! The end of a pipe that the host reads.

use crate::budget::Share;
use crate::child::meter::{Meter, Output, Stream};
use crate::error::{ErrorCode, Limit};
use futures::task::AtomicWaker;
use rustix::io::Errno;
use std::future::poll_fn;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::net::unix::pipe::Receiver;

/// The end of a pipe that the host reads: what a child writes.
///
/// Every byte is counted by the child's [`Meter`], which may cut it short.
#[derive(Debug)]
pub(crate) struct ReadEnd {
    output: Arc<Output>,
    meter: Arc<Meter>,
    stream: Stream,
    /// How much this pipe has carried.
    carried: u64,
    /// How much may still be read since the meter cut it.
    rest: Option<u64>,
    /// Whether the child has written more than the guest gets.
    overdrawn: bool,
    /// Whether the meter knows that nothing more is read.
    finished: bool,
    /// What the descriptor counts for; given back with it.
    _descriptors: Share,
}

impl ReadEnd {
    pub(crate) fn new(
        end: OwnedFd,
        meter: &Arc<Meter>,
        stream: Stream,
        descriptors: Share,
    ) -> io::Result<Self> {
        let output = Arc::new(Output {
            pipe: Receiver::from_owned_fd(end)?,
            reader: AtomicWaker::new(),
        });
        meter.add(&output);
        Ok(Self {
            output,
            meter: meter.clone(),
            stream,
            carried: 0,
            rest: None,
            overdrawn: false,
            finished: false,
            _descriptors: descriptors,
        })
    }

    /// Wait until there is something to read, or the end.
    pub(crate) fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.output.reader.register(cx.waker());
        if self.meter.is_cut() {
            return Poll::Ready(Ok(()));
        }
        self.output.pipe.poll_read_ready(cx)
    }

    /// Wait until there is something to read, or the end.
    pub(crate) async fn ready(&self) -> io::Result<()> {
        poll_fn(|cx| self.poll_ready(cx)).await
    }

    /// Read into `buffer` and say how much; 0 is the end, or a cut where the budget is used up.
    ///
    /// # Errors
    ///
    /// Beside those of the pipe: [`Limit::Drain`], where a descendant of the child that has exited
    /// still holds the pipe, and the time to read on is over.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        loop {
            match self.try_read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return Poll::Ready(read),
            }
            match self.poll_ready(cx) {
                // Readiness may be stale; asking again registers the waker.
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Read what is there without waiting; `WouldBlock` where nothing is.
    ///
    /// # Errors
    ///
    /// As [`poll_read`](Self::poll_read).
    pub(crate) fn try_read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut one_more = [0];
        if self.meter.is_cut() {
            return self.read_rest(buffer);
        }
        let (buffer, cut) = self.meter.within(self.carried, buffer, &mut one_more);
        // What tokio knows of the pipe lags behind, so the pipe itself is asked first. Where it is
        // empty indeed, tokio's own call takes note of that.
        let read = match rustix::io::read(&self.output.pipe, &mut *buffer) {
            Err(Errno::AGAIN) => self.output.pipe.try_read(buffer)?,
            read => read?,
        };
        Ok(self.spend(read, cut))
    }

    /// Read what lay in the pipe when it was first looked at after the cut.
    fn read_rest(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = match self.rest {
            Some(rest) => rest,
            None => self.waiting()?,
        };
        let mut one_more = [0];
        let room = usize::try_from(rest).unwrap_or(usize::MAX);
        let room = room.min(buffer.len());
        let (wanted, cut) = match room {
            // Only whether this is the end is asked.
            0 => (&mut one_more[..], true),
            room => {
                let buffer = &mut buffer[..room];
                self.meter.within(self.carried, buffer, &mut one_more)
            }
        };
        let read = match rustix::io::read(&self.output.pipe, wanted) {
            Err(Errno::AGAIN) => return Err(undrained()),
            read => read?,
        };
        if read > 0 && room == 0 {
            return Err(undrained());
        }
        self.rest = Some(rest.saturating_sub(read as u64));
        Ok(self.spend(read, cut))
    }

    fn spend(&mut self, read: usize, cut: bool) -> usize {
        let given = self.meter.spend(self.stream, read, cut);
        self.carried += given as u64;
        self.overdrawn |= given < read;
        if given == 0 {
            self.finish();
        }
        given
    }

    /// Nothing more is read.
    fn finish(&mut self) {
        if !std::mem::replace(&mut self.finished, true) {
            self.meter.remove();
        }
    }

    /// Whether the child wrote more to it than it may, so that an end was a cut.
    pub(crate) fn overdrawn(&self) -> bool {
        self.overdrawn
    }

    /// How many bytes lie in the pipe (`FIONREAD`).
    pub(crate) fn waiting(&self) -> io::Result<u64> {
        Ok(rustix::io::ioctl_fionread(&self.output.pipe)?)
    }

    /// Give up the descriptor, so that another child can have it.
    pub(crate) fn into_fd(self) -> io::Result<OwnedFd> {
        self.meter.give_away();
        let fd = self.output.pipe.as_fd().try_clone_to_owned()?;
        rustix::io::ioctl_fionbio(&fd, false)?;
        Ok(fd)
    }
}

impl Drop for ReadEnd {
    fn drop(&mut self) {
        self.finish();
    }
}

/// A descendant holds the pipe, and the time to read on is over.
fn undrained() -> io::Error {
    let code = ErrorCode::LimitReached(Limit::Drain);
    io::Error::new(io::ErrorKind::TimedOut, code)
}
