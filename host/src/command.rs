//! A command: what a guest says about a program that it wants to run.

use crate::budget::{Budget, Share};
use crate::child::Child;
use crate::child::pipe::ReadEnd;
use crate::error::{ErrorCode, Limit, Part};
use crate::limits::{COMMAND_BYTES, COMMAND_ITEM_OVERHEAD, COMMANDS, PATH_BYTES};
use offspring_policy::{ExtraPipe, FileMode, Identity, ProgramRequest, SpawnRequest, StdioRequest};
use wasmtime::component::Resource;
use wasmtime_wasi::filesystem::Descriptor;

/// The host's side of the resource `command`: a request without authority.
///
/// Its setters never fail, as the contract says; the first problem is kept and reported by the
/// spawn.
pub struct Command {
    pub(crate) request: SpawnRequest,
    /// The output of another child that becomes standard input.
    pub(crate) joined: Option<ReadEnd>,
    problem: Option<ErrorCode>,
    held: Held,
}

/// What a command counts for among those of its guest, until it is dropped.
pub(crate) struct Held {
    bytes: Share,
    _place: Option<Share>,
}

impl Command {
    pub(crate) fn new(program: ProgramRequest, budget: &CommandBudget) -> Self {
        let (part, bytes) = match &program {
            ProgramRequest::Named(name) => (Part::Program, name.len()),
            ProgramRequest::Shell(line) => (Part::Arguments, line.len()),
        };
        let place = budget.commands.take(1);
        let mut command = Self {
            request: SpawnRequest::new(ProgramRequest::Named(String::new())),
            joined: None,
            problem: place
                .is_none()
                .then_some(ErrorCode::LimitReached(Limit::Commands)),
            held: Held {
                bytes: budget.bytes.share(),
                _place: place,
            },
        };
        if command.hold(part, 1, bytes) {
            command.request.program = program;
        }
        command
    }

    /// Take note of a problem; the first one is reported.
    pub(crate) fn reject(&mut self, problem: ErrorCode) {
        self.problem.get_or_insert(problem);
    }

    /// The request, if nothing was wrong with it so far, what is joined to it, and what it counts for.
    pub(crate) fn into_parts(self) -> Result<(SpawnRequest, Option<ReadEnd>, Held), ErrorCode> {
        match self.problem {
            Some(problem) => Err(problem),
            None => Ok((self.request, self.joined, self.held)),
        }
    }

    pub(crate) fn args(&mut self, args: Vec<Vec<u8>>) {
        if self.hold(Part::Arguments, args.len(), args.iter().map(Vec::len).sum()) {
            self.request.args.extend(args);
        }
    }

    pub(crate) fn arg0(&mut self, arg0: Vec<u8>) {
        if self.hold(Part::Arguments, 1, arg0.len()) {
            self.request.arg0 = Some(arg0);
        }
    }

    pub(crate) fn env(&mut self, env: Vec<(String, Vec<u8>)>) {
        let bytes = env.iter().map(|(key, value)| key.len() + value.len()).sum();
        if self.hold(Part::Environment, env.len(), bytes) {
            self.request.env.extend(env);
        }
    }

    pub(crate) fn cwd(&mut self, path: String) {
        if path.len() >= PATH_BYTES {
            self.reject(ErrorCode::TooBig(Part::WorkingDirectory));
        } else if self.hold(Part::WorkingDirectory, 1, path.len()) {
            self.request.cwd = Some(path);
        }
    }

    /// Set a standard stream, keeping the count of what a path costs.
    pub(crate) fn stdio(&mut self, part: Part, stdio: StdioRequest) {
        if let StdioRequest::File { path, .. } = &stdio {
            if path.len() >= PATH_BYTES {
                return self.reject(ErrorCode::TooBig(part));
            }
            if !self.hold(part, 1, path.len()) {
                return;
            }
        }
        match part {
            Part::Stdout => self.request.stdout = stdio,
            Part::Stderr => self.request.stderr = stdio,
            _ => self.request.stdin = stdio,
        }
    }

    pub(crate) fn extra_pipe(&mut self, pipe: ExtraPipe) {
        if self.hold(Part::ExtraPipe, 1, 0) {
            self.request.extra_pipes.push(pipe);
        }
    }

