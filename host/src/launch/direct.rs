//! The direct launcher: an ordinary child of the host, not confined.

use super::{
    ChildStream, Directories, Launch, Launcher, Launching, Process, SignalTarget, program,
};
use crate::child::ExitStatus;
use crate::error::{ErrorCode, Part};
use nix::sys::signal;
use nix::unistd::Pid;
use offspring_policy::{Confinement, Signal, SpawnPlan};
use rustix::process::{Pid as ProcessId, WaitId, WaitIdOptions, waitid};
use std::ffi::OsStr;
use std::future::Future;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::pin::pin;
use std::process::Stdio;
use std::task::{Context, Poll};
use std::thread;

/// Launches plans whose confinement is `none`, with tokio's command.
///
/// Everything it does stays on `posix_spawn`, which does not grow with the host's memory. What
/// would need code between fork and exec it answers with `unsupported`: a session, a mask, a user
/// or groups, and extra descriptors. Signal dispositions that the host ignores stay ignored in the
/// child, but for `SIGPIPE`, and descriptors that the host left open without close-on-exec are
/// the child's too.
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
        .process_group(0)
        .kill_on_drop(true);
    match &cwd {
        // The directory is entered by descriptor, through the name that the kernel has for it in
        // the child, so that nobody can put another in its place.
        Some(directory) => command.current_dir(format!("/proc/self/fd/{}", directory.as_raw_fd())),
        None => command.current_dir("/"),
    };
    match command.spawn() {
        Ok(child) => Ok(Box::new(DirectProcess {
            id: child.id().unwrap_or_default(),
            child: Some(child),
        })),
        Err(error) => Err(match ErrorCode::of_part(&error, Part::Program) {
            // Only arguments and environment can be too big (execve(2), E2BIG).
            ErrorCode::TooBig(_) => ErrorCode::TooBig(Part::Arguments),
            code => code,
        }),
    }
}

/// The program, or the interpreter of the script, with all arguments.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the door that the rule points to"
)]
fn command(plan: &SpawnPlan) -> tokio::process::Command {
    let program = plan.program();
    let mut command = match &program.interpreter {
        None => {
            let mut command = tokio::process::Command::new(&program.path);
            command.arg0(OsStr::from_bytes(plan.arg0()));
            command
        }
        Some(interpreter) => {
            let mut command = tokio::process::Command::new(&interpreter.path);
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
    child: Option<tokio::process::Child>,
}

impl Drop for DirectProcess {
    fn drop(&mut self) {
        let Some(child) = self.child.take() else {
            return;
        };
        // Nobody has reaped it, so its number, and its group's, are its own.
        let _ = self.send(Signal::Kill, SignalTarget::ProcessGroup);
        let _ = self.send(Signal::Kill, SignalTarget::Process);
        // Tokio reaps a child that it is left with when some runtime of this process next hears of
        // another child, which may be never. So a thread waits until it is dead, and drops it then:
        // that reaps it. Where there can be no thread, tokio is left with it after all.
        let id = ProcessId::from_raw(self.id.cast_signed());
        let reap = move || {
            let dead = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            if let Some(id) = id {
                let _ = waitid(WaitId::Pid(id), dead);
            }
            drop(child);
        };
        let _ = thread::Builder::new().spawn(reap);
    }
}

impl Process for DirectProcess {
    fn id(&self) -> u32 {
        self.id
    }

    fn poll_exit(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<ExitStatus>> {
        let Some(child) = &mut self.child else {
            return Poll::Pending;
        };
        let exit = pin!(child.wait()).poll(cx);
        if exit.is_ready() {
            self.child = None;
        }
        exit.map_ok(Into::into)
    }

    fn signal(&mut self, signal: Signal, target: SignalTarget) -> Result<(), ErrorCode> {
        self.send(signal, target)
    }
}

impl DirectProcess {
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
