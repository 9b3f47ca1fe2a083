//! Runs the command in a directory of its own, with nothing of the user's environment but PATH.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A directory to work in, and the command in it.
pub struct Offspring {
    directory: TempDir,
}

/// What the command did.
#[derive(Debug)]
pub struct Done {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Offspring {
    pub fn new() -> Self {
        Self {
            directory: TempDir::new().unwrap(),
        }
    }

    /// Puts a file into the directory.
    pub fn file(self, name: &str, contents: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.path(name), contents).unwrap();
        self
    }

    /// Puts a component into the directory, or a module, that is given as text.
    pub fn wat(self, name: &str, text: &str) -> Self {
        let bytes = wat::parse_str(text).unwrap();
        self.file(name, bytes)
    }

    /// Puts the guest into the directory that waits for a `sleep`.
    pub fn hold(self) -> Self {
        self.file(
            "hold.wasm",
            include_bytes!(concat!(env!("OUT_DIR"), "/hold.wasm")),
        )
    }

    /// Where a file of the directory is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The command, not yet started.
    #[expect(
        clippy::disallowed_methods,
        reason = "a test of the command runs the command"
    )]
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_offspring")));
        command
            .args(args)
            .current_dir(self.directory.path())
            .env_clear();
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("XDG_CACHE_HOME", self.path("cache"));
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the command to its end.
    pub fn run(&self, args: &[&str]) -> Done {
        Self::finish(&mut self.command(args))
    }

    /// Runs the command as if on another machine: `setup` is run by a shell that is root in a user
    /// namespace of its own, and may spoil it.
    #[expect(
        clippy::disallowed_methods,
        reason = "a test of the command runs the command"
    )]
    pub fn run_on(&self, setup: &str, args: &[&str]) -> Done {
        let command = self.command(args);
        let mut machine = Command::new("unshare");
        machine
            .args(["--user", "--map-root-user", "--mount", "sh", "-c"])
            .arg(format!("{setup} && exec \"$@\""))
            .arg("sh")
            .arg(command.get_program())
            .args(command.get_args())
            .current_dir(self.directory.path())
            .env("XDG_CACHE_HOME", self.path("cache"))
            .stdin(Stdio::null());
        Self::finish(&mut machine)
    }

    /// Runs a command to its end.
    pub fn finish(command: &mut Command) -> Done {
        Done::of(command.output().unwrap())
    }
}

impl Done {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Asserts the exit code, and that standard error has all of `parts`.
    #[track_caller]
    pub fn ends(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:#?}");
        for part in parts {
            assert!(self.stderr.contains(part), "no {part:?} in {self:#?}");
        }
    }
}
