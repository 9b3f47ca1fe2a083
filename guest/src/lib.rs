//! Launch native programs from WebAssembly components.
//!
//! WASI has no way to start a process. Offspring adds one: the operator of the
//! host writes a policy that says which programs may run and how, and a guest
//! launches them through this crate, which has the shape of [`std::process`] and
//! of tokio's process module, with the rest of Python's `asyncio` subprocess page
//! beside it.
//!
//! ```no_run
//! use offspring::p2::{Command, block_on};
//!
//! fn main() -> offspring::Result<()> {
//!     let output = block_on(Command::new("git").args(["log", "-n", "1"]).output())?;
//!     println!("{}: {}", output.status, String::from_utf8_lossy(&output.stdout));
//!     Ok(())
//! }
//! ```

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
