//! What stands for a `future` in generation 0.2: a resource with a pollable and a getter.
//!
//! Each pollable shares what it waits for and owns its share, so that a guest may drop the future
//! and its pollables in any order.

use crate::child::pipe::Closed;
use crate::child::{Child, Output, Wait};
use crate::deferred::Deferred;
use crate::error::ErrorCode;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use wasmtime::component::{Resource, ResourceTable};
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::{DynPollable, Pollable, subscribe};
use wasmtime_wasi::runtime::with_ambient_tokio_runtime;

/// The resource `future-child`.
pub type FutureChild = Shared<Child>;

/// The resource `future-output`.
pub type FutureOutput = Shared<Output>;

/// A result that comes later, shared with its pollables.
pub struct Shared<T>(Arc<Mutex<Deferred<T>>>);

impl<T: Send + 'static> Shared<T> {
    pub(super) fn new(deferred: Deferred<T>) -> Self {
        Self(Arc::new(Mutex::new(deferred)))
    }

    /// The result, or `None` while there is none.
    pub(super) fn get(&self) -> Option<Result<T, ErrorCode>> {
        let mut deferred = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut cx = Context::from_waker(Waker::noop());
        match with_ambient_tokio_runtime(|| deferred.poll_take(&mut cx)) {
            Poll::Ready(result) => Some(result),
            Poll::Pending => None,
        }
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

#[async_trait]
impl<T: Send + 'static> Pollable for Shared<T> {
    async fn ready(&mut self) {
        poll_fn(|cx| {
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .poll_ready(cx)
        })
        .await;
    }
}

/// The resource `future-exit`.
#[derive(Clone)]
pub struct FutureExit(pub(super) Wait);

#[async_trait]
impl Pollable for FutureExit {
    async fn ready(&mut self) {
        // Only that there is an end matters here; `get` delivers it.
        let _ = self.0.exited().await;
    }
}

/// The event that standard input is closed.
pub(super) struct StdinClosed(pub(super) Closed);

#[async_trait]
impl Pollable for StdinClosed {
    async fn ready(&mut self) {
        // Only that it is closed matters here; the stream tells how.
        let _ = self.0.wait().await;
    }
}

/// A pollable that owns what it watches.
pub(super) fn watch(
    table: &mut ResourceTable,
    event: impl Pollable,
) -> wasmtime::Result<Resource<DynPollable>> {
    let event = table.push(event)?;
    subscribe(table, event)
}
