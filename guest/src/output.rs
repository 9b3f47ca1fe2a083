//! What a child wrote, collected.

use std::borrow::Cow;

use crate::ExitStatus;

/// The end of a child and what it wrote, as [`std::process::Output`] has it.
///
/// A program that fails is a result here, not an error: look at `status`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// How the child ended.
    pub status: ExitStatus,
    /// What it wrote to standard output; empty where that was not a pipe.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error; empty where that was not a pipe.
    pub stderr: Vec<u8>,
    /// Whether there was, or may have been, more standard output than this: a
    /// limit was reached.
    pub stdout_truncated: bool,
    /// Whether there was, or may have been, more standard error than this: a
    /// limit was reached.
    pub stderr_truncated: bool,
}

/// What came from one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// The bytes, up to the limit.
    pub data: Vec<u8>,
    /// Whether there was, or may have been, more than `data` holds: the limit
    /// was reached, or a descendant still held the pipe when the time to drain
    /// it was over.
    pub truncated: bool,
}

impl Captured {
    /// The bytes as text, with replacement characters for what is not UTF-8.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.data)
    }
}

/// The result of a `communicate`: as [`Output`], but a stream that was not a
/// pipe is `None` rather than empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Communicated {
    /// How the child ended.
    pub status: ExitStatus,
    /// What came from standard output; `None` where it was not a pipe, or was
    /// taken before.
    pub stdout: Option<Captured>,
    /// What came from standard error; `None` where it was not a pipe, or was
    /// taken before.
    pub stderr: Option<Captured>,
}

impl From<Communicated> for Output {
    fn from(from: Communicated) -> Output {
        let (stdout, stdout_truncated) = split(from.stdout);
        let (stderr, stderr_truncated) = split(from.stderr);
        Output {
            status: from.status,
            stdout,
            stderr,
            stdout_truncated,
            stderr_truncated,
        }
    }
}

fn split(captured: Option<Captured>) -> (Vec<u8>, bool) {
    captured.map_or_else(Default::default, |it| (it.data, it.truncated))
}
