//! The standard streams of a child.

use crate::DenialReason;
use crate::locate::Directories;
use crate::plan::StdioPlan;
use crate::request::{FileMode, FilePlan, Part, SpawnRequest, StdioRequest};

/// What standard input, output and error will be.
pub(super) fn streams(
    directories: &Directories,
    request: &SpawnRequest,
) -> Result<[StdioPlan; 3], DenialReason> {
    Ok([
        stream(directories, &request.stdin, Part::Stdin)?,
        stream(directories, &request.stdout, Part::Stdout)?,
        stream(directories, &request.stderr, Part::Stderr)?,
    ])
}

fn stream(
    directories: &Directories,
    request: &StdioRequest,
    part: Part,
) -> Result<StdioPlan, DenialReason> {
    match request {
        StdioRequest::Null => Ok(StdioPlan::Null),
        StdioRequest::Pipe => Ok(StdioPlan::Pipe),
        StdioRequest::Inherit => Ok(StdioPlan::Inherit),
        StdioRequest::Stdout if part == Part::Stderr => Ok(StdioPlan::Stdout),
        StdioRequest::Joined if part == Part::Stdin => Ok(StdioPlan::Joined),
        StdioRequest::Stdout | StdioRequest::Joined => Err(DenialReason::BadStream(part)),
        StdioRequest::File { path, mode, offset } => {
            let outside = || DenialReason::Outside {
                part,
                path: path.clone(),
            };
            let at = directories.locate(path).ok_or_else(outside)?;
            file(
                directories,
                FilePlan {
                    at,
                    seen: None,
                    mode: *mode,
                    offset: *offset,
                },
                part,
            )
        }
        StdioRequest::OpenFile(plan) => file(directories, plan.clone(), part),
    }
}

fn file(directories: &Directories, plan: FilePlan, part: Part) -> Result<StdioPlan, DenialReason> {
    let usable = match plan.mode {
        FileMode::ReadWrite => true,
        mode => mode.writes() == (part != Part::Stdin),
    };
    let directory = directories.all.get(plan.at.preopen).filter(|_| usable);
    let directory = directory.ok_or(DenialReason::BadStream(part))?;
    if plan.mode.writes() && !directory.writable {
        return Err(DenialReason::ReadOnly(part));
    }
    Ok(StdioPlan::File(plan))
}
