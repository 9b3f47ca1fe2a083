//! `offspring:process@0.2.0` as wit-bindgen gives it.

#[expect(
    missing_docs,
    reason = "the contract documents what wit-bindgen makes of it"
)]
mod bindings {
    wit_bindgen::generate!({
        path: "../../wit/0.2",
        world: "offspring:process/imports",
        generate_all,
    });
}

pub use bindings::offspring::process::{process, shell};
