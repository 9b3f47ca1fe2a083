//! Running futures on `wasi:io/poll`.
//!
//! This is a runtime in a hundred lines because the one that is well kept,
//! wstd, brings an HTTP stack and a second copy of the WASI bindings, whose
//! pollables are other types than the contract's.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use super::bindings::wasi::io::poll::{Pollable, poll};

thread_local! {
    /// Those who wait for a pollable. A guest has one thread.
    static WAITING: RefCell<Vec<Waiting>> = const { RefCell::new(Vec::new()) };
    /// The key of the next one who waits.
    static NEXT_KEY: Cell<u64> = const { Cell::new(0) };
}

/// One who waits for a pollable.
struct Waiting {
    key: u64,
    pollable: Rc<Pollable>,
    waker: Waker,
}

/// Run a future to its end, and with it the futures it is made of.
///
/// # Panics
///
/// If the future waits for nothing that this crate knows of, and so would wait
/// for ever.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let woken = Arc::new(Woken(AtomicBool::new(true)));
    let waker = Waker::from(Arc::clone(&woken));
    loop {
        while woken.0.swap(false, Ordering::Relaxed) {
            if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return output;
            }
        }
        wait_and_wake();
    }
}

/// The main future is to be polled again.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Wait for any of the pollables, and wake those who waited for the ready ones.
fn wait_and_wake() {
    let pollables: Vec<(u64, Rc<Pollable>)> = WAITING.with_borrow(|all| {
        all.iter()
            .map(|it| (it.key, Rc::clone(&it.pollable)))
            .collect()
    });
    assert!(
        !pollables.is_empty(),
        "the future waits for something that is not of this crate"
    );
    let borrowed: Vec<&Pollable> = pollables.iter().map(|(_, it)| &**it).collect();
    for at in poll(&borrowed) {
        if let Some((key, _)) = usize::try_from(at).ok().and_then(|at| pollables.get(at)) {
            wake(*key);
        }
    }
}

/// Wake one who waits, outside of the borrow.
fn wake(key: u64) {
    let waker = WAITING.with_borrow_mut(|all| {
        let at = all.iter().position(|it| it.key == key)?;
        Some(all.swap_remove(at).waker)
    });
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// A pollable as something to await.
pub(super) struct Ready(Rc<Pollable>);

impl Ready {
    pub(super) fn new(pollable: Pollable) -> Ready {
        Ready(Rc::new(pollable))
    }

    /// Wait until the pollable is ready.
    pub(super) async fn wait(&self) {
        let mut registration = None;
        poll_fn(|cx| {
            if self.0.ready() {
                return Poll::Ready(());
            }
            registration = Some(Registration::new(&self.0, cx));
            Poll::Pending
        })
        .await;
    }

    /// Try until there is something, waiting for the pollable in between.
    pub(super) async fn until<T>(&self, mut attempt: impl FnMut() -> Option<T>) -> T {
        loop {
            if let Some(it) = attempt() {
                return it;
            }
            self.wait().await;
        }
    }
}

/// A place among those who wait, for as long as it lives.
struct Registration(u64);

impl Registration {
    fn new(pollable: &Rc<Pollable>, cx: &Context<'_>) -> Registration {
        let key = NEXT_KEY.get();
        NEXT_KEY.set(key + 1);
        let (pollable, waker) = (Rc::clone(pollable), cx.waker().clone());
        WAITING.with_borrow_mut(|all| {
            all.push(Waiting {
                key,
                pollable,
                waker,
            })
        });
        Registration(key)
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let gone = WAITING.with_borrow_mut(|all| {
            let at = all.iter().position(|it| it.key == self.0)?;
            Some(all.swap_remove(at))
        });
        drop(gone);
    }
}
