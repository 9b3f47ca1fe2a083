//! What a file holds, before wasmtime compiles it.
//!
//! Compiling takes seconds and its errors speak of the format. Looking first answers at once, and
//! in words that say what to do.

mod inspect;
mod interfaces;
mod outline;
mod version;

pub(crate) use inspect::{Generation, inspect};
