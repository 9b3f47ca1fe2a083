//! Spawning without `async`.

use super::{Blocking, Child};
use crate::p2::{self, block_on};
use crate::protocol::{Connection, Protocol};
use crate::{Command, ExitStatus, Output, Result};

impl Command<Blocking> {
    /// Start the program. This may take as long as an operator needs to answer a
    /// prompt.
    ///
    /// # Errors
    ///
    /// Any [`Error`](crate::Error) of the contract;
    /// [`AccessDenied`](crate::Error::AccessDenied) if the policy does not allow
    /// a part of the command. Nothing runs then.
    pub fn spawn(&mut self) -> Result<Child> {
        block_on(p2::Child::spawn(self.describe())).map(Child::new)
    }

    /// Start the program, collect what it writes and wait for its end. Standard
    /// output and standard error are pipes unless they were set; standard input,
    /// if it is a pipe, is closed.
    ///
    /// # Errors
    ///
    /// As [`spawn`](Self::spawn), and [`Io`](crate::Error::Io) if a pipe fails.
    /// A program that fails is not an error.
    pub fn output(&mut self) -> Result<Output> {
        self.capture();
        self.spawn()?.wait_with_output()
    }

    /// Start the program and wait for its end.
    ///
    /// # Errors
    ///
    /// As [`spawn`](Self::spawn). A program that fails is not an error.
    pub fn status(&mut self) -> Result<ExitStatus> {
        self.spawn()?.wait()
    }

    /// Start the program, call the methods of a protocol until it has exited and
    /// its pipes are closed, and give the protocol back. Standard streams that
    /// were not set are pipes.
    ///
    /// # Errors
    ///
    /// As [`spawn`](Self::spawn).
    pub fn run<P: Protocol + 'static>(&mut self, protocol: P) -> Result<(ExitStatus, P)> {
        self.pipe_all();
        let description = self.describe();
        block_on(async { Connection::new(p2::Child::spawn(description).await?, protocol).await })
    }
}
