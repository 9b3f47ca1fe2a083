//! A result that comes later and is delivered once.

use crate::error::{ErrorCode, IoError};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::task::JoinSet;

/// A result that comes later and is delivered once. Dropping it ends what it waits for.
pub(crate) struct Deferred<T>(State<T>);

enum State<T> {
    Pending(Pin<Box<dyn Future<Output = Result<T, ErrorCode>> + Send>>),
    Ready(Result<T, ErrorCode>),
    Delivered,
}

impl<T> Deferred<T> {
    pub(crate) fn ready(result: Result<T, ErrorCode>) -> Self {
        Self(State::Ready(result))
    }

    pub(crate) fn pending(
        future: impl Future<Output = Result<T, ErrorCode>> + Send + 'static,
    ) -> Self {
        Self(State::Pending(Box::pin(future)))
    }

    /// The same in a task of its own, so that it goes on though nobody waits for it. Dropping it ends
    /// the task.
    pub(crate) fn driven(self) -> Self
    where
        T: Send + 'static,
    {
        let State::Pending(future) = self.0 else {
            return self;
        };
        let mut task = JoinSet::new();
        task.spawn(future);
        Self::pending(async move {
            match task.join_next().await {
                Some(Ok(result)) => result,
                ended => {
                    tracing::error!(ended = ended.is_some(), "a task ended early");
                    Err(ErrorCode::Io(IoError::Other))
                }
            }
        })
    }

    /// Wait until there is a result, and leave it where it is.
    pub(crate) fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let State::Pending(future) = &mut self.0 {
            match future.as_mut().poll(cx) {
                Poll::Ready(result) => self.0 = State::Ready(result),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(())
    }

    /// Wait for the result and take it. Once it is taken, it is [`ErrorCode::Delivered`].
    pub(crate) fn poll_take(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, ErrorCode>> {
        std::task::ready!(self.poll_ready(cx));
        match std::mem::replace(&mut self.0, State::Delivered) {
            State::Ready(result) => Poll::Ready(result),
            State::Pending(_) | State::Delivered => Poll::Ready(Err(ErrorCode::Delivered)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    fn take(deferred: &mut Deferred<u8>) -> Poll<Result<u8, ErrorCode>> {
        deferred.poll_take(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn a_result_is_delivered_once() {
        let mut deferred = Deferred::pending(async { Ok(7) });
        assert_eq!(take(&mut deferred), Poll::Ready(Ok(7)));
        assert_eq!(take(&mut deferred), Poll::Ready(Err(ErrorCode::Delivered)));
    }

    #[test]
    fn asking_whether_it_is_ready_leaves_it_there() {
        let mut deferred = Deferred::pending(async { Ok(7) });
        assert!(
            deferred
                .poll_ready(&mut Context::from_waker(Waker::noop()))
                .is_ready()
        );
        assert_eq!(take(&mut deferred), Poll::Ready(Ok(7)));
    }
}
