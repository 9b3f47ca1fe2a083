//! How a guest ended, as a message and an exit code.

use super::interruption::Interruption;
use crate::exit;
use std::io::{self, Write};
use wasmtime::Trap;
use wasmtime_wasi::I32Exit;

/// How a guest ended.
#[derive(Debug)]
pub(crate) enum Ending {
    Exited(i32),
    Trapped(wasmtime::Error),
    OutOfFuel,
    Interrupted(Interruption),
}

impl Ending {
    /// How a call to the guest's `run` ended.
    pub(crate) fn of(result: wasmtime::Result<Result<(), ()>>) -> Self {
        match result {
            Ok(Ok(())) => Self::Exited(0),
            Ok(Err(())) => Self::Exited(1),
            Err(error) => match (
                error.downcast_ref::<I32Exit>(),
                error.downcast_ref::<Trap>(),
            ) {
                (Some(I32Exit(code)), _) => Self::Exited(*code),
                (None, Some(Trap::OutOfFuel)) => Self::OutOfFuel,
                (None, _) => Self::Trapped(error),
            },
        }
    }

    /// Prints what is to be said, and returns the exit code.
    pub(crate) fn report(&self) -> i32 {
        // A reader of our output that is gone is no reason for another exit code.
        let _ = io::stdout().flush();
        match self {
            Self::Exited(code) => *code,
            Self::Trapped(error) => {
                eprintln!("offspring: error: the guest trapped: {error:?}");
                exit::TRAP
            }
            Self::OutOfFuel => {
                eprintln!("offspring: error: the guest used up its fuel; give more with --fuel");
                exit::LIMIT
            }
            // What is to be said of it was said when it came.
            Self::Interrupted(interruption) => interruption.exit_code(),
        }
    }
}
