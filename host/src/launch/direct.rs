//! The direct launcher: an ordinary child of the host, not confined.

use super::ended::Ended;
use super::{
    ChildStream, Directories, Exited, Launch, Launcher, Launching, Process, SignalTarget, program,
};
use crate::child::Usage;
use crate::error::{ErrorCode, Part};
use nix::sys::signal;
use nix::unistd::Pid;
use offspring_policy::{ChildLimits, Confinement, Signal, SpawnPlan};
use rustix::process::{Pid as ProcessId, Resource, Rlimit, prlimit};
use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::task::{Context, Poll, ready};
use std::thread;
use std::time::Duration;
use wait4::Wait4;

/// Launches plans whose confinement is `none`, with the standard library's command.
///
/// Everything it does stays on `posix_spawn`, which does not grow with the host's memory. What
/// would need code between fork and exec it answers with `unsupported`: a session, a mask, a user
/// or groups, and extra descriptors. Signal dispositions that the host ignores stay ignored in the
/// child, but for `SIGPIPE`, and descriptors that the host left open without close-on-exec are
/// the child's too. What a process may use is set right after the start, so that a child that forks
/// at once can have a descendant without these bounds.
///
/// The tree that is killed is the child and its process group. A descendant that has left the group
/// stays, and so does everything that is still there when the child exits by itself: nothing holds
/// them together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Direct;

impl Launcher for Direct {
    fn launch<'a>(&'a self, launch: Launch<'a>) -> Launching<'a> {
        Box::pin(std::future::ready(start(launch)))
    }
}

fn start(launch: Launch<'_>) -> Result<Box<dyn Process>, ErrorCode> {
    let Launch {
        plan,
        streams,
        directories,
        ..
    } = launch;
    if plan.confinement() != Confinement::None {
        return Err(ErrorCode::SandboxUnavailable);
    }
    supported(plan)?;
    program::check(plan.program())?;
    let cwd = plan.cwd().map(|at| directories.open_cwd(at)).transpose()?;
    let stdin = open(streams.stdin, directories, Part::Stdin)?;
    let stdout = open(streams.stdout, directories, Part::Stdout)?;
    let stderr = match streams.stderr {
        ChildStream::Stdout => again(stdout.as_ref())?,
        stream => open(stream, directories, Part::Stderr)?,
    };

    let mut command = command(plan);
    command
        .env_clear()
        .envs(
            plan.env()
                .iter()
                .map(|(key, value)| (key, OsStr::from_bytes(value))),
        )
        .stdin(stdio(stdin))
        .stdout(stdio(stdout))
        .stderr(stdio(stderr))
        .process_group(0);
    match &cwd {
        // The directory is entered by descriptor, through the name that the kernel has for it in
        // the child, so that nobody can put another in its place.
        Some(directory) => command.current_dir(format!("/proc/self/fd/{}", directory.as_raw_fd())),
        None => command.current_dir("/"),
    };
    let child = command.spawn().map_err(|error| {
        match ErrorCode::of_part(&error, Part::Program) {
            // Only arguments and environment can be too big (execve(2), E2BIG).
            ErrorCode::TooBig(_) => ErrorCode::TooBig(Part::Arguments),
            code => code,
        }
    })?;
    // From here on dropping it kills it.
    let mut process = DirectProcess {
        id: child.id(),
        child: Some(child),
        ended: None,
    };
    let id = process.pid().ok_or(ErrorCode::AlreadyExited)?;
    limit(id, plan.limits())?;
    process.ended = Some(Ended::of(id)?);
    Ok(Box::new(process))
}

/// Set what a process may use.
fn limit(id: ProcessId, limits: &ChildLimits) -> io::Result<()> {
    let seconds = |time: Duration| {
        let seconds = time.as_nanos().div_ceil(1_000_000_000);
        u64::try_from(seconds).unwrap_or(u64::MAX)
    };
    let bounds = [
        // The signal that can be told from others comes first.
        (Resource::Cpu, limits.cpu.map(seconds), 1),
        (Resource::As, limits.memory, 0),
        (Resource::Fsize, limits.file_size, 0),
        (Resource::Nofile, limits.open_files, 0),
    ];
    for (resource, bound, more) in bounds {
        let Some(bound) = bound else { continue };
        let limit = |bound| Rlimit {
            current: Some(bound),
            maximum: Some(bound.saturating_add(more)),
        };
        let most = rustix::process::getrlimit(resource).maximum;
        prlimit(
            Some(id),
            resource,
            limit(most.map_or(bound, |most| bound.min(most))),
        )?;
    }
    Ok(())
}

