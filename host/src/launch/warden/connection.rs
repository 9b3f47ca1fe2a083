//! Talking to a warden that serves: children are started, signalled and reported over one socket.

mod child;
mod listener;

pub(super) use child::WardenChild;

use super::request::Descriptors;
use super::start::{self, Started};
use super::wire::{Failure, Reply, Request, Spawn};
use crate::child::{ExitStatus, Usage};
use crate::error::{ErrorCode, IoError};
use crate::launch::{Exited, Held, asynchronous};
use crate::limits::{SPAWN_END, TREE_CHECK, TREE_END};
use crate::supervisor::LiveWarden;
use listener::Listener;
use rustix::net::Shutdown;
use std::collections::{HashMap, VecDeque};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::{Notify, oneshot};
use tokio::time::{sleep, timeout};

/// A warden that serves. When nobody holds it any more, it ends, and all its children with it.
pub(super) struct Connection(Arc<Shared>);

/// What the connection shares with the task that listens to the warden.
struct Shared {
    socket: AsyncFd<Arc<OwnedFd>>,
    state: Mutex<State>,
    /// Something waits to be sent.
    unsent: Notify,
    /// A child was asked to be ended.
    ending: Notify,
}

#[derive(Default)]
struct State {
    /// What the next child is called.
    next: u64,
    children: HashMap<u64, Waiting>,
    /// Children whose end the socket had no room for. Each is there once at most.
    unsent: VecDeque<u64>,
    /// The warden is gone, or nobody listens to it.
    closed: bool,
}

/// Who waits to hear of a child.
struct Waiting {
    started: Option<oneshot::Sender<Result<u32, Failure>>>,
    /// Until it has exited.
    exit: Option<oneshot::Sender<Exited>>,
    /// Dropped when nothing is left of it.
    _gone: oneshot::Sender<()>,
    /// When it is to be gone, once it was asked to be ended.
    gone_by: Option<Instant>,
    /// Kept until nothing is left of it.
    held: Option<Held>,
}

impl Connection {
    /// Serve with a warden that was started.
    pub(super) fn new(started: Started, live: LiveWarden) -> io::Result<Arc<Self>> {
        let shared = Arc::new(Shared {
            socket: asynchronous(started.socket, Interest::READABLE)?,
            state: Mutex::default(),
            unsent: Notify::new(),
            ending: Notify::new(),
        });
        let mut closing = live.closing();
        let listener = Listener {
            shared: shared.clone(),
            process: Some(started.process),
            _live: live,
        };
        let close = shared.clone();
        tokio::spawn(async move {
            let mut listen = std::pin::pin!(listener.listen());
            tokio::select! {
                () = &mut listen => return,
                () = closing.over() => close.close(),
            }
            listen.await;
        });
        Ok(Arc::new(Self(shared)))
    }

    /// Whether it can be asked for another child.
    pub(super) fn is_open(&self) -> bool {
        !self.0.lock().closed
    }

