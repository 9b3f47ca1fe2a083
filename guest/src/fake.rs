//! A backend without a host, for tests: a child that says what it is told to.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::{Future, pending, ready};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::backend::{Asynchronous, Backend, Generation, Pipe, sealed::Sealed};
use crate::command::Description;
use crate::handle::Handle;
use crate::io::PipeReader;
use crate::{Communicated, Error, ExitStatus, IoError, Result, Signal, SignalTarget};

/// The generation of the tests.
#[derive(Debug)]
pub(crate) enum Fake {}

impl Sealed for Fake {}
impl Generation for Fake {
    type Backend = Fake;
}
impl Asynchronous for Fake {}

/// What a read gives: bytes, an error or, at the end of the script, the end.
pub(crate) type Script = VecDeque<Result<Vec<u8>>>;

/// A child that has exited after writing a script to standard output.
#[derive(Default)]
pub(crate) struct FakeChild {
    stdout: RefCell<Script>,
    /// The pipes that were opened, in order.
    pub(crate) opened: Rc<RefCell<Vec<Pipe>>>,
}

impl FakeChild {
    /// A child that writes these pieces.
    pub(crate) fn writing(pieces: &[&str]) -> FakeChild {
        let stdout = pieces.iter().map(|it| Ok(it.as_bytes().to_vec())).collect();
        FakeChild {
            stdout: RefCell::new(stdout),
            ..FakeChild::default()
        }
    }

    /// A child whose standard output fails after these pieces.
    pub(crate) fn failing_after(pieces: &[&str]) -> FakeChild {
        FakeChild::failing_with(pieces, Error::Io(IoError::Io))
    }

    /// A child whose standard output fails like this after these pieces.
    pub(crate) fn failing_with(pieces: &[&str], error: Error) -> FakeChild {
        let child = FakeChild::writing(pieces);
        child.stdout.borrow_mut().push_back(Err(error));
        child
    }

    /// A reader of its standard output.
    pub(crate) fn reader(self) -> PipeReader<Fake> {
        PipeReader::new(&Handle::new(self), Pipe::Stdout)
    }
}

impl Backend for Fake {
    type Command = ();
    type Child = FakeChild;
    type Source = Script;
    type Sink = Vec<u8>;

    fn shell(_line: &[u8]) {}

    fn spawn(description: Description<Fake>) -> impl Future<Output = Result<FakeChild>> {
        let words = description.settings.args;
        let pieces = words.into_iter().map(Ok).collect();
        ready(Ok(FakeChild {
            stdout: RefCell::new(pieces),
            ..FakeChild::default()
        }))
    }

    fn id(_child: &FakeChild) -> u32 {
        7
    }

    fn try_wait(_child: &FakeChild) -> Result<Option<ExitStatus>> {
        Ok(Some(ExitStatus::from_code(0)))
    }

    fn wait(_child: &FakeChild) -> impl Future<Output = Result<ExitStatus>> + use<> {
        ready(Ok(ExitStatus::from_code(0)))
    }

    fn communicate(
        _child: &FakeChild,
        _input: Option<&[u8]>,
        _limit: u64,
    ) -> impl Future<Output = Result<Communicated>> + use<> {
        let status = ExitStatus::from_code(0);
        ready(Ok(Communicated {
            status,
            stdout: None,
            stderr: None,
        }))
    }

    fn send_signal(_child: &FakeChild, _signal: Signal, _target: SignalTarget) -> Result<()> {
        Err(Error::AlreadyExited)
    }

    fn terminate(_child: &FakeChild) -> Result<()> {
        Err(Error::AlreadyExited)
    }

    fn kill(_child: &FakeChild) -> Result<()> {
        Err(Error::AlreadyExited)
    }

    fn source(child: &FakeChild, pipe: Pipe) -> Option<Script> {
        if pipe == Pipe::Stdin {
            return None;
        }
        child.opened.borrow_mut().push(pipe);
        Some(if pipe == Pipe::Stdout {
            child.stdout.take()
        } else {
            Script::new()
        })
    }

    async fn read(source: &mut Script, into: &mut Vec<u8>) -> Result<usize> {
        let piece = source.pop_front().unwrap_or(Ok(Vec::new()))?;
        into.extend_from_slice(&piece);
        Ok(piece.len())
    }

    fn sink(child: &FakeChild, pipe: Pipe) -> Option<Vec<u8>> {
        child.opened.borrow_mut().push(pipe);
        Some(Vec::new())
    }

    async fn write_all(sink: &mut Vec<u8>, data: Vec<u8>) -> Result<Vec<u8>> {
        sink.extend_from_slice(&data);
        Ok(data)
    }

    fn close(_sink: Vec<u8>) -> impl Future<Output = Result<()>> {
        ready(Ok(()))
    }

    fn closed(_sink: &mut Vec<u8>) -> impl Future<Output = Result<()>> {
        pending()
    }

    fn sleep(_time: Duration) -> impl Future<Output = ()> {
        pending()
    }
}

/// The output of a future that waits for nothing but its own parts.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    for _ in 0..9 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
    }
    panic!("the fake never waits");
}
