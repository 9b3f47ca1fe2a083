//! The contract's types and this library's, which are the same in both
//! generations but for the module that wit-bindgen puts them in.

/// Convert between `$wit`, the generated `process` module, and the types of this
/// crate, and lower a description to a `command` of `$wit`.
macro_rules! contract {
    ($wit:ident) => {
        use crate::backend::Pipe;
        use crate::command::{Description, Direction, Identity, Program};
        use crate::stdio::Kind;
        use crate::{
            Captured, Communicated, EndCause, Error, ExitStatus, FileMode, IoError, Limit, Part,
            ResourceUsage, Result, Signal, SignalTarget,
        };
        use std::time::Duration;

        crate::contract::same!($wit::Part, Part, from {
            Program, Arguments, Environment, WorkingDirectory, Stdin, Stdout, Stderr, ExtraPipe,
            Session, Umask, Identity, PipeSize, Deadline, Signal, Delivered,
        });
        crate::contract::same!($wit::Limit, Limit, from {
            Children, Spawns, Commands, Descriptors, Memory, SpawnRate, Host, Drain,
        });
        crate::contract::same!($wit::IoError, IoError, from {
            Again, BadExecutable, Busy, Exists, FileTooLarge, Io, IsDirectory, Loop, NameTooLong,
            NoMemory, NoSpace, NotDirectory, ReadOnly, Other,
        });
        crate::contract::same!($wit::EndCause, EndCause, from {
            Deadline, Idle, OutputLimit, CpuLimit, FileSizeLimit, OwnerGone, Shutdown,
            SandboxLost,
        });
        crate::contract::same!($wit::FileMode, FileMode, into {
            Read, Write, Truncate, Append, CreateNew, ReadWrite,
        });
        crate::contract::same!($wit::SignalTarget, SignalTarget, into { Process, ProcessGroup, });
        crate::contract::same!($wit::Direction, Direction, into { ToChild, FromChild, });

        impl From<$wit::ErrorCode> for Error {
            fn from(from: $wit::ErrorCode) -> Error {
                match from {
                    $wit::ErrorCode::AccessDenied(part) => Error::AccessDenied(part.into()),
                    $wit::ErrorCode::NotFound(part) => Error::NotFound(part.into()),
                    $wit::ErrorCode::InvalidArgument(part) => Error::InvalidArgument(part.into()),
                    $wit::ErrorCode::TooBig(part) => Error::TooBig(part.into()),
                    $wit::ErrorCode::LimitReached(limit) => Error::LimitReached(limit.into()),
                    $wit::ErrorCode::ProgramChanged => Error::ProgramChanged,
                    $wit::ErrorCode::SandboxUnavailable => Error::SandboxUnavailable,
                    $wit::ErrorCode::ShuttingDown => Error::ShuttingDown,
                    $wit::ErrorCode::AlreadyExited => Error::AlreadyExited,
                    $wit::ErrorCode::BrokenPipe => Error::BrokenPipe,
                    $wit::ErrorCode::Unsupported(part) => Error::Unsupported(part.into()),
                    $wit::ErrorCode::Io(error) => Error::Io(error.into()),
                }
            }
        }

        crate::contract::signals!($wit, {
            Hup, Int, Quit, Ill, Trap, Abrt, Bus, Fpe, Kill, Usr1, Segv, Usr2, Pipe, Alrm, Term,
            Stkflt, Chld, Cont, Stop, Tstp, Ttin, Ttou, Urg, Xcpu, Xfsz, Vtalrm, Prof, Winch, Io,
            Pwr, Sys,
        });

        impl From<$wit::Exit> for ExitStatus {
            fn from(from: $wit::Exit) -> ExitStatus {
                let status = match from.status {
                    $wit::ExitStatus::Exited(code) => ExitStatus::from_code(code),
                    $wit::ExitStatus::Signaled(end) => {
                        ExitStatus::signaled(end.signal.into(), end.core_dumped)
                    }
                };
                status.told(from.cause.map(Into::into), from.usage.into())
            }
        }

        impl From<$wit::ResourceUsage> for ResourceUsage {
            fn from(from: $wit::ResourceUsage) -> ResourceUsage {
                ResourceUsage {
                    user_time: Duration::from_nanos(from.user_time),
                    system_time: Duration::from_nanos(from.system_time),
                    wall_time: Duration::from_nanos(from.wall_time),
                    peak_memory: from.peak_memory,
                    stdin_bytes: from.stdin_bytes,
                    stdout_bytes: from.stdout_bytes,
                    stderr_bytes: from.stderr_bytes,
                    extra_bytes: from.extra_bytes,
                }
            }
        }

        /// A time in the contract's nanoseconds, or the longest that they can say.
        fn nanoseconds(time: Duration) -> u64 {
            u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
        }

        impl From<$wit::Captured> for Captured {
            fn from(from: $wit::Captured) -> Captured {
                Captured { data: from.data, truncated: from.truncated }
            }
        }

        impl From<$wit::Output> for Communicated {
            fn from(from: $wit::Output) -> Communicated {
                Communicated {
                    status: from.exit.into(),
                    stdout: from.stdout.map(Into::into),
                    stderr: from.stderr.map(Into::into),
                }
            }
        }

        impl From<Identity> for $wit::Identity {
            fn from(from: Identity) -> $wit::Identity {
                match from {
                    Identity::Id(id) => $wit::Identity::Id(id),
                    Identity::Name(name) => $wit::Identity::Name(name),
                }
            }
        }

        /// Make the contract's command of a description.
        pub(super) fn lower(description: Description<Own>) -> Result<$wit::Command> {
            let Description { program, settings, stdin, stdout, stderr } = description;
            if let Some(part) = settings.malformed {
                return Err(Error::InvalidArgument(part));
            }
            let command = match program {
                Program::Named(name) => $wit::Command::new(&name),
                Program::Shell(line, make) => make(&line),
            };
            if !settings.args.is_empty() {
                command.args(&settings.args);
            }
            if let Some(arg0) = &settings.arg0 {
                command.arg0(arg0);
            }
            if !settings.env.is_empty() {
                command.env(&settings.env);
            }
            if let Some(cwd) = &settings.cwd {
                command.cwd(cwd);
            }
            for (fd, direction) in settings.extra_pipes {
                command.extra_pipe(fd, direction.into());
            }
            if let Some(size) = settings.pipe_size {
                command.pipe_size(size);
            }
            if let Some(after) = settings.deadline {
                command.deadline(nanoseconds(after));
            }
            if let Some(after) = settings.idle_deadline {
                command.idle_deadline(nanoseconds(after));
            }
            if let Some(time) = settings.drain {
                command.drain(nanoseconds(time));
            }
            if settings.new_session {
                command.new_session();
            }
            if let Some(mask) = settings.umask {
                command.umask(mask);
            }
            if let Some(user) = settings.user {
                command.user(&user.into());
            }
            if let Some(group) = settings.group {
                command.group(&group.into());
            }
            if let Some(groups) = settings.groups {
                let groups: Vec<_> = groups.into_iter().map(Into::into).collect();
                command.extra_groups(&groups);
            }
            lower_stdio(stdin, Part::Stdin, |it| command.stdin(it))?;
            lower_stdio(stdout, Part::Stdout, |it| command.stdout(it))?;
            lower_stdio(stderr, Part::Stderr, |it| command.stderr(it))?;
            Ok(command)
        }

        /// Say what a standard stream is.
        fn lower_stdio(kind: Kind<Own>, part: Part, set: impl Fn(&$wit::Stdio)) -> Result<()> {
            match kind {
                Kind::Null => {}
                Kind::Pipe => set(&$wit::Stdio::Pipe),
                Kind::Inherit => set(&$wit::Stdio::Inherit),
                Kind::Stdout => set(&$wit::Stdio::Stdout),
                Kind::File { path, mode, offset } => {
                    let path = path.to_str().ok_or(Error::InvalidArgument(part))?.to_owned();
                    set(&$wit::Stdio::File($wit::File { path, mode: mode.into(), offset }));
                }
                Kind::Child(joined) => {
                    let stream = match joined.pipe {
                        Pipe::Stdout => $wit::OutputStreamName::Stdout,
                        Pipe::Stderr => $wit::OutputStreamName::Stderr,
                        Pipe::Stdin | Pipe::Extra(_) => return Err(Error::InvalidArgument(part)),
                    };
                    let child = joined.handle.child().ok_or(Error::InvalidArgument(part))?;
                    set(&$wit::Stdio::Child($wit::ChildOutput { child: &child, stream }));
                }
                Kind::Spent => return Err(Error::InvalidArgument(part)),
            }
            Ok(())
        }
    };
}

