//! The host functions of generation 0.2: look up, call the core, convert.
//!
//! An embedder may call guests of this generation from synchronous code, as with WASI itself. So
//! what needs a tokio runtime is done in wasmtime-wasi's where there is none.

use super::bindings::offspring::process::process::{ErrorCode, Exit, Output};
use super::futures::{FutureChild, FutureExit, FutureOutput, StdinClosed, watch};
use super::streams::{PipeInput, PipeOutput};
use crate::child::Child;
use crate::child::pipe::{ReadEnd, WriteEnd};
use crate::command::Command;
use crate::ctx::ProcessCtxView;
use crate::error::Part;
use crate::spawn::spawn;
use wasmtime::component::Resource;
use wasmtime_wasi::p2::{DynInputStream, DynOutputStream, DynPollable, IoError};
use wasmtime_wasi::runtime::with_ambient_tokio_runtime;

crate::convert::command_host!(
    super::bindings::offspring::process::process,
    super::bindings::offspring::process::shell
);

impl process::Host for ProcessCtxView<'_> {
    fn spawn(&mut self, command: Resource<Command>) -> wasmtime::Result<Resource<FutureChild>> {
        let command = self.table.delete(command)?;
        let child = with_ambient_tokio_runtime(|| spawn(self.ctx, command));
        Ok(self.table.push(FutureChild::new(child))?)
    }

    fn stream_error_code(
        &mut self,
        error: Resource<IoError>,
    ) -> wasmtime::Result<Option<ErrorCode>> {
        let error = self.table.get(&error)?;
        Ok(error
            .downcast_ref::<crate::error::ErrorCode>()
            .map(|code| (*code).into()))
    }
}

impl process::HostChild for ProcessCtxView<'_> {
    crate::convert::child_methods!(process);

    fn stdin(
        &mut self,
        this: Resource<Child>,
    ) -> wasmtime::Result<Option<Resource<DynOutputStream>>> {
        let child = self.table.get_mut(&this)?;
        let pipe = with_ambient_tokio_runtime(|| child.take_stdin());
        self.output_stream(pipe)
    }

    fn stdin_closed(
        &mut self,
        this: Resource<Child>,
    ) -> wasmtime::Result<Option<Resource<DynPollable>>> {
        let child = self.table.get_mut(&this)?;
        let closed = with_ambient_tokio_runtime(|| child.stdin_closed());
        closed
            .map(|closed| watch(self.table, StdinClosed(closed)))
            .transpose()
    }

    fn stdout(
        &mut self,
        this: Resource<Child>,
    ) -> wasmtime::Result<Option<Resource<DynInputStream>>> {
        let pipe = self.table.get_mut(&this)?.take_stdout();
        self.input_stream(pipe)
    }

    fn stderr(
        &mut self,
        this: Resource<Child>,
    ) -> wasmtime::Result<Option<Resource<DynInputStream>>> {
        let pipe = self.table.get_mut(&this)?.take_stderr();
        self.input_stream(pipe)
    }

    fn pipe_writer(
        &mut self,
        this: Resource<Child>,
        fd: u32,
    ) -> wasmtime::Result<Option<Resource<DynOutputStream>>> {
        let pipe = self.table.get_mut(&this)?.take_pipe_writer(fd);
        self.output_stream(pipe)
    }

    fn pipe_reader(
        &mut self,
        this: Resource<Child>,
        fd: u32,
    ) -> wasmtime::Result<Option<Resource<DynInputStream>>> {
        let pipe = self.table.get_mut(&this)?.take_pipe_reader(fd);
        self.input_stream(pipe)
    }

    fn wait(&mut self, this: Resource<Child>) -> wasmtime::Result<Resource<FutureExit>> {
        let wait = self.table.get(&this)?.wait();
        Ok(self.table.push(FutureExit(wait))?)
    }

    fn communicate(
        &mut self,
        this: Resource<Child>,
        input: Option<Vec<u8>>,
        limit: u64,
    ) -> wasmtime::Result<Resource<FutureOutput>> {
        let child = self.table.get_mut(&this)?;
        let output = with_ambient_tokio_runtime(|| child.communicate(input, limit));
        Ok(self.table.push(FutureOutput::new(output))?)
    }
}

impl process::HostFutureChild for ProcessCtxView<'_> {
    fn subscribe(
        &mut self,
        this: Resource<FutureChild>,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        let child = FutureChild::clone(self.table.get(&this)?);
        watch(self.table, child)
    }

    fn get(
        &mut self,
        this: Resource<FutureChild>,
    ) -> wasmtime::Result<Option<Result<Resource<Child>, ErrorCode>>> {
        let child = self.table.get(&this)?.get();
        Ok(child.map(|child| self.push_child(child).map_err(Into::into)))
    }

    fn drop(&mut self, this: Resource<FutureChild>) -> wasmtime::Result<()> {
        self.table.delete(this)?;
        Ok(())
    }
}

impl process::HostFutureExit for ProcessCtxView<'_> {
    fn subscribe(&mut self, this: Resource<FutureExit>) -> wasmtime::Result<Resource<DynPollable>> {
        let exit = FutureExit::clone(self.table.get(&this)?);
        watch(self.table, exit)
    }

    fn get(
        &mut self,
        this: Resource<FutureExit>,
    ) -> wasmtime::Result<Option<Result<Exit, ErrorCode>>> {
        let exit = self.table.get(&this)?.0.get();
        Ok(exit.map(|exit| exit.map(Into::into).map_err(Into::into)))
    }

    fn drop(&mut self, this: Resource<FutureExit>) -> wasmtime::Result<()> {
        self.table.delete(this)?;
        Ok(())
    }
}

impl process::HostFutureOutput for ProcessCtxView<'_> {
    fn subscribe(
        &mut self,
        this: Resource<FutureOutput>,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        let output = FutureOutput::clone(self.table.get(&this)?);
        watch(self.table, output)
    }

    fn get(
        &mut self,
        this: Resource<FutureOutput>,
    ) -> wasmtime::Result<Option<Result<Output, ErrorCode>>> {
        let output = self.table.get(&this)?.get();
        Ok(output.map(|output| output.map(Into::into).map_err(Into::into)))
    }

    fn drop(&mut self, this: Resource<FutureOutput>) -> wasmtime::Result<()> {
        self.table.delete(this)?;
        Ok(())
    }
}

impl ProcessCtxView<'_> {
    fn input_stream(
        &mut self,
        pipe: Option<ReadEnd>,
    ) -> wasmtime::Result<Option<Resource<DynInputStream>>> {
        let push = |pipe| self.table.push(Box::new(PipeInput(pipe)) as DynInputStream);
        Ok(pipe.map(push).transpose()?)
    }

    fn output_stream(
        &mut self,
        pipe: Option<WriteEnd>,
    ) -> wasmtime::Result<Option<Resource<DynOutputStream>>> {
        let owner = self.ctx.owner.subscribe();
        let push = |pipe| {
            self.table
                .push(Box::new(PipeOutput::new(pipe, owner)) as DynOutputStream)
        };
        Ok(pipe.map(push).transpose()?)
    }
}
