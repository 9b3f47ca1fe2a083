//! Generated bindings of `offspring:process@0.2.0`.

wasmtime::component::bindgen!({
    path: "wit/0.2",
    world: "offspring:process/imports",
    imports: { default: trappable | tracing },
    with: {
        "wasi:filesystem/types.descriptor": wasmtime_wasi::filesystem::Descriptor,
        "wasi:io": wasmtime_wasi::p2::bindings::io,
        "offspring:process/process.command": crate::command::Command,
        "offspring:process/process.child": crate::child::Child,
        "offspring:process/process.future-child": super::futures::FutureChild,
        "offspring:process/process.future-exit": super::futures::FutureExit,
        "offspring:process/process.future-output": super::futures::FutureOutput,
    },
    require_store_data_send: true,
});
