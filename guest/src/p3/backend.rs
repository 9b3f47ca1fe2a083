//! The operations of the contract in WASI 0.3.

use std::future::Future;
use std::time::Duration;

use super::bindings::offspring::process::{process as wit, shell};
use super::pipes::{Sink, Source};
use super::{P3, convert, time};
use crate::backend::{Backend, Pipe};
use crate::command::Description;
use crate::{Communicated, ExitStatus, Result, Signal, SignalTarget};

impl Backend for P3 {
    type Command = wit::Command;
    type Child = wit::Child;
    type Source = Source;
    type Sink = Sink;

    fn shell(line: &[u8]) -> wit::Command {
        shell::shell_command(line)
    }

    async fn spawn(description: Description<P3>) -> Result<wit::Child> {
        // Everything that the description lends is used before this waits.
        let spawned = wit::spawn(convert::lower(description)?);
        Ok(spawned.await?)
    }

    fn id(child: &wit::Child) -> u32 {
        child.id()
    }

    fn try_wait(child: &wit::Child) -> Result<Option<ExitStatus>> {
        Ok(child.try_wait()?.map(Into::into))
    }

    fn wait(child: &wit::Child) -> impl Future<Output = Result<ExitStatus>> + use<> {
        let exit = child.wait();
        async { Ok(exit.await?.into()) }
    }

    fn communicate(
        child: &wit::Child,
        input: Option<&[u8]>,
        limit: u64,
    ) -> impl Future<Output = Result<Communicated>> + use<> {
        let output = child.communicate(input, limit);
        async { Ok(output.await?.into()) }
    }

    fn send_signal(child: &wit::Child, signal: Signal, target: SignalTarget) -> Result<()> {
        Ok(child.send_signal(signal.into(), target.into())?)
    }

    fn terminate(child: &wit::Child) -> Result<()> {
        Ok(child.terminate()?)
    }

    fn kill(child: &wit::Child) -> Result<()> {
        Ok(child.kill()?)
    }

    fn source(child: &wit::Child, pipe: Pipe) -> Option<Source> {
        Source::open(child, pipe)
    }

    fn read(source: &mut Source, into: &mut Vec<u8>) -> impl Future<Output = Result<usize>> {
        source.read(into)
    }

    fn sink(child: &wit::Child, pipe: Pipe) -> Option<Sink> {
        Sink::open(child, pipe)
    }

    fn write_all(sink: &mut Sink, data: Vec<u8>) -> impl Future<Output = Result<Vec<u8>>> {
        sink.write_all(data)
    }

    fn close(sink: Sink) -> impl Future<Output = Result<()>> {
        sink.close()
    }

    fn closed(sink: &mut Sink) -> impl Future<Output = Result<()>> {
        sink.closed()
    }

    fn sleep(time: Duration) -> impl Future<Output = ()> {
        time::sleep(time)
    }
}
