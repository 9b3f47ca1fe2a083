//! Builds every guest for wasm32-wasip2, and writes down where each one is.
//!
//! The library includes the result as `artifacts`: a constant for each program
//! with the path of its component, and a macro for each suite that names every
//! program of the suite, so that a program without a test does not compile.

use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-wasip2";

/// The suites of `programs/`, by the first word of a program's name.
const SUITES: &[&str] = &["p2", "p3"];

/// Whatever a guest is made of, from this directory.
const SOURCES: &[&str] = &[
    "programs",
    "../guest-examples",
    "../guest",
    "../wit",
    "../Cargo.toml",
    "../Cargo.lock",
];

/// What cargo sets for this build and would change the guests' build: flags
/// for another target, and the lints' compiler where clippy runs us.
const NOT_FOR_GUESTS: &[&str] = &[
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "RUSTC_WORKSPACE_WRAPPER",
    "CLIPPY_ARGS",
];

fn main() {
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(variable("OUT_DIR"));
    for source in SOURCES
        .iter()
        .map(|source| here.join(source))
        .filter(|source| source.exists())
    {
        println!("cargo::rerun-if-changed={}", source.display());
    }

    let programs = programs(&here.join("programs"));
    let examples = programs_if_any(&here.join("../guest-examples"));
    have_target();
    let components = build(&here, &out, !examples.is_empty());

    let mut text = String::new();
    for suite in SUITES {
        let prefix = format!("{suite}_");
        let members: Vec<_> = programs
            .iter()
            .filter(|name| name.starts_with(&prefix))
            .collect();
        describe(&mut text, suite, &members, &components);
    }
    for name in &programs {
        let suite = name.split('_').next().unwrap_or_default();
        assert!(
            SUITES.contains(&suite),
            "{name}: a program is called <suite>_<case>, with one of {SUITES:?}"
        );
    }
    describe(
        &mut text,
        "example",
        &examples.iter().collect::<Vec<_>>(),
        &components,
    );
    fs::write(out.join("artifacts.rs"), text).expect("OUT_DIR can be written");
}

fn variable(name: &str) -> OsString {
    env::var_os(name).unwrap_or_else(|| panic!("cargo sets {name}"))
}

/// The names of a package's programs, in order.
fn programs(package: &Path) -> Vec<String> {
    let directory = package.join("src/bin");
    let entries =
        fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("a directory can be read").path())
        .map(|path| {
            path.file_stem()
                .expect("a file has a name")
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

fn programs_if_any(package: &Path) -> Vec<String> {
    if package.join("src/bin").is_dir() {
        programs(package)
    } else {
        Vec::new()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a build script builds; nothing of this runs in a host"
)]
fn tool(program: impl AsRef<std::ffi::OsStr>) -> Command {
    Command::new(program)
}

/// Sees to it that the standard library for guests is there.
fn have_target() {
    let output = tool(variable("RUSTC"))
        .args(["--print", "target-libdir", "--target", TARGET])
        .output();
    let output = output.expect("rustc runs");
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

/// Builds all guests at once, and returns the directory of the components.
fn build(here: &Path, out: &Path, examples: bool) -> PathBuf {
    let target = out.join("guests");
    let mut cargo = tool(variable("CARGO"));
    cargo.args([
        "build",
        "--bins",
        "--target",
        TARGET,
        "--package",
        "offspring-test-programs",
    ]);
    if examples {
        cargo.args([
            "--package",
            &package_name(&here.join("../guest-examples/Cargo.toml")),
        ]);
    }
    cargo.arg("--target-dir").arg(&target).current_dir(here);
    // Line tables make a component twenty times as large, and each is compiled in each test.
    cargo.env("CARGO_PROFILE_DEV_STRIP", "debuginfo");
    for name in NOT_FOR_GUESTS {
        cargo.env_remove(name);
    }
    let status = cargo.status().expect("cargo runs");
    assert!(
        status.success(),
        "the guests do not build; the errors are above"
    );
    target.join(TARGET).join("debug")
}

fn package_name(manifest: &Path) -> String {
    let text = fs::read_to_string(manifest).expect("a package has a manifest");
    let line = text.lines().find_map(|line| line.strip_prefix("name = "));
    line.expect("a package has a name")
        .trim_matches('"')
        .to_owned()
}

fn describe(text: &mut String, suite: &str, names: &[&String], components: &Path) {
    for name in names {
        let path = components.join(format!("{name}.wasm"));
        assert!(path.is_file(), "cargo built no {}", path.display());
        let constant = name.to_uppercase();
        writeln!(text, "/// Where the component of the guest `{name}` is.")
            .expect("a string grows");
        writeln!(text, "pub const {constant}: &str = {path:?};").expect("a string grows");
    }
    let calls: String = names
        .iter()
        .map(|name| format!("$each!({name}); "))
        .collect();
    writeln!(
        text,
        "/// Calls a macro with the name of each guest of the suite `{suite}`."
    )
    .expect("a string grows");
    writeln!(
        text,
        "#[macro_export]\nmacro_rules! for_each_{suite} {{ ($each:ident) => {{ {calls}}}; }}"
    )
    .expect("a string grows");
}
