//! Compiles the warden, which the library carries inside of it.
//!
//! It is compiled with rustc alone: it has no dependencies, so this needs neither a network nor a
//! second run of Cargo, and works wherever the library itself can be compiled.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=warden");
    let warden = PathBuf::from(variable("OUT_DIR")).join("offspring-warden");
    if supported() {
        compile(&warden);
    } else {
        // What is empty is reported as missing, when somebody wants to be confined.
        fs::write(&warden, []).expect("the output directory can be written to");
    }
}

/// Whether the warden knows the system that is compiled for.
fn supported() -> bool {
    let architecture = variable("CARGO_CFG_TARGET_ARCH");
    variable("CARGO_CFG_TARGET_OS") == "linux"
        && variable("CARGO_CFG_TARGET_POINTER_WIDTH") == "64"
        && variable("CARGO_CFG_TARGET_ENDIAN") == "little"
        && ["x86_64", "aarch64"].contains(&architecture.as_str())
}

/// Static, so that it starts quickly; where there is no C library to link so, as it is usual.
fn compile(warden: &Path) {
    let linked = ["+crt-static", "-crt-static"].iter().any(|linkage| {
        rustc(warden, linkage)
            .status()
            .is_ok_and(|status| status.success())
    });
    assert!(linked, "the warden does not compile; rustc has said why");
}

#[expect(
    clippy::disallowed_methods,
    reason = "a build script starts the compiler, and no guest is near"
)]
fn rustc(warden: &Path, linkage: &str) -> Command {
    let mut command = Command::new(variable("RUSTC"));
    command
        .args(["--edition=2024", "--crate-name=offspring_warden"])
        .args(["--crate-type=bin", "--cap-lints=allow"])
        .args(["-Copt-level=s", "-Cpanic=abort", "-Ccodegen-units=1"])
        .arg("-Cstrip=symbols")
        .arg(format!("-Ctarget-feature={linkage}"))
        .arg(format!("--target={}", variable("TARGET")))
        .arg("-o")
        .arg(warden)
        .arg("warden/main.rs");
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut flag = std::ffi::OsString::from("-Clinker=");
        flag.push(linker);
        command.arg(flag);
    }
    command
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("Cargo sets {name}"))
}
