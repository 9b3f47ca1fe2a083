//! What the two faces do alike, on the context and the table.

use crate::child::Child;
use crate::command::{Command, Stdio};
use crate::ctx::ProcessCtxView;
use crate::error::{ErrorCode, Part};
use offspring_policy::{FileMode, FilePlan, ProgramRequest, StdioRequest};
use wasmtime::component::Resource;
use wasmtime_wasi::OpenMode;
use wasmtime_wasi::filesystem::Descriptor;

impl ProcessCtxView<'_> {
    pub(crate) fn new_command(
        &mut self,
        program: ProgramRequest,
    ) -> wasmtime::Result<Resource<Command>> {
        let command = Command::new(program, &self.ctx.commands);
        Ok(self.table.push(command)?)
    }

    /// Set a standard stream of a command, resolving the handles that it names.
    pub(crate) fn set_stdio(
        &mut self,
        this: &Resource<Command>,
        part: Part,
        stdio: Stdio,
    ) -> wasmtime::Result<()> {
        let mut joined = None;
        let request = match stdio {
            // Only standard input can be joined, and nothing is taken for anything else.
            Stdio::ChildStdout(_) | Stdio::ChildStderr(_) if part != Part::Stdin => {
                Err(ErrorCode::InvalidArgument(part))
            }
            Stdio::Null => Ok(StdioRequest::Null),
            Stdio::Pipe => Ok(StdioRequest::Pipe),
            Stdio::Inherit => Ok(StdioRequest::Inherit),
            Stdio::Stdout => Ok(StdioRequest::Stdout),
            Stdio::File { path, mode, offset } => Ok(StdioRequest::File { path, mode, offset }),
            Stdio::OpenFile {
                descriptor,
                offset,
                append,
            } => {
                let descriptor = self.table.get(&descriptor)?;
                self.open_file(descriptor, offset, append, part)
                    .map(StdioRequest::OpenFile)
            }
            Stdio::ChildStdout(child) => {
                joined = self.table.get_mut(&child)?.take_stdout();
                joined
                    .as_ref()
                    .map(|_| StdioRequest::Joined)
                    .ok_or(ErrorCode::InvalidArgument(part))
            }
            Stdio::ChildStderr(child) => {
                joined = self.table.get_mut(&child)?.take_stderr();
                joined
                    .as_ref()
                    .map(|_| StdioRequest::Joined)
                    .ok_or(ErrorCode::InvalidArgument(part))
            }
        };
        let command = self.table.get_mut(this)?;
        match request {
            Ok(request) => command.stdio(part, request),
            Err(problem) => command.reject(problem),
        }
        if joined.is_some() {
            command.joined = joined;
        }
        Ok(())
    }

    /// Trace an open file of the guest back to words, with the rights that the guest has.
    fn open_file(
        &self,
        descriptor: &Descriptor,
        offset: u64,
        append: bool,
        part: Part,
    ) -> Result<FilePlan, ErrorCode> {
        let Descriptor::File(file) = descriptor else {
            return Err(ErrorCode::InvalidArgument(part));
        };
        let (reads, writes) = (
            file.open_mode.contains(OpenMode::READ),
            file.open_mode.contains(OpenMode::WRITE),
        );
        let mode = match (reads, writes) {
            (_, true) if append => FileMode::Append,
            (true, true) => FileMode::ReadWrite,
            (false, true) => FileMode::Write,
            (_, false) => FileMode::Read,
        };
        let traced = self.ctx.directories.trace(&file.file);
        let (at, seen) = traced.ok_or(ErrorCode::NotFound(part))?;
        Ok(FilePlan {
            at,
            seen: Some(seen),
            mode,
            offset,
        })
    }

    /// Put a spawned child where the guest can have it.
    pub(crate) fn push_child(
        &mut self,
        child: Result<Child, ErrorCode>,
    ) -> Result<Resource<Child>, ErrorCode> {
        // A full table is the guest's own doing, and dropping the child kills it.
        self.table
            .push(child?)
            .map_err(|_| ErrorCode::LimitReached(crate::error::Limit::Children))
    }
}
