//! Holds the contract and the source tree to the rules that no compiler checks.
//!
//! Everything here reads the repository's text, so these tests need neither
//! wasmtime nor a guest and are done in a moment:
//!
//! - [`contract`] reads `wit/` and compares its two generations.
//! - [`tidy`] reads the source tree.

use std::path::PathBuf;

pub mod contract;
pub mod tidy;

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .nth(2)
        .expect("this crate is at tests/repository")
        .to_owned()
}
