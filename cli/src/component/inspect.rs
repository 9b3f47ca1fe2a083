//! Whether a file is a component that this command can run.

use super::interfaces;
use super::outline::Outline;
use super::version::InterfaceName;
use anyhow::{Context, Result, bail};
use std::path::Path;
use wasmparser::Parser;

/// The release of WASI by which a component is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generation {
    P2,
    P3,
}

/// The export by which a command is run.
const RUN: &str = "wasi:cli/run";

/// Looks into what `file` holds, and says how to run it.
///
/// # Errors
///
/// Whatever makes it impossible, with what to do.
pub(crate) fn inspect(file: &Path, bytes: &[u8]) -> Result<Generation> {
    let name = file.display();
    if bytes.is_empty() {
        bail!("{name} is empty; build it again");
    }
    if !bytes.starts_with(b"\0asm") {
        bail!(
            "{name} is not a WebAssembly component: {}",
            what_else(bytes)
        );
    }
    if Parser::is_core_wasm(bytes) {
        bail!(
            "{name} is a core module, and not a component; build it for a target that makes \
             components (cargo build --target wasm32-wasip2), or make one of it: \
             wasm-tools component new {name} --adapt wasi_snapshot_preview1.command.wasm -o FILE"
        );
    }
    let outline = Outline::read(bytes)
        .with_context(|| format!("{name} is damaged or cut short; build or copy it again"))?;
    let generation = generation(&outline).with_context(|| format!("{name} cannot be run"))?;
    let missing = interfaces::missing(&outline.imports);
    if !missing.is_empty() {
        bail!(
            "{name} imports what this host does not have:{missing}\n\
             Build it without these, or compose it with a component that has them (wac plug)."
        );
    }
    Ok(generation)
}

/// A component of 0.3 that was made from an ordinary program exports the `run` of 0.2 as well,
/// since its toolchain gives one to every program, and that one does nothing. So 0.3 comes first.
fn generation(outline: &Outline) -> Result<Generation> {
    let exports = || {
        outline
            .exports
            .iter()
            .map(|export| InterfaceName::parse(export))
    };
    let releases: Vec<_> = exports()
        .filter(|export| export.path == RUN)
        .map(|export| export.release())
        .collect();
    if releases.contains(&Some("0.3")) {
        return Ok(Generation::P3);
    }
    if releases.contains(&Some("0.2")) {
        return Ok(Generation::P2);
    }
    if let Some(other) = exports().find(|export| export.path == RUN) {
        let version = if other.version.is_empty() {
            "no version"
        } else {
            other.version
        };
        bail!(
            "it exports {RUN} of {version}, and this host runs 0.2 and 0.3.0; build it with \
             tools for one of these"
        );
    }
    if exports().any(|export| export.path.starts_with("wasi:http/")) {
        bail!("it is an HTTP service, and this command runs commands, which export {RUN}");
    }
    let list = match outline.exports.as_slice() {
        [] => "nothing".to_owned(),
        some => some.join(", "),
    };
    bail!("it exports {list}, and a command exports {RUN}: build a program, and not a library");
}

/// What a file is that does not begin as WebAssembly does.
fn what_else(bytes: &[u8]) -> &'static str {
    let start = bytes.trim_ascii_start();
    if b"\0asm".starts_with(bytes) {
        "it is cut short; build or copy it again"
    } else if start.starts_with(b"(") || start.starts_with(b";;") {
        "it looks like WebAssembly's text format; turn it into bytes: wasm-tools parse -o FILE"
    } else if bytes.starts_with(b"\x7fELF") {
        "it is a native program or compiled code; give the .wasm file that it was made from"
    } else if std::str::from_utf8(bytes).is_ok() {
        "it is text; give the .wasm file that is built from it"
    } else {
        "it does not begin as WebAssembly does"
    }
}
