//! Builds the guest of `offspring demo`, which becomes part of the command, and one for its tests.

use offspring_build_guests::{Profile, build};
use std::env;
use std::fs;
use std::path::Path;

/// Whatever the guest is made of, from this directory.
const SOURCES: &[&str] = &[
    "demo",
    "../guest",
    "../wit",
    "../Cargo.toml",
    "../Cargo.lock",
];

fn main() {
    let components = build(&["offspring-demo"], Profile::Dev, SOURCES);
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    for component in ["demo.wasm", "hold.wasm"] {
        fs::copy(components.join(component), Path::new(&out).join(component))
            .expect("cargo built the component");
    }
}
