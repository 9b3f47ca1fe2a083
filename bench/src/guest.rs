//! A guest that runs beside the benchmark and takes its orders.

use crate::{Transfer, Work};
use anyhow::{Context as _, bail};
use offspring_host::policy::ParsedPolicy;
use offspring_host::{ProcessCtx, ProcessCtxView, ProcessView};
use std::path::Path;
use std::time::Duration;
use tokio::io::{
    AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf,
};
use tokio::task::JoinHandle;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::cli::{AsyncStdinStream, AsyncStdoutStream};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

const POLICY: &str = r#"
[limits]
children = 1024
processes = 4096

[[program]]
name = "true"
path = "/bin/true"
args = [[]]

[[program]]
name = "head"
path = "/usr/bin/head"
args = [["-c", "{int}", "/dev/zero"]]

[[program]]
name = "cat"
path = "/bin/cat"
args = [[], ["/dev/zero"]]
"#;

/// Which generation of the interface a guest uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// `offspring:process@0.2.0`.
    P2,
    /// `offspring:process@0.3.0`.
    P3,
}

/// A guest that runs in a task.
pub struct Guest {
    orders: WriteHalf<DuplexStream>,
    answers: Lines<BufReader<ReadHalf<DuplexStream>>>,
    running: JoinHandle<anyhow::Result<()>>,
}

impl Guest {
    /// Compile and start the guest of a generation.
    ///
    /// # Errors
    ///
    /// Whatever wasmtime or the policy says.
    pub async fn start(generation: Generation) -> anyhow::Result<Self> {
        let (here, there) = tokio::io::duplex(1024);
        let (stdin, stdout) = tokio::io::split(there);
        let mut builder = ProcessCtx::builder();
        builder
            .policy(ParsedPolicy::parse(POLICY, "benchmark")?.pin()?)
            .stdin(AsyncStdinStream::new(stdin))
            .stdout(AsyncStdoutStream::new(1024, stdout))
            .stderr(wasmtime_wasi::cli::stderr());
        let (wasi, process) = builder.build()?;

        let mut config = Config::new();
        config.wasm_component_model_async(true);
        let engine = Engine::new(&config)?;
        let store = Store::new(
            &engine,
            State {
                wasi,
                process,
                table: ResourceTable::new(),
            },
        );
        let file = match generation {
            Generation::P2 => "bench_p2.wasm",
            Generation::P3 => "bench_p3.wasm",
        };
        let path = Path::new(env!("OFFSPRING_BENCH_GUESTS")).join(file);
        let component = Component::from_file(&engine, &path)?;
        let running = tokio::spawn(run(store, component, generation));
        let (answers, orders) = tokio::io::split(here);
        Ok(Self {
            orders,
            answers: BufReader::new(answers).lines(),
            running,
        })
    }

    /// Have the guest do the work, and say how long it took by its own clock.
    ///
    /// # Errors
    ///
    /// A guest that has ended.
    pub async fn order(&mut self, work: Work) -> anyhow::Result<Duration> {
        let order = match work {
            Work::Spawn(count) => format!("spawn {count}\n"),
            Work::Read(Transfer { bytes, pipe, read }) => format!("read {bytes} {pipe} {read}\n"),
            Work::Echo(Transfer { bytes, pipe, read }) => format!("echo {bytes} {pipe} {read}\n"),
            Work::Gather(count) => format!("gather {count}\n"),
            Work::Flood => "flood\n".to_owned(),
            Work::Dismiss => "dismiss\n".to_owned(),
        };
        self.orders.write_all(order.as_bytes()).await?;
        let Some(answer) = self.answers.next_line().await? else {
            bail!("the guest ended before it answered");
        };
        Ok(Duration::from_nanos(
            answer.parse().context("the answer is a number")?,
        ))
    }

    /// End the guest.
    ///
    /// # Errors
    ///
    /// What the guest failed with.
    pub async fn finish(self) -> anyhow::Result<()> {
        let Self {
            mut orders,
            answers,
            running,
        } = self;
        orders.shutdown().await?;
        drop((orders, answers));
        running.await?
    }
}

async fn run(
    mut store: Store<State>,
    component: Component,
    generation: Generation,
) -> anyhow::Result<()> {
    let mut linker = Linker::new(store.engine());
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker)?;
    offspring_host::p2::add_to_linker(&mut linker)?;
    offspring_host::p3::add_to_linker(&mut linker)?;
    let result = match generation {
        Generation::P2 => {
            use wasmtime_wasi::p2::bindings::Command;
            let command = Command::instantiate_async(&mut store, &component, &linker).await?;
            command.wasi_cli_run().call_run(&mut store).await?
        }
        Generation::P3 => {
            use wasmtime_wasi::p3::bindings::Command;
            let command = Command::instantiate_async(&mut store, &component, &linker).await?;
            store
                .run_concurrent(async |store| command.wasi_cli_run().call_run(store).await)
                .await??
        }
    };
    result.map_err(|()| anyhow::anyhow!("the guest failed"))
}

struct State {
    wasi: WasiCtx,
    process: ProcessCtx,
    table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl ProcessView for State {
    fn process(&mut self) -> ProcessCtxView<'_> {
        ProcessCtxView {
            ctx: &mut self.process,
            table: &mut self.table,
        }
    }
}