    pub(crate) fn user(&mut self, user: Identity) {
        if self.hold_identity(&user) {
            self.request.user = Some(user);
        }
    }

    pub(crate) fn group(&mut self, group: Identity) {
        if self.hold_identity(&group) {
            self.request.group = Some(group);
        }
    }

    pub(crate) fn extra_groups(&mut self, groups: Vec<Identity>) {
        if groups.iter().all(|group| self.hold_identity(group)) {
            self.request.extra_groups = Some(groups);
        }
    }

    fn hold_identity(&mut self, identity: &Identity) -> bool {
        let bytes = match identity {
            Identity::Id(_) => 0,
            Identity::Name(name) => name.len(),
        };
        self.hold(Part::Identity, 1, bytes)
    }

    /// Count `items` of `bytes` in all, which belong to `part`, against the budget; nothing is kept
    /// where it is used up.
    pub(crate) fn hold(&mut self, part: Part, items: usize, bytes: usize) -> bool {
        if self.problem.is_some() {
            return false;
        }
        let bytes = bytes.saturating_add(items.saturating_mul(COMMAND_ITEM_OVERHEAD));
        // A command that is too big by itself is told from one that meets others.
        if bytes as u64 > COMMAND_BYTES - self.held.bytes.amount() {
            self.reject(ErrorCode::TooBig(part));
        } else if !self.held.bytes.grow(bytes as u64) {
            self.reject(ErrorCode::LimitReached(Limit::Commands));
        }
        self.problem.is_none()
    }
}

/// A standard stream as a guest gives it to a command, handles and all.
pub(crate) enum Stdio {
    Null,
    Pipe,
    Inherit,
    Stdout,
    File {
        path: String,
        mode: FileMode,
        offset: u64,
    },
    OpenFile {
        descriptor: Resource<Descriptor>,
        offset: u64,
        append: bool,
    },
    ChildStdout(Resource<Child>),
    ChildStderr(Resource<Child>),
}

/// What the commands of one guest hold in the host's memory.
#[derive(Clone)]
pub(crate) struct CommandBudget {
    commands: Budget,
    bytes: Budget,
}

impl Default for CommandBudget {
    fn default() -> Self {
        Self {
            commands: Budget::new(COMMANDS),
            bytes: Budget::new(COMMAND_BYTES),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn git(budget: &CommandBudget) -> Command {
        Command::new(ProgramRequest::Named("git".into()), budget)
    }

    #[test]
    fn arguments_beyond_the_budget_are_refused_and_not_kept() {
        let budget = CommandBudget::default();
        let mut command = git(&budget);
        command.args(vec![vec![b'x'; COMMAND_BYTES as usize]]);
        assert!(command.request.args.is_empty());
        assert_eq!(
            command.into_parts().err(),
            Some(ErrorCode::TooBig(Part::Arguments))
        );
    }

    #[test]
    fn a_command_that_only_meets_others_is_told_so() {
        let budget = CommandBudget::default();
        let mut first = git(&budget);
        first.args(vec![vec![b'x'; COMMAND_BYTES as usize / 2]]);
        let mut second = git(&budget);
        second.args(vec![vec![b'x'; COMMAND_BYTES as usize / 2]]);
        let refused = second.into_parts().err();
        assert_eq!(refused, Some(ErrorCode::LimitReached(Limit::Commands)));
    }

    #[test]
    fn a_dropped_command_gives_its_share_back() {
        let budget = CommandBudget::default();
        let mut first = git(&budget);
        first.args(vec![vec![b'x'; COMMAND_BYTES as usize / 2]]);
        drop(first);
        let mut second = git(&budget);
        second.args(vec![vec![b'x'; COMMAND_BYTES as usize / 2]]);
        second
            .into_parts()
            .expect("the first command's share is free again");
    }

    #[test]
    fn commands_are_counted() {
        let budget = CommandBudget::default();
        let held: Vec<_> = (0..COMMANDS).map(|_| git(&budget)).collect();
        let refused = git(&budget).into_parts().err();
        assert_eq!(refused, Some(ErrorCode::LimitReached(Limit::Commands)));
        drop(held);
        git(&budget).into_parts().expect("there is room again");
    }
}
