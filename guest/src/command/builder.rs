//! The builder.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use super::description::{Description, Direction, Identity, Program, Settings};
use crate::backend::{Asynchronous, Backend, Generation};
use crate::child::Child;
use crate::stdio::{Kind, Stdio};
use crate::{ExitStatus, OsBytes, Output, Part, Result};

/// A program to run, and how. It is [`std::process::Command`] in shape, with
/// these differences, which come from the guest having no authority of its own:
///
/// - the program is a name that the operator's policy gives, never a path;
/// - the environment is empty but for what is set here and by the policy;
/// - a standard stream that is not set is null, not inherited;
/// - dropping the child ends it; see [`Child`].
///
/// Nothing is checked before it is spawned; then the first problem is the error.
pub struct Command<G: Generation> {
    program: Program<G::Backend>,
    settings: Settings,
    stdin: Option<Stdio<G>>,
    stdout: Option<Stdio<G>>,
    stderr: Option<Stdio<G>>,
}

impl<G: Generation> Command<G> {
    /// Run the program that the policy calls `program`, such as `git`.
    pub fn new(program: impl OsBytes) -> Self {
        let (name, malformed) = text(&program, Part::Program);
        let mut command = Command::of(Program::Named(name));
        command.settings.malformed = malformed;
        command
    }

    /// Run a command line with the shell of the operator's choice, as `sh -c`
    /// does. [`quote`](crate::quote) what you put into it.
    ///
    /// This imports `offspring:process/shell`, which an embedder may leave
    /// unlinked.
    pub fn shell(line: impl OsBytes) -> Self {
        Command::of(Program::Shell(line.os_bytes().to_vec(), G::Backend::shell))
    }

    fn of(program: Program<G::Backend>) -> Self {
        Command {
            program,
            settings: Settings::default(),
            stdin: None,
            stdout: None,
            stderr: None,
        }
    }

    /// Add an argument.
    pub fn arg(&mut self, arg: impl OsBytes) -> &mut Self {
        self.settings.args.push(arg.os_bytes().to_vec());
        self
    }

    /// Add arguments.
    pub fn args<I: IntoIterator<Item: OsBytes>>(&mut self, args: I) -> &mut Self {
        self.settings
            .args
            .extend(args.into_iter().map(|it| it.os_bytes().to_vec()));
        self
    }

    /// Set argument 0, which is the program's name otherwise.
    pub fn arg0(&mut self, arg0: impl OsBytes) -> &mut Self {
        self.settings.arg0 = Some(arg0.os_bytes().to_vec());
        self
    }

    /// Set an environment variable.
    pub fn env(&mut self, key: impl OsBytes, value: impl OsBytes) -> &mut Self {
        let (key, malformed) = text(&key, Part::Environment);
        self.settings.malformed = self.settings.malformed.or(malformed);
        self.settings.env.retain(|(it, _)| *it != key);
        self.settings.env.push((key, value.os_bytes().to_vec()));
        self
    }

    /// Set environment variables.
    pub fn envs<K: OsBytes, V: OsBytes>(
        &mut self,
        vars: impl IntoIterator<Item = (K, V)>,
    ) -> &mut Self {
        for (key, value) in vars {
            self.env(key, value);
        }
        self
    }

    /// Set the working directory: a path as the guest itself would open it.
    pub fn current_dir(&mut self, dir: impl AsRef<Path>) -> &mut Self {
        let (dir, malformed) = text(dir.as_ref(), Part::WorkingDirectory);
        self.settings.malformed = self.settings.malformed.or(malformed);
        self.settings.cwd = Some(dir);
        self
    }

    /// Say what standard input is.
    pub fn stdin(&mut self, stdin: impl Into<Stdio<G>>) -> &mut Self {
        self.stdin = Some(stdin.into());
        self
    }

    /// Say what standard output is.
    pub fn stdout(&mut self, stdout: impl Into<Stdio<G>>) -> &mut Self {
        self.stdout = Some(stdout.into());
        self
    }

    /// Say what standard error is.
    pub fn stderr(&mut self, stderr: impl Into<Stdio<G>>) -> &mut Self {
        self.stderr = Some(stderr.into());
        self
    }

    /// Give the child a pipe as descriptor `fd`, which is 3 or more. The guest's
    /// end is [`Child::pipe_reader`] or [`Child::pipe_writer`].
    pub fn extra_pipe(&mut self, fd: u32, direction: Direction) -> &mut Self {
        self.settings.extra_pipes.push((fd, direction));
        self
    }

    /// Ask for pipes of at least this many bytes.
    pub fn pipe_size(&mut self, bytes: u32) -> &mut Self {
        self.settings.pipe_size = Some(bytes);
        self
    }

    /// Have the host end the child, as [dropping](Child#dropping) it does, when
    /// this much time has passed since it was spawned. A shorter deadline in the
    /// policy wins.
    #[doc(alias = "timeout")]
    pub fn deadline(&mut self, after: Duration) -> &mut Self {
        self.settings.deadline = Some(after);
        self
    }

    /// Have the host end the child, likewise, when it has written to none of its
    /// pipes for this long. What waits to be read counts as written just now, so a
    /// guest that reads slowly ends nobody; and a child without a pipe to the guest
    /// is never idle. A shorter time in the policy wins.
    pub fn idle_deadline(&mut self, after: Duration) -> &mut Self {
        self.settings.idle_deadline = Some(after);
        self
    }

