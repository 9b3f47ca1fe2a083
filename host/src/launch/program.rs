//! Whether a program is still the one that the policy pinned.

use crate::error::{ErrorCode, Part};
use offspring_policy::{PinnedProgram, ProgramIdentity};
use std::path::Path;

/// Compare a program's file, and that of its interpreter, with what the policy pinned.
///
/// # Errors
///
/// [`ErrorCode::ProgramChanged`] where a file was replaced or rewritten, and
/// [`ErrorCode::NotFound`] where it is gone.
pub fn check(program: &PinnedProgram) -> Result<(), ErrorCode> {
    same(&program.path, &program.identity)?;
    match &program.interpreter {
        Some(interpreter) => same(&interpreter.path, &interpreter.identity),
        None => Ok(()),
    }
}

fn same(path: &Path, pinned: &ProgramIdentity) -> Result<(), ErrorCode> {
    let metadata = std::fs::symlink_metadata(path)
        .map_err(|error| ErrorCode::of_part(&error, Part::Program))?;
    if ProgramIdentity::of(&metadata) == *pinned {
        Ok(())
    } else {
        Err(ErrorCode::ProgramChanged)
    }
}
