//! What a generation of WASI has to provide. Everything else is shared.

use std::future::Future;
use std::time::Duration;

use crate::command::Description;
use crate::{Communicated, ExitStatus, Result, Signal, SignalTarget};

/// How much is read at once. It is as much as a pipe of Linux holds, so that
/// one read can empty it.
pub(crate) const CHUNK: usize = 64 * 1024;

/// A pipe of a child, as seen from the child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pipe {
    Stdin,
    Stdout,
    Stderr,
    Extra(u32),
}

/// The operations of the contract, in one generation. The handles are the
/// bindings' own.
pub trait Backend: Sized + 'static {
    /// A command resource.
    type Command: 'static;
    /// A child resource.
    type Child: 'static;
    /// The reading end of a pipe.
    type Source: 'static;
    /// The writing end of a pipe.
    type Sink: 'static;

    /// Make a command of a line for the shell. Whoever names this function
    /// imports the shell.
    fn shell(line: &[u8]) -> Self::Command;
    /// Spawn what the description says.
    fn spawn(description: Description<Self>) -> impl Future<Output = Result<Self::Child>>;
    /// The child's pid, as it sees it itself.
    fn id(child: &Self::Child) -> u32;
    /// How the child ended, if it did.
    fn try_wait(child: &Self::Child) -> Result<Option<ExitStatus>>;
    /// The end of the child; the future stands on its own.
    fn wait(child: &Self::Child) -> impl Future<Output = Result<ExitStatus>> + use<Self>;
    /// Write, drain and wait; the future stands on its own.
    fn communicate(
        child: &Self::Child,
        input: Option<&[u8]>,
        limit: u64,
    ) -> impl Future<Output = Result<Communicated>> + use<Self>;
    /// Send a signal.
    fn send_signal(child: &Self::Child, signal: Signal, target: SignalTarget) -> Result<()>;
    /// Ask the child to end.
    fn terminate(child: &Self::Child) -> Result<()>;
    /// End the child and everything that it has started.
    fn kill(child: &Self::Child) -> Result<()>;

    /// Take the reading end of a pipe, if it was not taken.
    fn source(child: &Self::Child, pipe: Pipe) -> Option<Self::Source>;
    /// Read into the spare capacity of `into`, which may grow. Zero is the end.
    /// What was read is in `into` even when the future is dropped early.
    fn read(source: &mut Self::Source, into: &mut Vec<u8>) -> impl Future<Output = Result<usize>>;

    /// Take the writing end of a pipe, if it was not taken.
    fn sink(child: &Self::Child, pipe: Pipe) -> Option<Self::Sink>;
    /// Write all of `data`, and hand the buffer back.
    fn write_all(sink: &mut Self::Sink, data: Vec<u8>) -> impl Future<Output = Result<Vec<u8>>>;
    /// Close the pipe once everything is written.
    fn close(sink: Self::Sink) -> impl Future<Output = Result<()>>;
    /// Wait until the child has closed its end.
    fn closed(sink: &mut Self::Sink) -> impl Future<Output = Result<()>>;

    /// Wait for some time.
    fn sleep(time: Duration) -> impl Future<Output = ()>;
}

/// A generation of WASI, and with it a flavour of this library: it is the
/// parameter behind the types of [`p2`](crate::p2), [`p3`](crate::p3) and
/// [`blocking`](crate::blocking), which name it for you.
pub trait Generation: sealed::Sealed {
    /// The operations.
    #[doc(hidden)]
    type Backend: Backend;
}

/// A generation whose operations are asynchronous.
pub trait Asynchronous: Generation {}

pub(crate) mod sealed {
    /// Nobody outside adds a generation.
    pub trait Sealed: 'static {}
}
