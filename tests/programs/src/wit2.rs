//! `offspring:process@0.2.0` as wit-bindgen gives it.

#[expect(
    missing_docs,
    reason = "the contract documents what wit-bindgen makes of it"
)]
mod bindings {
    wit_bindgen::generate!({
        inline: "
            package offspring:wit2;

            world program {
                include offspring:process/imports@0.2.0;
                import wasi:filesystem/preopens@0.2.0;
            }
        ",
        path: "../../wit/0.2",
        world: "offspring:wit2/program",
        generate_all,
    });
}

pub use bindings::offspring::process::process;
pub use bindings::wasi::filesystem::{preopens, types as filesystem};
pub use bindings::wasi::io::{poll, streams};

use process::{Child, Command, ErrorCode, spawn};

/// A command with these arguments and no streams.
pub fn command(program: &str, args: &[&str]) -> Command {
    let command = Command::new(program);
    let args: Vec<_> = args.iter().map(|it| it.as_bytes().to_vec()).collect();
    command.args(&args);
    command
}

/// Spawns, and blocks meanwhile.
///
/// # Errors
///
/// Those of the spawn.
///
/// # Panics
///
/// Where the pollable was ready and the result is not.
pub fn start(command: Command) -> Result<Child, ErrorCode> {
    let spawned = spawn(command);
    spawned.subscribe().block();
    spawned.get().expect("the pollable was ready")
}
