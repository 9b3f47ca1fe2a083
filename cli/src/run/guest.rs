//! What a store holds, what a linker gives, and the start of a guest of either generation.

use crate::component::Generation;
use offspring_host::{ProcessCtx, ProcessCtxView, ProcessView};
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView, p2, p3};

/// What the store of a guest holds.
pub(crate) struct State {
    pub wasi: WasiCtx,
    pub process: ProcessCtx,
    pub table: ResourceTable,
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

/// Everything that this host gives to a guest, which may mix the generations.
pub(crate) fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    p2::add_to_linker_async(&mut linker)?;
    p3::add_to_linker(&mut linker)?;
    offspring_host::p2::add_to_linker(&mut linker)?;
    offspring_host::p3::add_to_linker(&mut linker)?;
    Ok(linker)
}

/// A component that fits the linker.
pub(crate) enum Guest {
    P2(p2::bindings::CommandPre<State>),
    P3(p3::bindings::CommandPre<State>),
}

impl Guest {
    pub(crate) fn new(
        generation: Generation,
        linker: &Linker<State>,
        component: &Component,
    ) -> wasmtime::Result<Self> {
        let pre = linker.instantiate_pre(component)?;
        Ok(match generation {
            Generation::P2 => Self::P2(p2::bindings::CommandPre::new(pre)?),
            Generation::P3 => Self::P3(p3::bindings::CommandPre::new(pre)?),
        })
    }

    /// Runs it to its end.
    pub(crate) async fn run(&self, store: &mut Store<State>) -> wasmtime::Result<Result<(), ()>> {
        match self {
            Self::P2(pre) => {
                let command = pre.instantiate_async(&mut *store).await?;
                command.wasi_cli_run().call_run(store).await
            }
            Self::P3(pre) => {
                let command = pre.instantiate_async(&mut *store).await?;
                let run = async |store: &_| command.wasi_cli_run().call_run(store).await;
                store.run_concurrent(run).await?
            }
        }
    }
}
