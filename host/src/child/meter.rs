//! What a child's pipes carry: how much it was, how much more it may be, and until when.

use super::exit::Carried;
use futures::task::AtomicWaker;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::net::unix::pipe::Receiver;
use tokio::sync::{Notify, watch};

/// Which of a child's streams a pipe is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdin,
    Stdout,
    Stderr,
    Extra,
}

/// Counts what the pipes of one child carry.
#[derive(Debug)]
pub(crate) struct Meter {
    counts: [AtomicU64; 4],
    /// How many bytes it may write to each pipe; `None` is as many as it likes.
    each: Option<u64>,
    /// How many more bytes it may write to all pipes together.
    left: Option<AtomicU64>,
    overdrawn: AtomicBool,
    noticed: Notify,
    begun: Instant,
    /// When it wrote last, in milliseconds since it was begun.
    wrote: AtomicU64,
    /// The pipes that are read.
    outputs: Mutex<Vec<Weak<Output>>>,
    /// How many of them are read still.
    readers: watch::Sender<usize>,
    cut: AtomicBool,
    /// Whether a pipe was given to another child, so that nobody knows what it carries.
    given_away: AtomicBool,
}

/// A pipe that a child writes to, shared between who reads it and the meter.
#[derive(Debug)]
pub(crate) struct Output {
    pub(super) pipe: Receiver,
    /// Who waits for something to read.
    pub(super) reader: AtomicWaker,
}

impl Meter {
    /// A meter for a child that may write `total` bytes, and `each` to every one of its pipes.
    pub(crate) fn new(total: Option<u64>, each: Option<u64>) -> Arc<Self> {
        Arc::new(Self {
            counts: Default::default(),
            each,
            left: total.map(AtomicU64::new),
            overdrawn: AtomicBool::new(false),
            noticed: Notify::new(),
            begun: Instant::now(),
            wrote: AtomicU64::new(0),
            outputs: Mutex::default(),
            readers: watch::Sender::new(0),
            cut: AtomicBool::new(false),
            given_away: AtomicBool::new(false),
        })
    }

    /// What counts what is written to the child through one pipe.
    pub(crate) fn counter(self: &Arc<Self>, stream: Stream) -> Counter {
        Counter {
            meter: self.clone(),
            stream,
        }
    }

    /// What the pipes have carried so far.
    pub(crate) fn carried(&self) -> Carried {
        let count = |stream: Stream| self.counts[stream as usize].load(Ordering::Relaxed);
        Carried {
            stdin: count(Stream::Stdin),
            stdout: count(Stream::Stdout),
            stderr: count(Stream::Stderr),
            extra: count(Stream::Extra),
        }
    }

    /// Resolves when the child has written more than it may.
    pub(crate) async fn overdrawn(&self) {
        self.noticed.notified().await;
    }

    /// Whether it has.
    pub(crate) fn is_overdrawn(&self) -> bool {
        self.overdrawn.load(Ordering::Relaxed)
    }

    /// As much of `buffer` as may still be filled by a pipe that has carried `carried` so far. Where
    /// that is nothing, `one_more` is read instead, to tell a child that has written all it may from
    /// one that writes more.
    pub(super) fn within<'a>(
        &self,
        carried: u64,
        buffer: &'a mut [u8],
        one_more: &'a mut [u8; 1],
    ) -> (&'a mut [u8], bool) {
        let total = self.left.as_ref().map(|left| left.load(Ordering::Relaxed));
        let each = self.each.map(|each| each.saturating_sub(carried));
        let left = total.into_iter().chain(each).min().unwrap_or(u64::MAX);
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        match left.min(buffer.len()) {
            0 if !buffer.is_empty() => (one_more, true),
            allowed => (&mut buffer[..allowed], false),
        }
    }

    /// Count what was read, and say how much of it the guest gets.
    pub(super) fn spend(&self, stream: Stream, read: usize, cut: bool) -> usize {
        if read > 0 {
            let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.wrote.store(now, Ordering::Relaxed);
        }
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
        self.counts[stream as usize].fetch_add(read as u64, Ordering::Relaxed);
        read
    }

    /// Take note of a pipe that is read.
    pub(super) fn add(&self, output: &Arc<Output>) {
        self.outputs().push(Arc::downgrade(output));
        self.readers.send_modify(|readers| *readers += 1);
    }

    /// Take note that one of them is not read any more.
    pub(super) fn remove(&self) {
        self.readers.send_modify(|readers| *readers -= 1);
    }

    /// Resolves when nobody reads what the child writes.
    pub(crate) async fn unread(&self) {
        let mut readers = self.readers.subscribe();
        // `self` holds the sender, so the channel is open.
        let _ = readers.wait_for(|readers| *readers == 0).await;
    }

    /// How long the child has been silent: since it wrote last, or since its start. It is not where
    /// what it has written waits to be read, or where it writes to no pipe of the host's, or to
    /// another child.
    pub(crate) fn silence(&self) -> Duration {
        let read: Vec<_> = self.outputs().iter().filter_map(Weak::upgrade).collect();
        let waits = |output: &Arc<Output>| {
            rustix::io::ioctl_fionread(&output.pipe).is_ok_and(|waiting| waiting > 0)
        };
        let unknown = read.is_empty() || self.given_away.load(Ordering::Relaxed);
        if unknown || read.iter().any(waits) {
            return Duration::ZERO;
        }
        let wrote = Duration::from_millis(self.wrote.load(Ordering::Relaxed));
        self.begun.elapsed().saturating_sub(wrote)
    }

    /// End the reading: what lies in a pipe is delivered, and what a descendant of the child still
    /// writes is not.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        for output in self.outputs().iter().filter_map(Weak::upgrade) {
            output.reader.wake();
        }
    }

    /// A pipe is given to another child.
    pub(super) fn give_away(&self) {
        self.given_away.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_cut(&self) -> bool {
        self.cut.load(Ordering::SeqCst)
    }

    fn outputs(&self) -> MutexGuard<'_, Vec<Weak<Output>>> {
        self.outputs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts what is written to a child through one pipe.
#[derive(Clone, Debug)]
pub(crate) struct Counter {
    meter: Arc<Meter>,
    stream: Stream,
}

impl Counter {
    pub(super) fn add(&self, written: usize) {
        self.meter.counts[self.stream as usize].fetch_add(written as u64, Ordering::Relaxed);
    }
}
