//! `offspring:process@0.3.0` as wit-bindgen gives it, and the start of a guest.

/// The generated module, which `export` names.
#[expect(
    missing_docs,
    reason = "the contract documents what wit-bindgen makes of it"
)]
pub mod bindings {
    wit_bindgen::generate!({
        inline: "
            package offspring:wit3;

            world program {
                include offspring:process/imports@0.3.0;
                import wasi:filesystem/preopens@0.3.0;
                export wasi:cli/run@0.3.0;
            }

            package wasi:cli@0.3.0 {
                interface run {
                    run: async func() -> result;
                }
            }
        ",
        path: "../../wit/0.3",
        world: "offspring:wit3/program",
        generate_all,
        pub_export_macro: true,
        default_bindings_module: "offspring_test_programs::wit3::bindings",
    });
}

pub use bindings::exports::wasi::cli::run::Guest;
pub use bindings::offspring::process::process;
pub use bindings::wasi::filesystem::{preopens, types as filesystem};
pub use bindings::{export, wit_stream};
pub use wit_bindgen::{FutureReader, StreamReader, StreamResult, StreamWriter};

use process::Command;

/// A command with these arguments and no streams.
pub fn command(program: &str, args: &[&str]) -> Command {
    let command = Command::new(program);
    let args: Vec<_> = args.iter().map(|it| it.as_bytes().to_vec()).collect();
    command.args(&args);
    command
}

/// Makes an `async fn` the program of a guest.
#[macro_export]
macro_rules! wit3 {
    ($run:path) => {
        struct Program;

        $crate::wit3::export!(Program);

        impl $crate::wit3::Guest for Program {
            async fn run() -> Result<(), ()> {
                $run().await;
                Ok(())
            }
        }

        fn main() {}
    };
}
