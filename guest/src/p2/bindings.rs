//! The contract for WASI 0.2, as wit-bindgen generates it.

// `wit/contract-0.2` is a link to the contract, which packaging follows.
wit_bindgen::generate!({
    path: ["wit/contract-0.2", "wit/p2"],
    world: "offspring:guest/command@0.2.0",
    generate_all,
});
