//! The face of generation 0.3: `stream` and `future`.
//!
//! `wasmtime_wasi::p3`, which guests of this generation need too, calls itself experimental in
//! wasmtime 48. An embedder who does not want it links [`p2`](crate::p2) alone.

mod bindings;
mod host;
mod streams;

use crate::ctx::{HasProcess, ProcessView};
use wasmtime::component::Linker;

crate::convert::conversions!(self::bindings::offspring::process::process);

/// Add `offspring:process@0.3.0` to `linker`: both `process` and `shell`.
///
/// The engine needs [`Config::wasm_component_model_async`], which is on by default.
///
/// # Authority
///
/// What guests may launch is decided by each store's [`ProcessCtx`](crate::ProcessCtx), which
/// allows nothing until it is given a policy.
///
/// # Errors
///
/// Those of [`Linker::instance`]: a name that is defined already.
///
/// [`Config::wasm_component_model_async`]: wasmtime::Config::wasm_component_model_async
pub fn add_to_linker<T: ProcessView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    add_process_to_linker(linker)?;
    bindings::offspring::process::shell::add_to_linker::<T, HasProcess>(linker, T::process)
}

/// Add `process` alone, so that no guest can ask for a shell.
///
/// # Errors
///
/// Those of [`Linker::instance`].
pub fn add_process_to_linker<T: ProcessView + 'static>(
    linker: &mut Linker<T>,
) -> wasmtime::Result<()> {
    bindings::offspring::process::process::add_to_linker::<T, HasProcess>(linker, T::process)
}
