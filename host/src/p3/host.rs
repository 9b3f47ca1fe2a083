//! The host functions of generation 0.3: look up, call the core, convert.

use super::bindings::offspring::process::process::{ErrorCode, Exit, Output};
use super::streams::{PipeConsumer, PipeProducer, SpawnProducer};
use crate::child::Child;
use crate::child::pipe::{ReadEnd, WriteEnd};
use crate::command::Command;
use crate::ctx::{HasProcess, ProcessCtxView};
use crate::error::Part;
use crate::spawn::spawn;
use std::future::poll_fn;
use wasmtime::AsContextMut;
use wasmtime::component::{Access, FutureReader, Resource, StreamReader};

crate::convert::command_host!(
    super::bindings::offspring::process::process,
    super::bindings::offspring::process::shell
);

type Reading = Option<(StreamReader<u8>, FutureReader<Result<(), ErrorCode>>)>;
type Writing = Option<FutureReader<Result<(), ErrorCode>>>;

impl process::Host for ProcessCtxView<'_> {}

impl process::HostChild for ProcessCtxView<'_> {
    crate::convert::child_methods!(process);
}

impl<T: 'static> process::HostWithStore<T> for HasProcess {
    fn spawn(
        mut store: Access<'_, T, Self>,
        command: Resource<Command>,
    ) -> wasmtime::Result<FutureReader<Result<Resource<Child>, ErrorCode>>> {
        let view = store.get();
        let command = view.table.delete(command)?;
        let spawning = spawn(view.ctx, command);
        let view = store.getter();
        FutureReader::new(store, SpawnProducer { spawning, view })
    }
}

impl<T: 'static> process::HostChildWithStore<T> for HasProcess {
    fn stdin(
        mut store: Access<'_, T, Self>,
        child: Resource<Child>,
        data: StreamReader<u8>,
    ) -> wasmtime::Result<Writing> {
        let pipe = store.get().table.get_mut(&child)?.take_stdin();
        write(store, pipe, data)
    }

    fn stdout(mut store: Access<'_, T, Self>, child: Resource<Child>) -> wasmtime::Result<Reading> {
        let pipe = store.get().table.get_mut(&child)?.take_stdout();
        read(store, pipe)
    }

    fn stderr(mut store: Access<'_, T, Self>, child: Resource<Child>) -> wasmtime::Result<Reading> {
        let pipe = store.get().table.get_mut(&child)?.take_stderr();
        read(store, pipe)
    }

    fn pipe_writer(
        mut store: Access<'_, T, Self>,
        child: Resource<Child>,
        fd: u32,
        data: StreamReader<u8>,
    ) -> wasmtime::Result<Writing> {
        let pipe = store.get().table.get_mut(&child)?.take_pipe_writer(fd);
        write(store, pipe, data)
    }

    fn pipe_reader(
        mut store: Access<'_, T, Self>,
        child: Resource<Child>,
        fd: u32,
    ) -> wasmtime::Result<Reading> {
        let pipe = store.get().table.get_mut(&child)?.take_pipe_reader(fd);
        read(store, pipe)
    }

    fn wait(
        mut store: Access<'_, T, Self>,
        child: Resource<Child>,
    ) -> wasmtime::Result<FutureReader<Result<Exit, ErrorCode>>> {
        let mut wait = store.get().table.get(&child)?.wait();
        FutureReader::new(store, async move {
            wasmtime::error::Ok(wait.exited().await.map(Into::into).map_err(Into::into))
        })
    }

    fn communicate(
        mut store: Access<'_, T, Self>,
        child: Resource<Child>,
        input: Option<Vec<u8>>,
        limit: u64,
    ) -> wasmtime::Result<FutureReader<Result<Output, ErrorCode>>> {
        let mut communicate = store.get().table.get_mut(&child)?.communicate(input, limit);
        FutureReader::new(store, async move {
            let output = poll_fn(|cx| communicate.poll_take(cx)).await;
            wasmtime::error::Ok(output.map(Into::into).map_err(Into::into))
        })
    }
}

fn read(mut store: impl AsContextMut, pipe: Option<ReadEnd>) -> wasmtime::Result<Reading> {
    let Some(pipe) = pipe else { return Ok(None) };
    let (producer, failure) = PipeProducer::new(pipe);
    let stream = StreamReader::new(&mut store, producer)?;
    let result = FutureReader::new(&mut store, async move {
        wasmtime::error::Ok(match failure.await {
            Ok(error) => Err(error.into()),
            Err(_) => Ok(()),
        })
    })?;
    Ok(Some((stream, result)))
}

fn write(
    mut store: impl AsContextMut,
    pipe: Option<WriteEnd>,
    mut data: StreamReader<u8>,
) -> wasmtime::Result<Writing> {
    let Some(pipe) = pipe else {
        data.close(&mut store)?;
        return Ok(None);
    };
    let (consumer, closed) = PipeConsumer::new(pipe);
    data.pipe(&mut store, consumer)?;
    let result = FutureReader::new(&mut store, async move {
        wasmtime::error::Ok(closed.wait().await.map_err(Into::into))
    })?;
    Ok(Some(result))
}
