//! The host functions that are the same in both generations, as macros that write them.

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

pub(crate) use {child_methods, command_host};
