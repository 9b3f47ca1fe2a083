//! One engine for the whole process.

use std::sync::LazyLock;

use wasmtime::component::Component;
use wasmtime::{Config, Engine};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut config = Config::new();
    config.wasm_component_model_async(true);
    Engine::new(&config).expect("the engine supports this machine")
});

pub(crate) fn engine() -> &'static Engine {
    &ENGINE
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
