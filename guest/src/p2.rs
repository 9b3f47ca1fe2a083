//! Asynchronous, for guests of WASI 0.2.
//!
//! The guest is an ordinary program with a `main`, which gives its asynchronous
//! part to [`block_on`]. Several things at once are futures joined with the
//! combinators of the `futures` crate.
//!
//! ```no_run
//! use offspring::p2::{Command, Stdio, block_on};
//!
//! fn main() -> offspring::Result<()> {
//!     block_on(async {
//!         let mut child = Command::new("make").stdout(Stdio::piped()).spawn().await?;
//!         let mut lines = child.stdout.take().expect("it is a pipe").lines();
//!         while let Some(line) = lines.next_line().await? {
//!             println!("make says: {line}");
//!         }
//!         println!("{}", child.wait().await?);
//!         Ok(())
//!     })
//! }
//! ```

mod backend;
mod bindings;
mod convert;
mod pipes;
mod runtime;
mod time;

use crate::backend::{Asynchronous, Generation, sealed::Sealed};
pub use runtime::block_on;
pub use time::{sleep, timeout};

/// WASI 0.2, asynchronous.
#[derive(Clone, Copy, Debug)]
pub enum P2 {}

impl Sealed for P2 {}
impl Generation for P2 {
    type Backend = P2;
}
impl Asynchronous for P2 {}

/// A program to run, and how.
pub type Command = crate::Command<P2>;
/// What a standard stream of a child is connected to.
pub type Stdio = crate::Stdio<P2>;
/// A running child.
pub type Child = crate::Child<P2>;
/// Writes a child's standard input.
pub type ChildStdin = crate::io::PipeWriter<P2>;
/// Reads a child's standard output.
pub type ChildStdout = crate::io::PipeReader<P2>;
/// Reads a child's standard error.
pub type ChildStderr = crate::io::PipeReader<P2>;
/// The lines that a child writes.
pub type Lines = crate::io::Lines<P2>;
