//! Streams and futures between a guest and the pipes of a child.
//!
//! A pipe is read straight into the guest's memory and written straight from it.

use super::bindings::offspring::process::process::ErrorCode as WitErrorCode;
use crate::child::Child;
use crate::child::pipe::{Closed, ReadEnd, WriteEnd};
use crate::ctx::ProcessCtxView;
use crate::deferred::Deferred;
use crate::error::ErrorCode;
use crate::limits::COPY_BYTES;
use bytes::BytesMut;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::oneshot;
use wasmtime::component::{
    Destination, FutureProducer, Resource, Source, StreamConsumer, StreamProducer, StreamResult,
};
use wasmtime::{AsContextMut, StoreContextMut};

/// Delivers what a child writes.
pub(super) struct PipeProducer {
    pipe: ReadEnd,
    failed: Option<oneshot::Sender<ErrorCode>>,
}

impl PipeProducer {
    /// The producer, and what tells of a failure; it is dropped where there was none.
    pub(super) fn new(pipe: ReadEnd) -> (Self, oneshot::Receiver<ErrorCode>) {
        let (failed, failure) = oneshot::channel();
        (
            Self {
                pipe,
                failed: Some(failed),
            },
            failure,
        )
    }
}

impl<D: 'static> StreamProducer<D> for PipeProducer {
    type Item = u8;
    type Buffer = BytesMut;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut store: StoreContextMut<'a, D>,
        destination: Destination<'a, u8, BytesMut>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let read = if destination.remaining(store.as_context_mut()) == Some(0) {
            // A read of nothing asks whether there is something to read.
            self.pipe
                .poll_ready(cx)
                .map_ok(|()| StreamResult::Completed)
        } else {
            let mut direct = destination.as_direct(store, COPY_BYTES);
            self.pipe.poll_read(cx, direct.remaining()).map_ok(|read| {
                direct.mark_written(read);
                if read == 0 {
                    StreamResult::Dropped
                } else {
                    StreamResult::Completed
                }
            })
        };
        match read {
            Poll::Ready(Ok(result)) => Poll::Ready(Ok(result)),
            Poll::Ready(Err(error)) => {
                if let Some(failed) = self.failed.take() {
                    // The guest may have dropped the future.
                    let _ = failed.send(error.into());
                }
                Poll::Ready(Ok(StreamResult::Dropped))
            }
            Poll::Pending if finish => Poll::Ready(Ok(StreamResult::Cancelled)),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Takes what a guest writes to a child.
pub(super) struct PipeConsumer {
    pipe: WriteEnd,
    closed: Closed,
}

impl PipeConsumer {
    /// The consumer, and the event that the pipe is closed at either end.
    pub(super) fn new(pipe: WriteEnd) -> (Self, Closed) {
        let closed = pipe.closed();
        (
            Self {
                pipe,
                closed: closed.clone(),
            },
            closed,
        )
    }
}

impl<D: 'static> StreamConsumer<D> for PipeConsumer {
    type Item = u8;

    fn poll_consume(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        store: StoreContextMut<'_, D>,
        source: Source<'_, u8>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let mut direct = source.as_direct(store);
        let written = if direct.remaining().is_empty() {
            self.pipe.poll_ready(cx).map_ok(|()| 0)
        } else {
            self.pipe.poll_write(cx, direct.remaining())
        };
        match written {
            Poll::Ready(Ok(written)) => {
                direct.mark_read(written);
                Poll::Ready(Ok(StreamResult::Completed))
            }
            Poll::Ready(Err(error)) => {
                self.closed.set(Err(error.into()));
                Poll::Ready(Ok(StreamResult::Dropped))
            }
            Poll::Pending if finish => Poll::Ready(Ok(StreamResult::Cancelled)),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Delivers a child that is being spawned.
pub(super) struct SpawnProducer<D: 'static> {
    pub(super) spawning: Deferred<Child>,
    pub(super) view: for<'a> fn(&'a mut D) -> ProcessCtxView<'a>,
}

impl<D: 'static> FutureProducer<D> for SpawnProducer<D> {
    type Item = Result<Resource<Child>, WitErrorCode>;

    fn poll_produce(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut store: StoreContextMut<'_, D>,
        finish: bool,
    ) -> Poll<wasmtime::Result<Option<Self::Item>>> {
        match self.spawning.poll_take(cx) {
            Poll::Ready(child) => {
                let child = (self.view)(store.data_mut()).push_child(child);
                Poll::Ready(Ok(Some(child.map_err(Into::into))))
            }
            Poll::Pending if finish => Poll::Ready(Ok(None)),
            Poll::Pending => Poll::Pending,
        }
    }
}
