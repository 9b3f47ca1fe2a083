//! The child resource, shared by the child and by its pipes.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use crate::backend::{Backend, Pipe};

/// A child resource and those of its pipes that were handed out but not opened.
///
/// A pipe is opened on first use, because one that was never opened can become
/// the standard input of another child without a byte passing through the guest.
pub(crate) struct Handle<B: Backend> {
    child: RefCell<Option<B::Child>>,
    unopened: RefCell<Vec<Pipe>>,
    parked: RefCell<Parked<B>>,
}

/// Pipes that were opened on behalf of their holders, because the child was
/// about to take them or to go away.
struct Parked<B: Backend> {
    sources: Vec<(Pipe, B::Source)>,
    sinks: Vec<(Pipe, B::Sink)>,
}

impl<B: Backend> Handle<B> {
    pub(crate) fn new(child: B::Child) -> Rc<Handle<B>> {
        Rc::new(Handle {
            child: RefCell::new(Some(child)),
            unopened: RefCell::default(),
            parked: RefCell::new(Parked {
                sources: Vec::new(),
                sinks: Vec::new(),
            }),
        })
    }

    /// The child, unless it was dropped.
    pub(crate) fn child(&self) -> Option<Ref<'_, B::Child>> {
        Ref::filter_map(self.child.borrow(), Option::as_ref).ok()
    }

    /// Hand out a pipe that is to be opened later.
    pub(crate) fn hand_out(&self, pipe: Pipe) {
        self.unopened.borrow_mut().push(pipe);
    }

    /// Take a pipe back unopened, or into another child.
    pub(crate) fn take_back(&self, pipe: Pipe) {
        self.unopened.borrow_mut().retain(|it| *it != pipe);
    }

    /// Open the reading end of a pipe that was handed out.
    pub(crate) fn source(&self, pipe: Pipe) -> Option<B::Source> {
        self.take_back(pipe);
        let parked = &mut self.parked.borrow_mut().sources;
        match parked.iter().position(|(it, _)| *it == pipe) {
            Some(at) => Some(parked.swap_remove(at).1),
            None => B::source(&*self.child()?, pipe),
        }
    }

    /// Open the writing end of a pipe that was handed out.
    pub(crate) fn sink(&self, pipe: Pipe) -> Option<B::Sink> {
        self.take_back(pipe);
        let parked = &mut self.parked.borrow_mut().sinks;
        match parked.iter().position(|(it, _)| *it == pipe) {
            Some(at) => Some(parked.swap_remove(at).1),
            None => B::sink(&*self.child()?, pipe),
        }
    }

    /// Open what was handed out, so that the host does not take it for its own
    /// and so that it outlives the child.
    pub(crate) fn park(&self) {
        let Some(child) = self.child() else { return };
        let mut parked = self.parked.borrow_mut();
        for pipe in self.unopened.borrow_mut().drain(..) {
            if let Some(source) = B::source(&child, pipe) {
                parked.sources.push((pipe, source));
            } else if let Some(sink) = B::sink(&child, pipe) {
                parked.sinks.push((pipe, sink));
            }
        }
    }

    /// Drop the child, which ends it; its pipes live on.
    pub(crate) fn release(&self) {
        self.park();
        drop(self.child.borrow_mut().take());
    }
}
