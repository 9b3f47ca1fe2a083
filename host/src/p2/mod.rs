//! The face of generation 0.2: `wasi:io` streams and pollables.

mod bindings;
mod futures;
mod host;
mod streams;

use crate::ctx::{HasProcess, ProcessView};
use wasmtime::component::Linker;

crate::convert::conversions!(self::bindings::offspring::process::process);

/// Add `offspring:process@0.2.0` to `linker`: both `process` and `shell`.
///
/// It needs `wasi:io` beside it, which [`wasmtime_wasi::p2::add_to_linker_async`] and
/// [`add_to_linker_sync`](wasmtime_wasi::p2::add_to_linker_sync) add.
///
/// # Authority
///
/// What guests may launch is decided by each store's [`ProcessCtx`](crate::ProcessCtx), which
/// allows nothing until it is given a policy.
///
/// # Errors
///
/// Those of [`Linker::instance`]: a name that is defined already.
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
