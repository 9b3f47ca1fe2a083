//! `offspring:process@0.3.0` as wit-bindgen gives it, and the start of a guest.

/// The generated module, which `export` names.
#[expect(
    missing_docs,
    reason = "the contract documents what wit-bindgen makes of it"
)]
pub mod bindings {
    wit_bindgen::generate!({
        inline: "
            package offspring:test-programs;

            world program {
                include offspring:process/imports@0.3.0;
                export wasi:cli/run@0.3.0;
            }

            package wasi:cli@0.3.0 {
                interface run {
                    run: async func() -> result;
                }
            }
        ",
        path: "../../wit/0.3",
        world: "offspring:test-programs/program",
        generate_all,
        pub_export_macro: true,
        default_bindings_module: "offspring_test_programs::p3::bindings",
    });
}

pub use bindings::export;
pub use bindings::exports::wasi::cli::run::Guest;
pub use bindings::offspring::process::{process, shell};