/// Convert an enumeration whose cases have the same names on both sides.
macro_rules! same {
    ($wit:path, $own:ident, from { $($case:ident,)* }) => {
        impl From<$wit> for $own {
            fn from(from: $wit) -> $own {
                match from { $(<$wit>::$case => $own::$case,)* }
            }
        }
    };
    ($wit:path, $own:ident, into { $($case:ident,)* }) => {
        impl From<$own> for $wit {
            fn from(from: $own) -> $wit {
                match from { $($own::$case => <$wit>::$case,)* }
            }
        }
    };
}

/// Convert signals in both directions.
macro_rules! signals {
    ($wit:ident, { $($case:ident,)* }) => {
        impl From<$wit::Signal> for Signal {
            fn from(from: $wit::Signal) -> Signal {
                match from {
                    $($wit::Signal::$case => Signal::$case,)*
                    $wit::Signal::Realtime(n) => Signal::Realtime(n),
                }
            }
        }

        impl From<Signal> for $wit::Signal {
            fn from(from: Signal) -> $wit::Signal {
                match from {
                    $(Signal::$case => $wit::Signal::$case,)*
                    Signal::Realtime(n) => $wit::Signal::Realtime(n),
                }
            }
        }
    };
}

pub(crate) use {contract, same, signals};
