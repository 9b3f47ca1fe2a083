//! Asynchronous, for guests of WASI 0.3.
//!
//! The guest is a program, or a library of crate type `cdylib`; [`main!`] makes an
//! `async fn` its entry point. The runtime is the component model's own, so any future
//! works, and the combinators of the `futures` crate do.
//!
//! ```no_run
//! use offspring::p3::{Command, Stdio};
//!
//! async fn run() -> offspring::Result<()> {
//!     let mut child = Command::new("wc")
//!         .arg("-l")
//!         .stdin(Stdio::piped())
//!         .stdout(Stdio::piped())
//!         .spawn()
//!         .await?;
//!     let output = child.communicate(Some(b"one\ntwo\n"), 1024).await?;
//!     println!("{}", output.stdout.expect("it is a pipe").text());
//!     Ok(())
//! }
//!
//! offspring::p3::main!(run);
//! ```

mod backend;
#[doc(hidden)]
pub mod bindings;
mod convert;
mod pipes;
mod run;
mod time;

#[doc(inline)]
pub use crate::__p3_main as main;
use crate::backend::{Asynchronous, Generation, sealed::Sealed};
#[doc(hidden)]
pub use run::finish;
pub use time::{sleep, timeout};

/// WASI 0.3, asynchronous.
#[derive(Clone, Copy, Debug)]
pub enum P3 {}

impl Sealed for P3 {}
impl Generation for P3 {
    type Backend = P3;
}
impl Asynchronous for P3 {}

/// A program to run, and how.
pub type Command = crate::Command<P3>;
/// What a standard stream of a child is connected to.
pub type Stdio = crate::Stdio<P3>;
/// A running child.
pub type Child = crate::Child<P3>;
/// Writes a child's standard input.
pub type ChildStdin = crate::io::PipeWriter<P3>;
/// Reads a child's standard output.
pub type ChildStdout = crate::io::PipeReader<P3>;
/// Reads a child's standard error.
pub type ChildStderr = crate::io::PipeReader<P3>;
/// The lines that a child writes.
pub type Lines = crate::io::Lines<P3>;
