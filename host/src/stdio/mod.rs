//! The guest's own standard streams, shared between WASI and the children that inherit them.

mod input;
mod output;

pub(crate) use input::GuestInput;
pub(crate) use output::GuestOutput;

use input::InputPump;
use output::OutputPump;
use std::io;
use std::os::fd::OwnedFd;

/// The streams of the guest that one child has inherited.
///
/// A child never gets the guest's stream itself, which may be anything that the embedder made, but
/// a pipe, and the host carries the bytes between the two.
#[derive(Default)]
pub(crate) struct Inherited {
    input: Option<InputPump>,
    outputs: Vec<OutputPump>,
}

impl Inherited {
    /// Carry the guest's input to a child, which gets the end that is returned.
    pub(crate) fn input(&mut self, guest: &GuestInput) -> io::Result<OwnedFd> {
        let (pump, end) = InputPump::start(guest)?;
        self.input = Some(pump);
        Ok(end)
    }

    /// Carry a child's output to the guest's stream; the child gets the end that is returned.
    pub(crate) fn output(&mut self, guest: &GuestOutput) -> io::Result<OwnedFd> {
        let (pump, end) = OutputPump::start(guest)?;
        self.outputs.push(pump);
        Ok(end)
    }

    /// After the child's exit: deliver what it wrote, and give back to the guest what the child
    /// did not read.
    pub(crate) async fn settle(self) {
        for output in self.outputs {
            output.settle().await;
        }
        if let Some(input) = self.input {
            input.give_back().await;
        }
    }
}
