//! Generated bindings of `offspring:process@0.3.0`.

wasmtime::component::bindgen!({
    path: "wit/0.3",
    world: "offspring:process/imports",
    imports: {
        "offspring:process/process.[method]child.stdin": store | trappable | tracing,
        "offspring:process/process.[method]child.stdout": store | trappable | tracing,
        "offspring:process/process.[method]child.stderr": store | trappable | tracing,
        "offspring:process/process.[method]child.pipe-writer": store | trappable | tracing,
        "offspring:process/process.[method]child.pipe-reader": store | trappable | tracing,
        "offspring:process/process.[method]child.wait": store | trappable | tracing,
        "offspring:process/process.[method]child.communicate": store | trappable | tracing,
        "offspring:process/process.spawn": store | trappable | tracing,
        default: trappable | tracing,
    },
    with: {
        "wasi:filesystem": wasmtime_wasi::p3::bindings::filesystem,
        "offspring:process/process.command": crate::command::Command,
        "offspring:process/process.child": crate::child::Child,
    },
    require_store_data_send: true,
});
