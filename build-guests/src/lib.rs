//! Builds guest programs for wasm32-wasip2, for build scripts that need their components.
//!
//! It adds the target with rustup where it is missing, and says what to do where it cannot.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-wasip2";

/// What cargo sets for a build script and would change the guests' build: flags for another
/// target, and the lints' compiler where clippy runs the build.
const NOT_FOR_GUESTS: &[&str] = &[
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "RUSTC_WORKSPACE_WRAPPER",
    "CLIPPY_ARGS",
];

/// How much the guests are optimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build, without debug information, which would make components large.
    Dev,
    /// Quick to run.
    Release,
}

/// Build all programs of the workspace's `packages`, and return the directory where each has its
/// component, as `<name>.wasm`.
///
/// All guests share a target directory, beside the profiles in that of the host, so that what they
/// have in common is built once. The build script runs again when one of `sources`, which are
/// relative to the package, changes.
///
/// # Panics
///
/// Where it is not called by a build script, the target cannot be added, or a guest does not
/// build: a build script has no better way to fail.
pub fn build(packages: &[&str], profile: Profile, sources: &[&str]) -> PathBuf {
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    for source in sources {
        println!("cargo::rerun-if-changed={}", here.join(source).display());
    }
    have_target();
    let target = target_directory(Path::new(&variable("OUT_DIR")));
    let mut cargo = tool(variable("CARGO"));
    cargo
        .args(["build", "--bins", "--target", TARGET, "--target-dir"])
        .arg(&target);
    cargo
        .current_dir(here)
        .env("CARGO_PROFILE_DEV_STRIP", "debuginfo");
    for package in packages {
        cargo.args(["--package", package]);
    }
    let directory = match profile {
        Profile::Dev => "debug",
        Profile::Release => {
            cargo.arg("--release");
            "release"
        }
    };
    for name in NOT_FOR_GUESTS {
        cargo.env_remove(name);
    }
    let status = cargo.status().expect("cargo runs");
    assert!(
        status.success(),
        "the guests do not build; the errors are above"
    );
    target.join(TARGET).join(directory)
}

/// Where the guests are built. `OUT_DIR` is `<target>/<profile>/build/<package>/out`; the host's
/// build holds a lock on its profile meanwhile, and not on this directory.
fn target_directory(out: &Path) -> PathBuf {
    out.ancestors().nth(4).unwrap_or(out).join("guests")
}

/// See to it that the standard library for guests is there.
fn have_target() {
    let output = tool(variable("RUSTC"))
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .expect("rustc runs");
    let directory = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && Path::new(&directory).is_dir() {
        return;
    }
    let added = tool("rustup").args(["target", "add", TARGET]).status();
    assert!(
        added.is_ok_and(|status| status.success()),
        "the guests need Rust's {TARGET} target, and `rustup target add {TARGET}` failed; \
         install the target for this compiler and try again"
    );
}

fn variable(name: &str) -> OsString {
    env::var_os(name).unwrap_or_else(|| panic!("cargo sets {name} for a build script"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a build script builds; nothing of this runs in a host"
)]
fn tool(program: impl AsRef<OsStr>) -> Command {
    Command::new(program)
}
