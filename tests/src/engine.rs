//! One engine for the whole process.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use wasmtime::component::Component;
use wasmtime::{Config, Engine};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = Config::new();
    config.wasm_component_model_async(true);
    config.epoch_interruption(true);
    config.consume_fuel(true);
    // Otherwise a component that was instantiated holds the image of its memory in a descriptor,
    // and components outlive the tests.
    config.memory_init_cow(false);
    Engine::new(&config).expect("the engine supports this machine")
});

pub(crate) fn engine() -> &'static Engine {
    &ENGINE
}

/// The components that were compiled. Most tests run one and the same.
static COMPONENTS: LazyLock<Mutex<HashMap<PathBuf, Component>>> = LazyLock::new(Mutex::default);

pub(crate) fn component(path: &Path) -> Component {
    let mut components = COMPONENTS.lock().unwrap_or_else(PoisonError::into_inner);
    let compile = || {
        if path.extension().is_some_and(|it| it == COMPILED) {
            return compiled(path);
        }
        Component::from_file(engine(), path).expect("the component compiles")
    };
    components
        .entry(path.to_owned())
        .or_insert_with(compile)
        .clone()
}

/// How the name of a component's file ends that is compiled already.
const COMPILED: &str = "cwasm";

#[expect(
    unsafe_code,
    reason = "compiling takes seconds, and hosts that are killed do it again and again"
)]
fn compiled(path: &Path) -> Component {
    // SAFETY: only `precompile` writes such files, for a test that deletes them when it is over.
    let component = unsafe { Component::deserialize_file(engine(), path) };
    component.expect("it was compiled by the same engine")
}

/// Writes a component, compiled, to a file beneath a directory.
///
/// # Panics
///
/// Where it does not compile.
pub fn precompile(component: &str, directory: &Path) -> PathBuf {
    let bytes = self::component(component.as_ref()).serialize();
    let path = directory.join("component").with_extension(COMPILED);
    let written = std::fs::write(&path, bytes.expect("a component can be written"));
    written.expect("a file can be written");
    path
}

/// Whether a component runs by WASI 0.3's async `run`.
///
/// A guest of 0.3 exports the `run` of 0.2 as well, since its toolchain gives
/// one to every program; that one does nothing.
pub(crate) fn is_p3(component: &Component) -> bool {
    let ty = component.component_type();
    ty.exports(engine())
        .any(|(name, _)| name.starts_with("wasi:cli/run@0.3."))
}
