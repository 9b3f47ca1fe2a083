//! Between the WIT types of the two generations and the types of the host.
//!
//! The generations have the same types under different names, so one macro writes the conversions
//! for both. Every match is exhaustive and without a wildcard: a case that is added to the
//! contract does not compile until it is converted here.

mod methods;

/// Write the conversions for the bindings of one generation, in whose module it stands.
macro_rules! conversions {
    ($wit:path) => {
        use $wit as wit;

        $crate::convert::same_cases! { $crate::error::Part => wit::Part:
            Program, Arguments, Environment, WorkingDirectory, Stdin, Stdout, Stderr, ExtraPipe,
            Session, Umask, Identity, PipeSize, Deadline, Signal,
        }

        $crate::convert::same_cases! { $crate::error::Limit => wit::Limit:
            Children, Spawns, Commands, Descriptors, Memory, SpawnRate, Host, Drain,
        }

        $crate::convert::same_cases! { $crate::error::IoError => wit::IoError:
            Again, BadExecutable, Busy, Exists, FileTooLarge, Io, IsDirectory, Loop, NameTooLong,
            NoMemory, NoSpace, NotDirectory, ReadOnly, Other,
        }

        $crate::convert::same_cases! { $crate::child::EndCause => wit::EndCause:
            Deadline, Idle, OutputLimit, CpuLimit, FileSizeLimit, OwnerGone, Shutdown,
            SandboxLost,
        }

        $crate::convert::same_cases! { wit::SignalTarget => $crate::launch::SignalTarget:
            Process, ProcessGroup,
        }

        $crate::convert::same_cases! { wit::FileMode => offspring_policy::FileMode:
            Read, Write, Truncate, Append, CreateNew, ReadWrite,
        }

        impl From<$crate::error::ErrorCode> for wit::ErrorCode {
            fn from(code: $crate::error::ErrorCode) -> Self {
                use $crate::error::ErrorCode;
                match code {
                    ErrorCode::AccessDenied(part) => Self::AccessDenied(part.into()),
                    ErrorCode::NotFound(part) => Self::NotFound(part.into()),
                    ErrorCode::InvalidArgument(part) => Self::InvalidArgument(part.into()),
                    ErrorCode::Delivered => Self::InvalidArgument(wit::Part::Delivered),
                    ErrorCode::TooBig(part) => Self::TooBig(part.into()),
                    ErrorCode::LimitReached(limit) => Self::LimitReached(limit.into()),
                    ErrorCode::ProgramChanged => Self::ProgramChanged,
                    ErrorCode::SandboxUnavailable => Self::SandboxUnavailable,
                    ErrorCode::ShuttingDown => Self::ShuttingDown,
                    ErrorCode::AlreadyExited => Self::AlreadyExited,
                    ErrorCode::BrokenPipe => Self::BrokenPipe,
                    ErrorCode::Unsupported(part) => Self::Unsupported(part.into()),
                    ErrorCode::Io(error) => Self::Io(error.into()),
                }
            }
        }

        $crate::convert::signals! {
            Hup, Int, Quit, Ill, Trap, Abrt, Bus, Fpe, Kill, Usr1, Segv, Usr2, Pipe, Alrm, Term,
            Stkflt, Chld, Cont, Stop, Tstp, Ttin, Ttou, Urg, Xcpu, Xfsz, Vtalrm, Prof, Winch, Io,
            Pwr, Sys,
        }

        impl From<$crate::child::Exit> for wit::Exit {
            fn from(exit: $crate::child::Exit) -> Self {
                use $crate::child::ExitStatus;
                let status = match exit.status {
                    ExitStatus::Exited(code) => wit::ExitStatus::Exited(code),
                    ExitStatus::Signaled {
                        signal,
                        core_dumped,
                    } => {
                        let signal = signal.into();
                        wit::ExitStatus::Signaled(wit::Termination {
                            signal,
                            core_dumped,
                        })
                    }
                };
                let cause = exit.cause.map(Into::into);
                let usage = exit.usage.into();
                Self {
                    status,
                    cause,
                    usage,
                }
            }
        }

        impl From<$crate::child::ResourceUsage> for wit::ResourceUsage {
            fn from(usage: $crate::child::ResourceUsage) -> Self {
                // Half a millennium is as long as can be told.
                let nanoseconds =
                    |time: std::time::Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
                let $crate::child::ResourceUsage {
                    process,
                    wall,
                    carried,
                } = usage;
                Self {
                    user_time: nanoseconds(process.user),
                    system_time: nanoseconds(process.system),
                    peak_memory: process.peak_memory,
                    wall_time: nanoseconds(wall),
                    stdin_bytes: carried.stdin,
                    stdout_bytes: carried.stdout,
                    stderr_bytes: carried.stderr,
                    extra_bytes: carried.extra,
                }
            }
        }

        impl From<$crate::child::Output> for wit::Output {
            fn from(output: $crate::child::Output) -> Self {
                let captured = |captured: $crate::child::Captured| wit::Captured {
                    data: captured.data,
                    truncated: captured.truncated,
                };
                Self {
                    stdout: output.stdout.map(captured),
                    stderr: output.stderr.map(captured),
                    exit: output.exit.into(),
                }
            }
        }

        impl From<wit::Identity> for offspring_policy::Identity {
            fn from(identity: wit::Identity) -> Self {
                match identity {
                    wit::Identity::Id(id) => Self::Id(id),
                    wit::Identity::Name(name) => Self::Name(name),
                }
            }
        }

        impl From<wit::Stdio> for $crate::command::Stdio {
            fn from(stdio: wit::Stdio) -> Self {
                match stdio {
                    wit::Stdio::Null => Self::Null,
                    wit::Stdio::Pipe => Self::Pipe,
                    wit::Stdio::Inherit => Self::Inherit,
                    wit::Stdio::Stdout => Self::Stdout,
                    wit::Stdio::File(wit::File { path, mode, offset }) => Self::File {
                        path,
                        mode: mode.into(),
                        offset,
                    },
                    wit::Stdio::OpenFile(wit::OpenFile {
                        descriptor,
                        offset,
                        append,
                    }) => Self::OpenFile {
                        descriptor,
                        offset,
                        append,
                    },
                    wit::Stdio::Child(wit::ChildOutput { child, stream }) => match stream {
                        wit::OutputStreamName::Stdout => Self::ChildStdout(child),
                        wit::OutputStreamName::Stderr => Self::ChildStderr(child),
                    },
                }
            }
        }
    };
}

/// Write the conversion of an enum to another one that has the same cases.
macro_rules! same_cases {
    ($from:path => $to:path: $($case:ident,)*) => {
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                use $from as From;
                match value {
                    $(From::$case => Self::$case,)*
                }
            }
        }
    };
}

/// Write the conversions of signals, both ways.
macro_rules! signals {
    ($($name:ident,)*) => {
        impl From<offspring_policy::Signal> for wit::Signal {
            fn from(signal: offspring_policy::Signal) -> Self {
                use offspring_policy::Signal;
                match signal {
                    $(Signal::$name => Self::$name,)*
                    Signal::Realtime(number) => Self::Realtime(number),
                }
            }
        }

        impl From<wit::Signal> for offspring_policy::Signal {
            fn from(signal: wit::Signal) -> Self {
                match signal {
                    $(wit::Signal::$name => Self::$name,)*
                    wit::Signal::Realtime(number) => Self::Realtime(number),
                }
            }
        }
    };
}

pub(crate) use methods::{child_methods, command_host};
pub(crate) use {conversions, same_cases, signals};
