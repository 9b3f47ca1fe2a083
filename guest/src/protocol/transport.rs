//! The handle that a protocol has on its child.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures::future::AbortHandle;

use crate::backend::Backend;
use crate::handle::Handle;
use crate::{Error, ExitStatus, Result, Signal, SignalTarget};

/// Writes to a child, sends signals to it and closes it. Clones are handles on
/// the same child.
#[derive(Clone)]
pub struct Transport(Rc<Inner>);

/// What the clones and the connection share.
struct Inner {
    id: u32,
    control: Rc<dyn Control>,
    outbox: RefCell<Outbox>,
    status: Cell<Option<ExitStatus>>,
    pipes: Vec<AbortHandle>,
}

/// What is to be written to standard input.
#[derive(Default)]
struct Outbox {
    data: Vec<u8>,
    closed: bool,
    writer: Option<Waker>,
}

impl Transport {
    pub(super) fn new<B: Backend>(
        id: u32,
        control: Rc<Handle<B>>,
        pipes: Vec<AbortHandle>,
    ) -> Transport {
        let (outbox, status) = (RefCell::default(), Cell::new(None));
        Transport(Rc::new(Inner {
            id,
            control,
            outbox,
            status,
            pipes,
        }))
    }

    /// The child's process identifier as the child itself sees it.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.0.id
    }

    /// How the child ended, or `None` before `process_exited`.
    #[must_use]
    pub fn status(&self) -> Option<ExitStatus> {
        self.0.status.get()
    }

    /// The exit code, or the negative number of the signal that ended the child;
    /// `None` before `process_exited`.
    #[must_use]
    pub fn returncode(&self) -> Option<i32> {
        self.status().map(|it| it.returncode())
    }

    /// Write to standard input. The data is queued, and goes out while the
    /// connection is awaited; see [`Protocol::pause_writing`](super::Protocol).
    /// What is written after the pipe was closed is dropped.
    pub fn write(&self, data: &[u8]) {
        self.change(|outbox| {
            if !outbox.closed {
                outbox.data.extend_from_slice(data);
            }
        });
    }

    /// Close standard input once everything is written.
    #[doc(alias = "close_stdin")]
    pub fn write_eof(&self) {
        self.change(|outbox| outbox.closed = true);
    }

    /// How many bytes wait to be written.
    #[must_use]
    pub fn write_buffer_size(&self) -> usize {
        self.0.outbox.borrow().data.len()
    }

    /// Send a signal to the child itself.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyExited`] if the child has exited, and
    /// [`Error::AccessDenied`] if the policy does not allow the signal.
    pub fn send_signal(&self, signal: Signal) -> Result<()> {
        self.0.control.send_signal(signal)
    }

    /// Ask the child to end: `SIGTERM`.
    ///
    /// # Errors
    ///
    /// As [`send_signal`](Self::send_signal).
    pub fn terminate(&self) -> Result<()> {
        self.0.control.terminate()
    }

    /// End the child's process group: `SIGKILL`.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyExited`] if the child has exited.
    pub fn kill(&self) -> Result<()> {
        self.0.control.kill()
    }

    /// Close every pipe, and kill the child if it still runs.
    pub fn close(&self) {
        self.write_eof();
        self.0.pipes.iter().for_each(AbortHandle::abort);
        if self.status().is_none() {
            // It may have exited a moment ago, which is as good.
            _ = self.kill();
        }
    }

    /// The child has exited.
    pub(super) fn set_status(&self, status: ExitStatus) {
        self.0.status.set(Some(status));
    }

    /// Drop what was not written, and say whether there was any.
    pub(super) fn discard(&self) -> bool {
        self.write_eof();
        !std::mem::take(&mut self.0.outbox.borrow_mut().data).is_empty()
    }

    /// What is to be written next, or `None` where nothing more will be. The
    /// spare vector takes what comes meanwhile.
    pub(super) fn poll_outbox(
        &self,
        cx: &Context<'_>,
        spare: &mut Vec<u8>,
    ) -> Poll<Option<Vec<u8>>> {
        let mut outbox = self.0.outbox.borrow_mut();
        if !outbox.data.is_empty() {
            let next = std::mem::replace(&mut outbox.data, std::mem::take(spare));
            Poll::Ready(Some(next))
        } else if outbox.closed {
            Poll::Ready(None)
        } else {
            outbox.writer = Some(cx.waker().clone());
            Poll::Pending
        }
    }

    /// Change the outbox and wake whoever empties it.
    fn change(&self, change: impl FnOnce(&mut Outbox)) {
        let writer = {
            let mut outbox = self.0.outbox.borrow_mut();
            change(&mut outbox);
            outbox.writer.take()
        };
        writer.into_iter().for_each(Waker::wake);
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("pid", &self.pid())
            .field("status", &self.status())
            .finish()
    }
}

/// The operations on a child, whatever its generation.
trait Control {
    fn send_signal(&self, signal: Signal) -> Result<()>;
    fn terminate(&self) -> Result<()>;
    fn kill(&self) -> Result<()>;
}

impl<B: Backend> Control for Handle<B> {
    fn send_signal(&self, signal: Signal) -> Result<()> {
        let child = self.child().ok_or(Error::AlreadyExited)?;
        B::send_signal(&child, signal, SignalTarget::Process)
    }

    fn terminate(&self) -> Result<()> {
        B::terminate(&*self.child().ok_or(Error::AlreadyExited)?)
    }

    fn kill(&self) -> Result<()> {
        B::kill(&*self.child().ok_or(Error::AlreadyExited)?)
    }
}
