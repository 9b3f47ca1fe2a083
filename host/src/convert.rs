//! Between the WIT types of the two generations and the types of the host.
//!
//! The generations have the same types under different names, so one macro writes the conversions
//! for both. Every match is exhaustive and without a wildcard: a case that is added to the
//! contract does not compile until it is converted here.

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
            NoMemory, NoSpace, NotDirectory, ReadOnly, TooManyFiles, Other,
        }

        $crate::convert::same_cases! { $crate::child::EndCause => wit::EndCause:
            Deadline, Idle, OutputLimit, CpuLimit, FileSizeLimit, OwnerGone, Shutdown,
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

/// Write the host's side of `command` and of those methods of `child` that are the same in both
/// generations.
macro_rules! command_host {
    ($process:path, $shell:path) => {
        use $process as process;
        use $shell as shell;

        impl shell::Host for ProcessCtxView<'_> {
            fn shell_command(&mut self, line: Vec<u8>) -> wasmtime::Result<Resource<Command>> {
                self.new_command(offspring_policy::ProgramRequest::Shell(line))
            }
        }

        impl process::HostCommand for ProcessCtxView<'_> {
            fn new(&mut self, program: String) -> wasmtime::Result<Resource<Command>> {
                self.new_command(offspring_policy::ProgramRequest::Named(program))
            }

            fn args(
                &mut self,
                this: Resource<Command>,
                args: Vec<Vec<u8>>,
            ) -> wasmtime::Result<()> {
                self.table.get_mut(&this)?.args(args);
                Ok(())
            }

            fn arg0(&mut self, this: Resource<Command>, arg0: Vec<u8>) -> wasmtime::Result<()> {
                self.table.get_mut(&this)?.arg0(arg0);
                Ok(())
            }

            fn env(
                &mut self,
                this: Resource<Command>,
                env: Vec<(String, Vec<u8>)>,
            ) -> wasmtime::Result<()> {
                self.table.get_mut(&this)?.env(env);
                Ok(())
            }

            fn cwd(&mut self, this: Resource<Command>, path: String) -> wasmtime::Result<()> {
                self.table.get_mut(&this)?.cwd(path);
                Ok(())
            }

            fn stdin(
                &mut self,
                this: Resource<Command>,
                stdio: process::Stdio,
            ) -> wasmtime::Result<()> {
                self.set_stdio(&this, Part::Stdin, stdio.into())
            }

            fn stdout(
                &mut self,
                this: Resource<Command>,
                stdio: process::Stdio,
            ) -> wasmtime::Result<()> {
                self.set_stdio(&this, Part::Stdout, stdio.into())
            }

            fn stderr(
                &mut self,
                this: Resource<Command>,
                stdio: process::Stdio,
            ) -> wasmtime::Result<()> {
                self.set_stdio(&this, Part::Stderr, stdio.into())
            }

            fn extra_pipe(
                &mut self,
                this: Resource<Command>,
                fd: u32,
                direction: process::Direction,
            ) -> wasmtime::Result<()> {
                let from_child = match direction {
                    process::Direction::ToChild => false,
                    process::Direction::FromChild => true,
                };
                self.table
                    .get_mut(&this)?
                    .extra_pipe(offspring_policy::ExtraPipe { fd, from_child });
                Ok(())
            }

            fn pipe_size(&mut self, this: Resource<Command>, size: u32) -> wasmtime::Result<()> {
                self.table.get_mut(&this)?.request.pipe_size = Some(size);
                Ok(())
            }

            fn deadline(&mut self, this: Resource<Command>, after: u64) -> wasmtime::Result<()> {
                let after = std::time::Duration::from_nanos(after);
                self.table.get_mut(&this)?.request.deadline = Some(after);
                Ok(())
            }

            fn idle_deadline(
                &mut self,
                this: Resource<Command>,
                after: u64,
            ) -> wasmtime::Result<()> {
                let after = std::time::Duration::from_nanos(after);
                self.table.get_mut(&this)?.request.idle = Some(after);
                Ok(())
            }

            fn drain(&mut self, this: Resource<Command>, time: u64) -> wasmtime::Result<()> {
                let time = std::time::Duration::from_nanos(time);
                self.table.get_mut(&this)?.request.drain = Some(time);
                Ok(())
            }

            fn new_session(&mut self, this: Resource<Command>) -> wasmtime::Result<()> {
                self.table.get_mut(&this)?.request.new_session = true;
                Ok(())
            }

            fn umask(&mut self, this: Resource<Command>, mask: u32) -> wasmtime::Result<()> {
                self.table.get_mut(&this)?.request.umask = Some(mask);
                Ok(())
            }

            fn user(
                &mut self,
                this: Resource<Command>,
                user: process::Identity,
            ) -> wasmtime::Result<()> {
                self.table.get_mut(&this)?.user(user.into());
                Ok(())
            }

            fn group(
                &mut self,
                this: Resource<Command>,
                group: process::Identity,
            ) -> wasmtime::Result<()> {
                self.table.get_mut(&this)?.group(group.into());
                Ok(())
            }

            fn extra_groups(
                &mut self,
                this: Resource<Command>,
                groups: Vec<process::Identity>,
            ) -> wasmtime::Result<()> {
                let groups = groups.into_iter().map(Into::into).collect();
                self.table.get_mut(&this)?.extra_groups(groups);
                Ok(())
            }

            fn drop(&mut self, this: Resource<Command>) -> wasmtime::Result<()> {
                self.table.delete(this)?;
                Ok(())
            }
        }
    };
}

/// Write those methods of `child` that are the same in both generations, inside of its trait.
macro_rules! child_methods {
    ($wit:ident) => {
        fn id(&mut self, this: Resource<Child>) -> wasmtime::Result<u32> {
            Ok(self.table.get(&this)?.id())
        }

        fn try_wait(
            &mut self,
            this: Resource<Child>,
        ) -> wasmtime::Result<Result<Option<$wit::Exit>, $wit::ErrorCode>> {
            let exit = self.table.get(&this)?.try_wait();
            Ok(exit.map(|exit| exit.map(Into::into)).map_err(Into::into))
        }

        fn send_signal(
            &mut self,
            this: Resource<Child>,
            signal: $wit::Signal,
            target: $wit::SignalTarget,
        ) -> wasmtime::Result<Result<(), $wit::ErrorCode>> {
            let sent = self
                .table
                .get(&this)?
                .send_signal(signal.into(), target.into());
            Ok(sent.map_err(Into::into))
        }

        fn terminate(
            &mut self,
            this: Resource<Child>,
        ) -> wasmtime::Result<Result<(), $wit::ErrorCode>> {
            Ok(self.table.get(&this)?.terminate().map_err(Into::into))
        }

        fn kill(&mut self, this: Resource<Child>) -> wasmtime::Result<Result<(), $wit::ErrorCode>> {
            Ok(self.table.get(&this)?.kill().map_err(Into::into))
        }

        fn drop(&mut self, this: Resource<Child>) -> wasmtime::Result<()> {
            self.table.delete(this)?;
            Ok(())
        }
    };
}

pub(crate) use {child_methods, command_host, conversions, same_cases, signals};
