//! Everything that is wrong with a request, by POLICY.md and not by the code.

use crate::rules::{Rule, rule};
use crate::world::World;
use offspring_policy::DenialCode::{self, AccessDenied, InvalidArgument, TooBig};
use offspring_policy::{FileMode, Identity, Part, ProgramRequest, SpawnRequest, StdioRequest};

/// What the kernel takes of arguments and variables together.
pub const TOTAL: usize = 1984 << 10;

/// What a guest could be told is wrong with a request. It is allowed where that is nothing.
pub fn faults(request: &SpawnRequest, world: &World) -> Vec<DenialCode> {
    let mut faults = Vec::new();
    let mut fault = |wrong: bool, code| {
        if wrong {
            faults.push(code);
        }
    };
    for (is_wrong, code) in malformed(request) {
        fault(is_wrong, code);
    }
    for (stream, part) in streams(request) {
        fault(!can_be(stream, part, world), InvalidArgument(part));
        fault(would_write(stream, world), AccessDenied(part));
    }
    let cwd = world.paths().start(request.cwd.as_deref());
    let lost = request.cwd.is_some() && cwd.is_none();
    fault(lost, InvalidArgument(Part::WorkingDirectory));
    let Some(rule) = rule(&request.program, world) else {
        fault(true, AccessDenied(Part::Program));
        return faults;
    };
    let arg0 = request.arg0.as_deref();
    let chosen = arg0.is_some_and(|it| it != rule.name.as_bytes()) && !rule.arg0;
    fault(chosen, AccessDenied(Part::Arguments));
    let shaped = (rule.shape)(&request.args, world, cwd.as_ref());
    fault(!shaped, AccessDenied(Part::Arguments));
    let may_set = |key: &str| rule.allowed.contains(&key);
    let foreign = request.env.iter().any(|(key, _)| !may_set(key));
    fault(foreign, AccessDenied(Part::Environment));
    let who = request.user.is_some() || request.group.is_some() || request.extra_groups.is_some();
    fault(who && !rule.identity, AccessDenied(Part::Identity));
    fault(size(request, rule) > TOTAL, TooBig(Part::Arguments));
    faults
}

/// What the kernel counts: each text has a NUL and a pointer.
pub fn string(bytes: usize) -> usize {
    bytes + 1 + 8
}

/// The standard streams of a request.
pub fn streams(request: &SpawnRequest) -> [(&StdioRequest, Part); 3] {
    [
        (&request.stdin, Part::Stdin),
        (&request.stdout, Part::Stdout),
        (&request.stderr, Part::Stderr),
    ]
}

fn malformed(request: &SpawnRequest) -> Vec<(bool, DenialCode)> {
    let nul = |text: &[u8]| text.contains(&0);
    let texts = || {
        request
            .arg0
            .iter()
            .chain(&request.args)
            .chain(line(request))
    };
    let name = match &request.program {
        ProgramRequest::Named(name) => Some(name),
        ProgramRequest::Shell(_) => None,
    };
    let variables = || request.env.iter();
    let pipes = &request.extra_pipes;
    let bad_pipe = pipes.iter().enumerate().any(|(index, pipe)| {
        let again = pipes[index + 1..].iter().any(|other| other.fd == pipe.fd);
        again || pipe.fd < 3 || pipe.fd > 255
    });
    let groups = request.extra_groups.iter().flatten();
    let mut who = request.user.iter().chain(&request.group).chain(groups);
    let mut found = vec![
        (
            name.is_some_and(|it| it.is_empty() || nul(it.as_bytes())),
            InvalidArgument(Part::Program),
        ),
        (texts().any(|it| nul(it)), InvalidArgument(Part::Arguments)),
        (
            texts().any(|it| it.len() + 1 > 131_072),
            TooBig(Part::Arguments),
        ),
        (request.args.len() > 131_072, TooBig(Part::Arguments)),
        (
            variables()
                .any(|(key, value)| key.is_empty() || key.contains(['=', '\0']) || nul(value)),
            InvalidArgument(Part::Environment),
        ),
        (
            variables().any(|(key, value)| key.len() + value.len() + 2 > 131_072),
            TooBig(Part::Environment),
        ),
        (asked_size(request) > TOTAL, TooBig(Part::Arguments)),
        (bad_pipe, InvalidArgument(Part::ExtraPipe)),
        (pipes.len() > 16, TooBig(Part::ExtraPipe)),
        (
            who.any(|it| matches!(it, Identity::Name(name) if nul(name.as_bytes()))),
            InvalidArgument(Part::Identity),
        ),
    ];
    // A path that holds NUL leads nowhere.
    found.retain(|(wrong, _)| *wrong);
    found
}