    /// Start a child.
    pub(super) async fn spawn(
        self: &Arc<Self>,
        mut spawn: Spawn,
        descriptors: Descriptors,
        held: Held,
    ) -> Result<WardenChild, ErrorCode> {
        let (started_sender, started) = oneshot::channel();
        let (exit_sender, exit) = oneshot::channel();
        let (gone_sender, gone) = oneshot::channel();
        spawn.child = {
            let mut state = self.0.lock();
            if state.closed {
                return Err(ErrorCode::SandboxUnavailable);
            }
            let child = state.next;
            state.next += 1;
            let waiting = Waiting {
                started: Some(started_sender),
                exit: Some(exit_sender),
                _gone: gone_sender,
                gone_by: None,
                held: Some(held),
            };
            state.children.insert(child, waiting);
            child
        };
        // Whatever happens from here on, the child does not stay without an owner.
        let mut child = WardenChild {
            warden: self.clone(),
            child: spawn.child,
            id: 0,
            exit: Some(exit),
            gone: Some(gone),
            asked: false,
        };
        let message = Request::Spawn(spawn).encode();
        self.0.send(&message, &descriptors).await?;
        child.asked = true;
        drop(descriptors);
        let Ok(started) = timeout(SPAWN_END, started).await else {
            // Nothing is heard of its siblings either, for as long as the warden waits.
            tracing::error!("a child does not start, so everything in its world is ended");
            self.0.close();
            return Err(ErrorCode::Io(IoError::Other));
        };
        match started {
            Ok(Ok(id)) => {
                child.id = id;
                Ok(child)
            }
            Ok(Err(failure)) => {
                child.exit = None;
                child.gone = None;
                tracing::debug!(?failure, "a child was not started");
                Err(super::request::error(&failure))
            }
            Err(_) => Err(ErrorCode::SandboxUnavailable),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tell the warden to end.
    fn close(&self) {
        self.lock().closed = true;
        let _ = rustix::net::shutdown(self.socket.get_ref(), Shutdown::Both);
    }

    async fn send(&self, message: &[u8], fds: &[OwnedFd]) -> Result<(), ErrorCode> {
        let fds = fds.iter().map(AsFd::as_fd).collect::<Vec<_>>();
        let now = |socket: &OwnedFd| start::send(socket.as_fd(), message, &fds);
        let sent = match now(self.socket.get_ref()) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.send_later(now).await,
            sent => sent,
        };
        sent.map_err(|error| {
            if is_gone(&error) {
                ErrorCode::SandboxUnavailable
            } else {
                error.into()
            }
        })
    }

    /// Send when there is room. There nearly always is, so nobody waits for that otherwise.
    async fn send_later(&self, send: impl Fn(&OwnedFd) -> io::Result<()>) -> io::Result<()> {
        let socket = self.socket.get_ref().try_clone()?;
        let socket = asynchronous(socket, Interest::WRITABLE)?;
        socket.async_io(Interest::WRITABLE, send).await
    }

    /// Send a signal to a child.
    fn signal(&self, child: u64, number: i32, group: bool) -> Result<(), ErrorCode> {
        let request = Request::Signal {
            child,
            number,
            group,
        };
        let state = self.lock();
        if !state.children.contains_key(&child) {
            return Err(ErrorCode::AlreadyExited);
        }
        match start::send(self.socket.get_ref().as_fd(), &request.encode(), &[]) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                Err(ErrorCode::Io(IoError::Again))
            }
            // The warden is gone, and so is the child.
            Err(error) if is_gone(&error) => Err(ErrorCode::AlreadyExited),
            sent => Ok(sent?),
        }
    }

    /// Have a child and everything that it has started killed: later, if the socket has no room.
    fn end(&self, child: u64) {
        let mut state = self.lock();
        let Some(waiting) = state.children.get_mut(&child) else {
            return;
        };
        waiting.gone_by.get_or_insert(Instant::now() + TREE_END);
        self.ending.notify_one();
        let request = Request::End { child }.encode();
        match start::send(self.socket.get_ref().as_fd(), &request, &[]) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                if !state.unsent.contains(&child) {
                    state.unsent.push_back(child);
                }
                self.unsent.notify_one();
            }
            // Where the warden is gone, so is the child.
            Err(error) if !is_gone(&error) => {
                // What cannot be ended alone is ended with the world that it is in.
                tracing::error!(%error, "a child cannot be ended");
                drop(state);
                self.close();
            }
            Ok(()) | Err(_) => {}
        }
    }

    /// Resolves when a child that was asked to be ended is still there after its time.
    async fn overdue(&self) {
        loop {
            self.ending.notified().await;
            while let Some(by) = self.next_end() {
                if by <= Instant::now() {
                    return;
                }
                sleep(TREE_CHECK).await;
            }
        }
    }

    /// When the first of the children that are being ended is to be gone.
    fn next_end(&self) -> Option<Instant> {
        let state = self.lock();
        let ends = state.children.values().filter_map(|child| child.gone_by);
        ends.min()
    }

    /// Send, one after the other, what there was no room for.
    async fn send_unsent(&self) {
        loop {
            self.unsent.notified().await;
            loop {
                let Some(child) = self.lock().unsent.pop_front() else {
                    break;
                };
                if let Err(error) = self.send(&Request::End { child }.encode(), &[]).await {
                    tracing::error!(%error, "a child cannot be ended");
                    self.close();
                    return std::future::pending().await;
                }
            }
        }
    }

    /// Take in what the warden reports; `false` where it says nothing any more.
    async fn hear(&self) -> io::Result<bool> {
        let mut ready = self.socket.readable().await?;
        loop {
            match start::receive(self.socket.get_ref().as_fd()) {
                Ok((Some(reply), _)) => self.take(reply),
                Ok((None, _)) => return Ok(false),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    ready.clear_ready();
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // It ended before it has read all. What it had said comes behind this, and then the
                // end.
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn take(&self, reply: Reply) {
        let mut state = self.lock();
        match reply {
            Reply::Started { child, id } => {
                let waiting = state.children.get_mut(&child);
                if let Some(started) = waiting.and_then(|waiting| waiting.started.take()) {
                    // Where nobody waits for it, its owner has asked for its end already.
                    let _ = started.send(Ok(id));
                }
            }
            Reply::Refused { child, failure } => {
                let waiting = state.children.remove(&child);
                if let Some(started) = waiting.and_then(|waiting| waiting.started) {
                    let _ = started.send(Err(failure));
                }
            }
            Reply::Exited {
                child,
                status,
                usage,
                left,
            } => {
                let waiting = state.children.get_mut(&child);
                let exit = waiting.and_then(|waiting| waiting.exit.take());
                if !left {
                    state.children.remove(&child);
                }
                if let Some(exit) = exit {
                    let usage = Usage {
                        user: Duration::from_micros(usage.user_micros),
                        system: Duration::from_micros(usage.system_micros),
                        peak_memory: usage.peak_memory,
                    };
                    let exited = Exited::new(status_of(status), usage);
                    let _ = exit.send(exited.with_left(left));
                }
            }
            Reply::Gone { child } => {
                state.children.remove(&child);
            }
            Reply::Born | Reply::Ready | Reply::Failed(_) => {
                tracing::error!(?reply, "a warden says what it cannot mean");
            }
        }
    }
}

/// Whether an error says that the warden is not there any more.
fn is_gone(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, NotConnected};
    [BrokenPipe, ConnectionReset, NotConnected].contains(&error.kind())
}

fn status_of(status: i32) -> ExitStatus {
    std::process::ExitStatus::from_raw(status).into()
}

#[cfg(test)]
mod tests;
