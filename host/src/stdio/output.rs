//! A guest's standard output or error, and the children that inherit it.

use crate::budget::Share;
use crate::child::meter::{Meter, Stream};
use crate::child::pipe::{self, ReadEnd};
use crate::limits::COPY_BYTES;
use std::io;
use std::os::fd::OwnedFd;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::{oneshot, watch};
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::OutputStream;

/// An output stream of the guest. Its clones are the same stream.
#[derive(Clone)]
pub(crate) struct GuestOutput {
    stream: Arc<Mutex<Box<dyn StdoutStream>>>,
    /// Tells the pumps when the guest is gone.
    owner: watch::Receiver<()>,
}

impl GuestOutput {
    pub(crate) fn new(stream: Box<dyn StdoutStream>, owner: watch::Receiver<()>) -> Self {
        Self {
            stream: Arc::new(Mutex::new(stream)),
            owner,
        }
    }

    fn with<R>(&self, use_it: impl FnOnce(&dyn StdoutStream) -> R) -> R {
        use_it(&**self.stream.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl IsTerminal for GuestOutput {
    fn is_terminal(&self) -> bool {
        self.with(|stream| stream.is_terminal())
    }
}

impl StdoutStream for GuestOutput {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        self.with(|stream| stream.async_stream())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        self.with(|stream| stream.p2_stream())
    }
}

/// A pipe whose output is to be carried to the guest's stream.
pub(crate) struct OutputPipe {
    carrier: Carrier,
    owner: watch::Receiver<()>,
}

impl OutputPipe {
    /// The pipe, and the end for the child.
    pub(crate) fn new(
        guest: &GuestOutput,
        (meter, stream): (&Arc<Meter>, Stream),
        descriptors: Share,
    ) -> io::Result<(Self, OwnedFd)> {
        let (reader, writer) = pipe::make(None)?;
        let carrier = Carrier {
            pipe: ReadEnd::new(reader, meter, stream, descriptors)?,
            guest: guest.async_stream().into(),
            chunk: vec![0; COPY_BYTES],
        };
        Ok((
            Self {
                carrier,
                owner: guest.owner.clone(),
            },
            writer,
        ))
    }

    /// Carry in a task of its own, until every writer has closed the pipe or the guest is gone.
    pub(crate) fn start(self) -> OutputPump {
        let Self { carrier, mut owner } = self;
        let (settle, settling) = oneshot::channel();
        tokio::spawn(async move {
            tokio::select! {
                result = carrier.run(settling) => if let Err(error) = result {
                    tracing::debug!(%error, "an inherited stream of the guest failed");
                },
                // The sender is never used: the guest's end closes the channel.
                _ = owner.changed() => {}
            }
        });
        OutputPump { settle }
    }
}

/// Carries what a child writes to the guest's stream.
pub(crate) struct OutputPump {
    settle: oneshot::Sender<oneshot::Sender<()>>,
}

impl OutputPump {
    /// Wait until all that lies in the pipe now has reached the guest's stream. A descendant that
    /// goes on writing is not waited for.
    pub(crate) async fn settle(self) {
        let (done, settled) = oneshot::channel();
        if self.settle.send(done).is_ok() {
            // An error means that the pump has ended, and so has delivered everything it could.
            let _ = settled.await;
        }
    }
}

struct Carrier {
    pipe: ReadEnd,
    guest: Pin<Box<dyn AsyncWrite + Send + Sync>>,
    chunk: Vec<u8>,
}

impl Carrier {
    async fn run(mut self, settling: oneshot::Receiver<oneshot::Sender<()>>) -> io::Result<()> {
        tokio::pin!(settling);
        let mut settled = false;
        loop {
            tokio::select! {
                done = &mut settling, if !settled => {
                    settled = true;
                    if let Ok(done) = done {
                        self.carry_waiting().await?;
                        let _ = done.send(());
                    }
                }
                ready = self.pipe.ready() => {
                    ready?;
                    if let Some(0) = self.carry_some().await? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Carry what lies in the pipe, and no more.
    async fn carry_waiting(&mut self) -> io::Result<()> {
        let mut left = self.pipe.waiting()?;
        while left > 0 {
            match self.carry_some().await? {
                None | Some(0) => break,
                Some(carried) => left = left.saturating_sub(carried as u64),
            }
        }
        Ok(())
    }

    /// Carry one chunk; `None` where nothing was there.
    async fn carry_some(&mut self) -> io::Result<Option<usize>> {
        let read = match self.pipe.try_read(&mut self.chunk) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
            read => read?,
        };
        self.guest.write_all(&self.chunk[..read]).await?;
        self.guest.flush().await?;
        Ok(Some(read))
    }
}
