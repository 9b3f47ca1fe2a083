//! How a guest ended, and what it left.

use std::path::Path;

use tempfile::TempDir;
use wasmtime_wasi::I32Exit;

/// How a guest ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It returned, and was content.
    Passed,
    /// It returned an error.
    Failed,
    /// It called `exit`.
    Exited(i32),
    /// It trapped, for this reason.
    Trapped(String),
    /// It was still running when a minute was over.
    Stuck,
    /// Its store was dropped while it ran, as the test wanted.
    Dropped,
}

impl Ending {
    pub(crate) fn of(result: wasmtime::Result<Result<(), ()>>) -> Self {
        match result {
            Ok(Ok(())) => Self::Passed,
            Ok(Err(())) => Self::Failed,
            Err(error) => match error.downcast_ref::<I32Exit>() {
                Some(I32Exit(code)) => Self::Exited(*code),
                None => Self::Trapped(format!("{error:?}")),
            },
        }
    }
}

/// What is known once a guest has ended.
#[derive(Debug)]
pub struct Outcome {
    /// How it ended.
    pub ending: Ending,
    /// What it wrote to its standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to its standard error.
    pub stderr: Vec<u8>,
    pub(crate) directory: TempDir,
}

impl Outcome {
    /// The guest's directory on the host, for a look at the files in it.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Fails the test unless the guest passed.
    #[track_caller]
    pub fn passes(self) -> Self {
        self.ends(&Ending::Passed)
    }

    /// Fails the test unless the guest ended so.
    #[track_caller]
    pub fn ends(self, ending: &Ending) -> Self {
        assert_eq!(self.ending, *ending, "the guest ended in another way");
        self
    }
}
