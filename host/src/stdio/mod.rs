//! The guest's own standard streams, shared between WASI and the children that inherit them.

mod input;
mod output;

pub(crate) use input::GuestInput;
pub(crate) use output::GuestOutput;

use crate::budget::Share;
use crate::child::meter::{Counter, Meter, Stream};
use input::{InputPipe, InputPump};
use output::{OutputPipe, OutputPump};
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;

/// The streams of the guest that a child is to inherit.
///
/// A child never gets the guest's stream itself, which may be anything that the embedder made, but
/// a pipe, and the host carries the bytes between the two. It begins once the child runs, so that
/// a failed launch takes nothing from the guest.
#[derive(Default)]
pub(crate) struct Inheritance {
    input: Option<InputPipe>,
    outputs: Vec<OutputPipe>,
}

impl Inheritance {
    /// Prepare to carry the guest's input; the child gets the end that is returned.
    pub(crate) fn input(
        &mut self,
        guest: &GuestInput,
        counter: Counter,
        descriptors: Share,
    ) -> io::Result<OwnedFd> {
        let (pipe, end) = InputPipe::new(guest, counter, descriptors)?;
        self.input = Some(pipe);
        Ok(end)
    }

    /// Prepare to carry output to the guest's stream; the child gets the end that is returned.
    pub(crate) fn output(
        &mut self,
        guest: &GuestOutput,
        metered: (&Arc<Meter>, Stream),
        descriptors: Share,
    ) -> io::Result<OwnedFd> {
        let (pipe, end) = OutputPipe::new(guest, metered, descriptors)?;
        self.outputs.push(pipe);
        Ok(end)
    }

    /// Begin to carry.
    pub(crate) fn start(self) -> Inherited {
        Inherited {
            input: self.input.map(InputPipe::start),
            outputs: self.outputs.into_iter().map(OutputPipe::start).collect(),
        }
    }
}

/// The streams of the guest that a running child has inherited.
pub(crate) struct Inherited {
    input: Option<InputPump>,
    outputs: Vec<OutputPump>,
}

impl Inherited {
    /// After the child's exit: deliver what it wrote.
    pub(crate) async fn settle(&mut self) {
        for output in self.outputs.drain(..) {
            output.settle().await;
        }
    }

    /// After the child's exit: give back to the guest what the child did not read.
    pub(crate) async fn give_back(self) {
        if let Some(input) = self.input {
            input.give_back().await;
        }
    }
}
