//! Launch native programs from WebAssembly components.
//!
//! WASI has no way to start a process. Offspring adds one: the operator of the
//! host writes a policy that says which programs may run and how, and a guest
//! launches them through this crate. It has the shape of [`std::process`] and of
//! tokio's process module, and beside them what Python's `asyncio` subprocess
//! page has: `communicate`, `returncode`, line reading with a limit, protocols.
//!
//! ```no_run
//! use offspring::blocking::Command;
//!
//! fn main() -> offspring::Result<()> {
//!     let log = Command::new("git").args(["log", "-n", "1"]).output()?;
//!     println!("{}: {}", log.status, String::from_utf8_lossy(&log.stdout));
//!     Ok(())
//! }
//! ```
//!
//! # Three flavours
//!
//! | module | the guest is | its entry point |
//! | --- | --- | --- |
//! | [`blocking`] | an ordinary program of WASI 0.2 | `fn main` |
//! | [`p2`] | an ordinary program of WASI 0.2 | `fn main` with [`p2::block_on`] |
//! | [`p3`] | a program of WASI 0.3 | an `async fn`, named to [`p3::main!`] |
//!
//! All are compiled with `cargo build --target wasm32-wasip2`. They share their
//! types and methods, which are documented here at the top: `p3::Command` is
//! [`Command`] with the right parameter. WASI 0.3 is the fast path, because the
//! host reads a pipe straight into the guest's buffer. A guest imports only the
//! generation that it uses.
//!
//! # What a guest starts with
//!
//! Nothing. Each of these is the operator's to give, and is refused with
//! [`Error::AccessDenied`] otherwise:
//!
//! - Programs have names in the policy. There are no paths and no search path.
//! - Environments start empty. The guest's own is not passed on.
//! - Standard streams are null unless they are set.
//! - A child that is dropped is ended by the operator's teardown: as a rule `SIGTERM`, some time,
//!   and a kill. Where children are confined, nothing outlives the guest.
//!
//! # From asyncio
//!
//! | Python | here |
//! | --- | --- |
//! | `create_subprocess_exec(program, *args)` | [`Command::new`] and `spawn` |
//! | `create_subprocess_shell(line)` | [`Command::shell`], with [`quote`] |
//! | `PIPE`, `DEVNULL`, `STDOUT`, `None` | [`Stdio::piped`], [`Stdio::null`], [`Stdio::stdout`], [`Stdio::inherit`] |
//! | `stdin=other.stdout` | [`Stdio::from`] `other.stdout` |
//! | `limit` | [`PipeReader::set_limit`](io::PipeReader::set_limit) |
//! | `wait`, `communicate`, `returncode`, `pid` | [`Child::wait`], [`Child::communicate`], [`Child::returncode`], [`Child::id`] |
//! | `send_signal`, `terminate`, `kill` | the same names |
//! | `wait_for(…, timeout)` | [`p2::timeout`], [`p3::timeout`], [`Command::deadline`] |
//! | `stdout.readline`, `readuntil`, `readexactly` | [`read_line`](io::PipeReader::read_line), [`read_until`](io::PipeReader::read_until), [`read_exact`](io::PipeReader::read_exact) |
//! | `loop.subprocess_exec(protocol, …)` | [`Command::connect`] with a [`Protocol`] |

#[cfg(not(any(feature = "p2", feature = "p3")))]
compile_error!("offspring needs one of its features: p2 for WASI 0.2, p3 for WASI 0.3");

mod backend;
#[cfg(feature = "p2")]
pub mod blocking;
mod child;
mod collect;
mod command;
mod contract;
mod error;
mod exit_status;
#[cfg(test)]
mod fake;
mod handle;
pub mod io;
mod os_bytes;
mod output;
#[cfg(feature = "p2")]
pub mod p2;
#[cfg(feature = "p3")]
pub mod p3;
pub mod protocol;
mod quote;
mod signal;
mod stdio;
mod usage;

pub use backend::{Asynchronous, Generation};
pub use child::Child;
pub use command::{Command, Direction, Identity};
pub use error::{Error, IoError, Limit, Part, Result};
pub use exit_status::{EndCause, ExitStatus};
pub use os_bytes::OsBytes;
pub use output::{Captured, Communicated, Output};
pub use protocol::{Connection, Protocol, Transport};
pub use quote::{join, quote, quote_bytes};
pub use signal::{Signal, SignalTarget};
pub use stdio::{FileMode, Stdio};
pub use usage::ResourceUsage;

/// The examples of the README are tests.
#[cfg(all(doctest, feature = "p2", feature = "p3"))]
#[doc = include_str!("../README.md")]
struct Readme;
