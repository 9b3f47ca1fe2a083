//! Hosts that are not small.

use wasmtime::{Engine, Instance, Module, Store};

/// Memory of so many bytes, of which every page was written to.
pub fn touched(bytes: usize) -> Vec<u8> {
    vec![1; bytes]
}

/// Live instances of a module, each with a memory of which a page was written to.
pub fn instances(count: usize) -> anyhow::Result<Vec<(Store<()>, Instance)>> {
    let engine = Engine::default();
    // (module (memory (export "m") 16) (data (i32.const 0) "x"))
    let module = [
        b"\0asm\x01\0\0\0".as_slice(),
        b"\x05\x03\x01\0\x10",
        b"\x07\x05\x01\x01m\x02\0",
        b"\x0b\x07\x01\0\x41\0\x0b\x01x",
    ]
    .concat();
    let module = Module::new(&engine, module)?;
    let instance = |_| {
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[])?;
        let memory = instance.get_memory(&mut store, "m");
        let memory = memory.ok_or_else(|| anyhow::anyhow!("the module exports it"))?;
        memory.write(&mut store, 1 << 19, b"x")?;
        Ok((store, instance))
    };
    (0..count).map(instance).collect()
}