/// What was asked for, with each variable as often as it was named.
fn asked_size(request: &SpawnRequest) -> usize {
    let texts = request
        .arg0
        .iter()
        .chain(&request.args)
        .chain(line(request));
    let texts: usize = texts.map(|it| string(it.len())).sum();
    let variables = request.env.iter();
    let variables = variables.map(|(key, value)| string(key.len() + 1 + value.len()));
    texts + variables.sum::<usize>()
}

/// What the program would get.
fn size(request: &SpawnRequest, rule: &Rule) -> usize {
    let arg0 = request.arg0.as_deref().unwrap_or(rule.name.as_bytes());
    let option = line(request).map(|_| string("-c".len()));
    let args = request.args.iter().chain(line(request));
    let args: usize = args.map(|it| string(it.len())).sum();
    let asked = &request.env;
    let last = asked
        .iter()
        .enumerate()
        .filter(|(index, (key, _))| !asked[index + 1..].iter().any(|(other, _)| other == key));
    let asked: usize = last
        .map(|(_, (key, value))| string(key.len() + 1 + value.len()))
        .sum();
    let set = rule.set.iter();
    let set: usize = set
        .map(|(key, value)| string(key.len() + 1 + value.len()))
        .sum();
    string(arg0.len()) + option.unwrap_or(0) + args + asked + set
}

fn line(request: &SpawnRequest) -> Option<&Vec<u8>> {
    match &request.program {
        ProgramRequest::Shell(line) => Some(line),
        ProgramRequest::Named(_) => None,
    }
}

/// Whether a stream can be connected to that.
fn can_be(stream: &StdioRequest, part: Part, world: &World) -> bool {
    let (directory, mode) = match stream {
        StdioRequest::Null | StdioRequest::Pipe | StdioRequest::Inherit => return true,
        StdioRequest::Stdout => return part == Part::Stderr,
        StdioRequest::Joined => return part == Part::Stdin,
        StdioRequest::File { .. } | StdioRequest::OpenFile(_) => file(stream, world),
    };
    let usable = match mode {
        FileMode::ReadWrite => true,
        FileMode::Read => part == Part::Stdin,
        FileMode::Write | FileMode::Truncate | FileMode::Append | FileMode::CreateNew => {
            part != Part::Stdin
        }
    };
    directory.is_some() && usable
}

fn would_write(stream: &StdioRequest, world: &World) -> bool {
    match stream {
        StdioRequest::File { .. } | StdioRequest::OpenFile(_) => {
            let (directory, mode) = file(stream, world);
            let writable = directory.is_none_or(|index| world.directories[index].writable);
            mode != FileMode::Read && !writable
        }
        _ => false,
    }
}

fn file(stream: &StdioRequest, world: &World) -> (Option<usize>, FileMode) {
    match stream {
        StdioRequest::OpenFile(plan) => {
            let there = plan.at.preopen < world.directories.len();
            (there.then_some(plan.at.preopen), plan.mode)
        }
        StdioRequest::File { path, mode, .. } => {
            (world.paths().locate(path).map(|place| place.0), *mode)
        }
        _ => (None, FileMode::Read),
    }
}
