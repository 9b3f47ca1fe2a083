//! Plans as words for a warden, and its refusals as errors for the guest.

use super::wire::{self, Failure, Spawn, Step, Stream};
use crate::error::{ErrorCode, Part};
use crate::launch::{ChildStream, ChildStreams};
use nix::errno::Errno;
use offspring_policy::{
    ChildLimits, FileMode, FilePlan, Identity, PinnedProgram, ProgramIdentity, SpawnPlan,
};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

/// What a child is given beside the words, in their order.
pub(super) type Descriptors = Vec<OwnedFd>;

/// Refuse what a warden cannot do: be another user than it is.
pub(super) fn supported(plan: &SpawnPlan) -> Result<(), ErrorCode> {
    let special = plan.special();
    let same = |asked: &Option<Identity>, own: fn() -> u32| match asked {
        None => true,
        Some(Identity::Id(id)) => *id == own(),
        // Names are the host's, and a world has none of them.
        Some(Identity::Name(_)) => false,
    };
    let groups = match &special.extra_groups {
        None => true,
        Some(groups) => groups.is_empty() && has_no_groups(),
    };
    if same(&special.user, || rustix::process::geteuid().as_raw())
        && same(&special.group, || rustix::process::getegid().as_raw())
        && groups
    {
        Ok(())
    } else {
        Err(ErrorCode::Unsupported(Part::Identity))
    }
}

/// A warden gives its groups up where it may, which the superuser may.
fn has_no_groups() -> bool {
    rustix::process::geteuid().is_root()
        || rustix::process::getgroups().is_ok_and(|groups| groups.is_empty())
}

/// The request for a plan. The child's number is set when it is sent.
pub(super) fn spawn(
    plan: &SpawnPlan,
    streams: ChildStreams,
) -> Result<(Spawn, Descriptors), ErrorCode> {
    let mut descriptors = Vec::new();
    let ChildStreams {
        stdin,
        stdout,
        stderr,
        extra,
    } = streams;
    let stdio = [
        stream(stdin, &mut descriptors, Part::Stdin)?,
        stream(stdout, &mut descriptors, Part::Stdout)?,
        stream(stderr, &mut descriptors, Part::Stderr)?,
    ];
    let mut numbers = Vec::new();
    for (number, descriptor) in extra {
        let invalid = |_| ErrorCode::InvalidArgument(Part::ExtraPipe);
        numbers.push(i32::try_from(number).map_err(invalid)?);
        descriptors.push(descriptor);
    }
    let (program, script, args) = program(plan);
    let cwd = plan.cwd().map(|at| {
        let preopen = u32::try_from(at.preopen).map_err(|_| Part::WorkingDirectory);
        preopen.map(|preopen| (preopen, at.path.clone().into_bytes()))
    });
    let special = plan.special();
    let spawn = Spawn {
        child: 0,
        program,
        script,
        args,
        env: plan
            .env()
            .iter()
            .map(|(key, value)| [key.as_bytes(), b"=", value].concat())
            .collect(),
        cwd: cwd.transpose().map_err(ErrorCode::InvalidArgument)?,
        stdio,
        extra: numbers,
        session: special.new_session,
        umask: special.umask,
        limits: limits(plan.limits()),
    };
    Ok((spawn, descriptors))
}

/// What each of its processes may use. A second is the unit of the system's bound on time.
fn limits(limits: &ChildLimits) -> wire::Limits {
    let seconds = |time: Duration| time.as_nanos().div_ceil(1_000_000_000);
    wire::Limits {
        cpu: limits
            .cpu
            .map(|time| u64::try_from(seconds(time)).unwrap_or(u64::MAX)),
        memory: limits.memory,
        file_size: limits.file_size,
        open_files: limits.open_files,
    }
}

/// What is executed, which script it runs, and all arguments.
fn program(plan: &SpawnPlan) -> (wire::Pinned, Option<wire::Pinned>, Vec<Vec<u8>>) {
    let PinnedProgram {
        path,
        identity,
        interpreter,
    } = plan.program();
    let file = pinned(path, identity);
    let rest = plan.args().iter().cloned();
    match interpreter {
        None => {
            let args = std::iter::once(plan.arg0().to_vec()).chain(rest);
            (file, None, args.collect())
        }
        Some(interpreter) => {
            // As the kernel would, see execve(2), "Interpreter scripts".
            let args = std::iter::once(interpreter.path.as_os_str().as_bytes().to_vec())
                .chain(interpreter.args.iter().cloned())
                .chain([path.as_os_str().as_bytes().to_vec()])
                .chain(rest);
            let program = pinned(&interpreter.path, &interpreter.identity);
            (program, Some(file), args.collect())
        }
    }
}

fn pinned(path: &Path, identity: &ProgramIdentity) -> wire::Pinned {
    let modified = match identity.modified.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_nanos().cast_signed(),
        Err(before) => -before.duration().as_nanos().cast_signed(),
    };
    wire::Pinned {
        path: path.as_os_str().as_bytes().to_vec(),
        file: (identity.device, identity.inode),
        size: identity.size,
        modified,
        changed: identity.changed,
    }
}

fn stream(
    stream: ChildStream,
    descriptors: &mut Descriptors,
    part: Part,
) -> Result<Stream, ErrorCode> {
    Ok(match stream {
        ChildStream::Null => Stream::Null,
        ChildStream::Pipe(end) => {
            descriptors.push(end);
            Stream::Descriptor
        }
        ChildStream::File(file) => words(&file, part)?,
        ChildStream::Stdout => Stream::Stdout,
    })
}

fn words(file: &FilePlan, part: Part) -> Result<Stream, ErrorCode> {
    let directory = u32::try_from(file.at.preopen).map_err(|_| ErrorCode::InvalidArgument(part))?;
    Ok(Stream::File {
        directory,
        path: file.at.path.clone().into_bytes(),
        flags: flags(file),
        offset: file.offset,
        seen: file.seen.map(|seen| (seen.device, seen.inode)),
    })
}

fn flags(file: &FilePlan) -> i32 {
    use rustix::fs::OFlags;
    let mut flags = match file.mode {
        FileMode::Read => OFlags::RDONLY,
        FileMode::Write => OFlags::WRONLY,
        FileMode::Truncate => OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC,
        FileMode::Append => OFlags::WRONLY | OFlags::CREATE | OFlags::APPEND,
        FileMode::CreateNew => OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL,
        FileMode::ReadWrite => OFlags::RDWR,
    };
    if file.seen.is_some() {
        flags.remove(OFlags::CREATE);
    }
    flags.bits().cast_signed()
}

/// What a refusal means to the guest.
pub(super) fn error(failure: &Failure) -> ErrorCode {
    let system = io::Error::from_raw_os_error(failure.errno);
    let of = |part| ErrorCode::of_part(&system, part);
    match failure.step {
        Step::Stdin => of(Part::Stdin),
        Step::Stdout => of(Part::Stdout),
        Step::Stderr => of(Part::Stderr),
        Step::Cwd => of(Part::WorkingDirectory),
        Step::Program if Errno::from_raw(failure.errno) == Errno::ESTALE => {
            ErrorCode::ProgramChanged
        }
        Step::Program => of(Part::Program),
        Step::Execute => match of(Part::Program) {
            // Only arguments and environment can be too big (execve(2), E2BIG).
            ErrorCode::TooBig(_) => ErrorCode::TooBig(Part::Arguments),
            code => code,
        },
        Step::Prepare => system.into(),
        _ => ErrorCode::SandboxUnavailable,
    }
}
