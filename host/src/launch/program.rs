//! Whether a program is still the one that the policy pinned.

use crate::error::{ErrorCode, Part};
use offspring_policy::{PinnedProgram, ProgramIdentity};
use std::path::Path;

/// Compare the files on disk, script and interpreter, with what the policy saw.
pub(crate) fn check(program: &PinnedProgram) -> Result<(), ErrorCode> {
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
