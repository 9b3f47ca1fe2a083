//! The life of a child whose protocol is called.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::{AbortHandle, LocalBoxFuture, join4};

use super::pipes::{Port, read, write};
use super::{Protocol, Transport};
use crate::backend::{Asynchronous, Backend};
use crate::{Child, Command, Error, ExitStatus, Result};

impl<G: Asynchronous> Command<G> {
    /// Start the program and connect it to a protocol. Standard streams that
    /// were not set are pipes.
    ///
    /// # Errors
    ///
    /// As [`spawn`](Self::spawn).
    pub async fn connect<P: Protocol + 'static>(&mut self, protocol: P) -> Result<Connection<P>> {
        self.pipe_all();
        Ok(Connection::new(self.spawn().await?, protocol))
    }
}

/// A child with a protocol, whose methods are called while this is awaited.
///
/// It gives the exit status and the protocol when the child has exited and its
/// pipes are closed. Dropping it ends the child.
#[must_use = "nothing is called unless it is awaited"]
pub struct Connection<P> {
    transport: Transport,
    life: LocalBoxFuture<'static, Result<(ExitStatus, P)>>,
}

impl<P: Protocol + 'static> Connection<P> {
    pub(crate) fn new<B: Backend>(child: Child<B>, mut protocol: P) -> Connection<P> {
        let (handles, ports): (Vec<_>, Vec<_>) = (0..3)
            .map(|fd| {
                let (handle, registration) = AbortHandle::new_pair();
                (handle, Port { fd, registration })
            })
            .unzip();
        let transport = Transport::new(child.id(), child.handle(), handles);
        protocol.connection_made(transport.clone());
        let life = live(child, ports, transport.clone(), protocol).boxed_local();
        Connection { transport, life }
    }

    /// The transport that the protocol has too.
    #[must_use]
    pub fn transport(&self) -> Transport {
        self.transport.clone()
    }
}

/// Call the protocol until the child has exited and its pipes are closed.
async fn live<B: Backend, P: Protocol>(
    mut child: Child<B>,
    ports: Vec<Port>,
    transport: Transport,
    protocol: P,
) -> Result<(ExitStatus, P)> {
    let protocol = RefCell::new(protocol);
    let mut ports = ports.into_iter();
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let exit = async {
        let status = child.waiter().await?;
        transport.set_status(status);
        protocol.borrow_mut().process_exited();
        Ok::<_, Error>(status)
    };
    let (exit, (), (), ()) = join4(
        exit,
        write(stdin, ports.next(), &transport, &protocol),
        read(stdout, ports.next(), &protocol),
        read(stderr, ports.next(), &protocol),
    )
    .await;
    let mut protocol = protocol.into_inner();
    protocol.connection_lost(exit.err());
    Ok((exit?, protocol))
}

impl<P> Future for Connection<P> {
    type Output = Result<(ExitStatus, P)>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.life.poll_unpin(cx)
    }
}

impl<P> fmt::Debug for Connection<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connection").field(&self.transport).finish()
    }
}
