//! Embedders who have no asynchronous code at all.

use offspring_host::policy::{Confinement, PinnedPolicy};
use offspring_host::{ProcessCtx, ProcessCtxView, ProcessView};
use offspring_tests::artifacts::P2_CASES;
use offspring_tests::child;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::p2::bindings::sync::Command;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

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

/// No runtime is entered anywhere here: the host functions use wasmtime-wasi's own.
#[test]
fn a_guest_of_synchronous_code_spawns_writes_reads_and_waits() {
    for tier in Confinement::ALL {
        run(tier, "communicates_a_mebibyte_both_ways");
        run(tier, "reads_lines_up_to_a_limit");
        run(tier, "joins_a_pipeline_of_three");
    }
}

fn run(tier: Confinement, case: &str) {
    let engine = Engine::default();
    let mut linker = Linker::<State>::new(&engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker).unwrap();
    offspring_host::p2::add_to_linker(&mut linker).unwrap();

    let policy = PinnedPolicy::builder(tier);
    let policy = policy
        .allow("echo-lines", Some(child!("echo-lines").into()))
        .allow("interleave", Some(child!("interleave").into()))
        .allow("sink", Some(child!("sink").into()));
    let mut builder = ProcessCtx::builder();
    builder.policy(policy.build().unwrap()).inherit_stdio();
    builder.wasi().args(&["guest", case]);
    let (wasi, process) = builder.build().unwrap();
    let table = ResourceTable::new();
    let mut store = Store::new(
        &engine,
        State {
            wasi,
            process,
            table,
        },
    );
    let component = Component::from_file(&engine, P2_CASES).unwrap();
    let command = Command::instantiate(&mut store, &component, &linker).unwrap();
    let result = command.wasi_cli_run().call_run(&mut store).unwrap();
    assert_eq!(result, Ok(()));
}
