//! The contract for WASI 0.3, as wit-bindgen generates it.

// `wit/contract-0.3` is a link to the contract, which packaging follows.
//
// `pub_export_macro` keeps the export of `run` out of guests that do not use
// `offspring::p3::main!`: only the macro's expansion asks for it.
wit_bindgen::generate!({
    path: ["wit/contract-0.3", "wit/p3"],
    world: "offspring:guest/command@0.3.0",
    generate_all,
    pub_export_macro: true,
    export_macro_name: "export",
});