    /// Once the child has exited, have the host read on for this long while a
    /// descendant of the child still holds one of its pipes. Then a read fails with
    /// [`Limit::Drain`](crate::Limit::Drain), after everything that was written
    /// until then, and what was collected is truncated. A shorter time in the
    /// policy wins.
    pub fn drain(&mut self, time: Duration) -> &mut Self {
        self.settings.drain = Some(time);
        self
    }

    /// Start a new session (setsid(2)). Every child leads a process group of its
    /// own in any case.
    #[doc(alias = "setsid")]
    pub fn new_session(&mut self) -> &mut Self {
        self.settings.new_session = true;
        self
    }

    /// Set the file mode creation mask (umask(2)).
    pub fn umask(&mut self, mask: u32) -> &mut Self {
        self.settings.umask = Some(mask);
        self
    }

    /// Run as this user, given by number or by name.
    #[doc(alias = "user")]
    pub fn uid(&mut self, user: impl Into<Identity>) -> &mut Self {
        self.settings.user = Some(user.into());
        self
    }

    /// Run as this group, given by number or by name.
    #[doc(alias = "group")]
    pub fn gid(&mut self, group: impl Into<Identity>) -> &mut Self {
        self.settings.group = Some(group.into());
        self
    }

    /// Run with these supplementary groups and no others.
    #[doc(alias = "extra_groups")]
    pub fn groups<I: IntoIterator<Item: Into<Identity>>>(&mut self, groups: I) -> &mut Self {
        self.settings.groups = Some(groups.into_iter().map(Into::into).collect());
        self
    }

    /// The command for one spawn. Streams of other children go into it, so a
    /// second spawn reports that they are spent.
    pub(crate) fn describe(&mut self) -> Description<G::Backend> {
        Description {
            program: self.program.clone(),
            settings: self.settings.clone(),
            stdin: take(&mut self.stdin),
            stdout: take(&mut self.stdout),
            stderr: take(&mut self.stderr),
        }
    }

    /// Pipe every stream, unless it was set.
    pub(crate) fn pipe_all(&mut self) {
        self.stdin.get_or_insert_with(Stdio::piped);
        self.capture();
    }

    /// Pipe the outputs, unless they were set.
    pub(crate) fn capture(&mut self) {
        self.stdout.get_or_insert_with(Stdio::piped);
        self.stderr.get_or_insert_with(Stdio::piped);
    }
}

impl<G: Asynchronous> Command<G> {
    /// Start the program. This may take as long as an operator needs to answer a
    /// prompt. Dropping the future ends the attempt, and the child with it.
    ///
    /// # Errors
    ///
    /// Any [`Error`](crate::Error) of the contract;
    /// [`AccessDenied`](crate::Error::AccessDenied) if the policy does not allow
    /// a part of the command. Nothing runs then.
    pub async fn spawn(&mut self) -> Result<Child<G::Backend>> {
        Child::spawn(self.describe()).await
    }

    /// Start the program, collect what it writes and wait for its end. Standard
    /// output and standard error are pipes unless they were set; standard input,
    /// if it is a pipe, is closed.
    ///
    /// As much is collected as the host allows, and the output says whether that
    /// was all; [`Child::communicate`] takes a limit.
    ///
    /// # Errors
    ///
    /// As [`spawn`](Self::spawn), and [`Io`](crate::Error::Io) if a pipe fails.
    /// A program that fails is not an error.
    pub async fn output(&mut self) -> Result<Output> {
        self.capture();
        self.spawn().await?.wait_with_output().await
    }

    /// Start the program and wait for its end.
    ///
    /// # Errors
    ///
    /// As [`spawn`](Self::spawn). A program that fails is not an error.
    pub async fn status(&mut self) -> Result<ExitStatus> {
        self.spawn().await?.wait().await
    }
}

/// The bytes as text, or the part that is malformed.
fn text(bytes: &(impl OsBytes + ?Sized), part: Part) -> (String, Option<Part>) {
    match str::from_utf8(bytes.os_bytes()) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => (String::new(), Some(part)),
    }
}

/// Take a stream for a spawn and leave what a second spawn can use.
fn take<G: Generation>(stdio: &mut Option<Stdio<G>>) -> Kind<G::Backend> {
    let Some(Stdio(kind)) = stdio else {
        return Kind::Null;
    };
    let rest = match kind {
        Kind::Null => Kind::Null,
        Kind::Pipe => Kind::Pipe,
        Kind::Inherit => Kind::Inherit,
        Kind::Stdout => Kind::Stdout,
        Kind::File { path, mode, offset } => Kind::File {
            path: path.clone(),
            mode: *mode,
            offset: *offset,
        },
        Kind::Child(_) | Kind::Spent => Kind::Spent,
    };
    std::mem::replace(kind, rest)
}

impl<G: Generation> fmt::Debug for Command<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Command")
            .field("program", &self.program)
            .field("settings", &self.settings)
            .field("stdin", &self.stdin)
            .field("stdout", &self.stdout)
            .field("stderr", &self.stderr)
            .finish()
    }
}
