//! Blocking, for guests of WASI 0.2: the shape of [`std::process`].
//!
//! The guest is an ordinary program with a `main`. The pipes implement
//! [`Read`](std::io::Read), [`BufRead`](std::io::BufRead) and
//! [`Write`](std::io::Write).
//!
//! ```no_run
//! use offspring::blocking::{Command, Stdio};
//!
//! fn main() -> offspring::Result<()> {
//!     let output = Command::new("git").args(["status", "--porcelain"]).output()?;
//!     println!("{}", String::from_utf8_lossy(&output.stdout));
//!
//!     let mut sort = Command::new("sort").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
//!     let sorted = sort.communicate(Some(b"b\na\n"), 1024)?;
//!     assert_eq!(sorted.stdout.expect("it is a pipe").data, b"a\nb\n");
//!     Ok(())
//! }
//! ```

mod child;
mod command;
mod reader;
mod writer;

use crate::backend::{Generation, sealed::Sealed};
use crate::p2::P2;
pub use child::Child;
pub use reader::{Lines, PipeReader};
pub use writer::PipeWriter;

/// WASI 0.2, blocking.
#[derive(Clone, Copy, Debug)]
pub enum Blocking {}

impl Sealed for Blocking {}
impl Generation for Blocking {
    type Backend = P2;
}

/// A program to run, and how.
pub type Command = crate::Command<Blocking>;
/// What a standard stream of a child is connected to.
pub type Stdio = crate::Stdio<Blocking>;
/// Writes a child's standard input.
pub type ChildStdin = PipeWriter;
/// Reads a child's standard output.
pub type ChildStdout = PipeReader;
/// Reads a child's standard error.
pub type ChildStderr = PipeReader;
