//! Builds every guest for wasm32-wasip2, and writes down where each one is.
//!
//! The library includes the result as `artifacts`: a constant for each program
//! with the path of its component, and a macro for each suite that names every
//! program of the suite, so that a program without a test does not compile.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use offspring_build_guests::{Profile, build};

const PACKAGES: &[&str] = &["offspring-test-programs", "offspring-guest-examples"];

/// The suites of `programs/`, by the first word of a program's name.
const SUITES: &[&str] = &["p2", "p3", "wit2", "wit3", "confinement"];

/// Whatever a guest is made of.
const SOURCES: &[&str] = &[
    "programs",
    "../guest-examples",
    "../guest",
    "../wit",
    "../Cargo.toml",
    "../Cargo.lock",
];

fn main() {
    let components = build(PACKAGES, Profile::Dev, SOURCES);

    let programs = names("programs/src/bin");
    let mut text = String::new();
    for suite in SUITES {
        let prefix = format!("{suite}_");
        let members = programs.iter().filter(|name| name.starts_with(&prefix));
        describe(&mut text, suite, members, &components);
    }
    for name in &programs {
        let suite = name.split('_').next().unwrap_or_default();
        assert!(
            SUITES.contains(&suite),
            "{name}: a program is called <suite>_<case>, with one of {SUITES:?}"
        );
    }
    let examples = names("../guest-examples/src/bin");
    describe(&mut text, "example", examples.iter(), &components);

    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("artifacts.rs"), text).expect("OUT_DIR can be written");
}

/// The names of the programs in a directory, in order.
fn names(directory: &str) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap_or_else(|error| panic!("{directory}: {error}"));
    let paths = entries.map(|entry| entry.expect("a directory can be read").path());
    let stem = |path: PathBuf| {
        path.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
    };
    let mut names: Vec<String> = paths.filter_map(stem).collect();
    names.sort();
    names
}

fn describe<'a>(
    text: &mut String,
    suite: &str,
    names: impl Iterator<Item = &'a String>,
    components: &Path,
) {
    let mut calls = String::new();
    for name in names {
        let path = components.join(format!("{name}.wasm"));
        assert!(path.is_file(), "cargo built no {}", path.display());
        let constant = name.to_uppercase();
        text.push_str(&format!(
            "/// Where the component of the guest `{name}` is.\n"
        ));
        text.push_str(&format!("pub const {constant}: &str = {path:?};\n"));
        calls.push_str(&format!("$each!({name}); "));
    }
    text.push_str(&format!(
        "/// Calls a macro with the name of each guest of the suite `{suite}`.\n\
         #[macro_export]\n\
         macro_rules! for_each_{suite} {{ ($each:ident) => {{ {calls}}}; }}\n"
    ));
}
