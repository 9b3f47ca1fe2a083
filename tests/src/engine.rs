//! One engine and one compilation of each guest for the whole process.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use wasmtime::component::Component;
use wasmtime::{Config, Engine};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = Config::new();
    config.wasm_component_model_async(true);
    Engine::new(&config).expect("the engine supports this machine")
});

static COMPONENTS: LazyLock<Mutex<HashMap<PathBuf, Component>>> = LazyLock::new(Mutex::default);

pub(crate) fn engine() -> &'static Engine {
    &ENGINE
}

/// Compiles a component, or remembers having done so.
pub(crate) fn component(path: &Path) -> wasmtime::Result<Component> {
    let mut components = COMPONENTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(component) = components.get(path) {
        return Ok(component.clone());
    }
    let component = Component::from_file(engine(), path)?;
    components.insert(path.to_owned(), component.clone());
    Ok(component)
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