/// The program, or the interpreter of the script, with all arguments.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the door that the rule points to"
)]
fn command(plan: &SpawnPlan) -> Command {
    let program = plan.program();
    let mut command = match &program.interpreter {
        None => {
            let mut command = Command::new(&program.path);
            command.arg0(OsStr::from_bytes(plan.arg0()));
            command
        }
        Some(interpreter) => {
            let mut command = Command::new(&interpreter.path);
            command.args(interpreter.args.iter().map(|arg| OsStr::from_bytes(arg)));
            command.arg(&program.path);
            command
        }
    };
    command.args(plan.args().iter().map(|arg| OsStr::from_bytes(arg)));
    command
}

fn supported(plan: &SpawnPlan) -> Result<(), ErrorCode> {
    let special = plan.special();
    let refused = [
        (special.new_session, Part::Session),
        (special.umask.is_some(), Part::Umask),
        (
            special.user.is_some() || special.group.is_some() || special.extra_groups.is_some(),
            Part::Identity,
        ),
        (!special.extra_pipes.is_empty(), Part::ExtraPipe),
    ];
    match refused.into_iter().find(|(asked, _)| *asked) {
        Some((_, part)) => Err(ErrorCode::Unsupported(part)),
        None => Ok(()),
    }
}

/// The descriptor for a stream, which `part` tells; `None` is the null device.
fn open(
    stream: ChildStream,
    directories: &Directories,
    part: Part,
) -> Result<Option<OwnedFd>, ErrorCode> {
    match stream {
        ChildStream::Null => Ok(None),
        ChildStream::Pipe(end) => Ok(Some(end)),
        ChildStream::File(file) => Ok(Some(directories.open_file(&file, part)?.into())),
        ChildStream::Stdout => Err(ErrorCode::InvalidArgument(part)),
    }
}

/// Standard output once more, as standard error.
fn again(stdout: Option<&OwnedFd>) -> Result<Option<OwnedFd>, ErrorCode> {
    let again = stdout.map(OwnedFd::try_clone).transpose();
    again.map_err(|error| ErrorCode::of_part(&error, Part::Stderr))
}

fn stdio(stream: Option<OwnedFd>) -> Stdio {
    stream.map_or_else(Stdio::null, Stdio::from)
}

struct DirectProcess {
    id: u32,
    /// Until it is reaped.
    child: Option<Child>,
    ended: Option<Ended>,
}

impl Drop for DirectProcess {
    fn drop(&mut self) {
        self.kill_tree();
        let Some(child) = self.child.take() else {
            return;
        };
        // A runtime's thread must not wait until it is dead.
        let reap = move || {
            let _ = child.wait4();
        };
        let _ = thread::Builder::new().spawn(reap);
    }
}

impl Process for DirectProcess {
    fn id(&self) -> u32 {
        self.id
    }

    fn poll_exit(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Exited>> {
        let (Some(child), Some(ended)) = (&mut self.child, &mut self.ended) else {
            return Poll::Pending;
        };
        ready!(ended.poll(cx))?;
        let reaped = child.try_wait4();
        // Whatever came of it, there is nothing to reap any more.
        self.child = None;
        self.ended = None;
        Poll::Ready(reaped.and_then(|reaped| {
            let reaped = reaped.ok_or(io::ErrorKind::Interrupted)?;
            let usage = Usage {
                user: reaped.rusage.utime,
                system: reaped.rusage.stime,
                peak_memory: reaped.rusage.maxrss,
            };
            Ok(Exited::new(reaped.status.into(), usage))
        }))
    }

    fn signal(&mut self, signal: Signal, target: SignalTarget) -> Result<(), ErrorCode> {
        self.send(signal, target)
    }

    fn kill_tree(&mut self) {
        // Nobody has reaped it, so its number, and its group's, are its own. It may have left its
        // group (setpgid(2)).
        if self.child.is_some() {
            let _ = self.send(Signal::Kill, SignalTarget::ProcessGroup);
            let _ = self.send(Signal::Kill, SignalTarget::Process);
        }
    }
}

impl DirectProcess {
    fn pid(&self) -> Option<ProcessId> {
        ProcessId::from_raw(self.id.cast_signed())
    }

    fn send(&self, signal: Signal, target: SignalTarget) -> Result<(), ErrorCode> {
        // Real-time signals have no name in nix, and no safe function sends a bare number.
        let signal = signal::Signal::try_from(signal.number())
            .map_err(|_| ErrorCode::Unsupported(Part::Signal))?;
        let leader = Pid::from_raw(self.id.cast_signed());
        let sent = match target {
            SignalTarget::Process => signal::kill(leader, signal),
            SignalTarget::ProcessGroup => signal::killpg(leader, signal),
        };
        sent.map_err(|error| io::Error::from(error).into())
    }
}
