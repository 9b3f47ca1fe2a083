//! Callbacks instead of streams: asyncio's transports and protocols.
//!
//! [`Command::connect`](crate::Command::connect) spawns a child and gives a
//! [`Connection`], which calls the methods of a [`Protocol`] for as long as it is
//! awaited. It is what `loop.subprocess_exec` and `loop.subprocess_shell` are in
//! Python.
//!
//! ```no_run
//! use offspring::p2::{Command, block_on};
//! use offspring::{Protocol, Stdio};
//!
//! #[derive(Default)]
//! struct DateProtocol {
//!     output: Vec<u8>,
//! }
//!
//! impl Protocol for DateProtocol {
//!     fn pipe_data_received(&mut self, _fd: u32, data: &[u8]) {
//!         self.output.extend_from_slice(data);
//!     }
//! }
//!
//! fn main() -> offspring::Result<()> {
//!     block_on(async {
//!         let mut date = Command::new("date");
//!         date.stdin(Stdio::null()).stderr(Stdio::null());
//!         let (_, protocol) = date.connect(DateProtocol::default()).await?.await?;
//!         println!("Current date: {}", String::from_utf8_lossy(&protocol.output).trim_end());
//!         Ok(())
//!     })
//! }
//! ```

mod connection;
mod pipes;
#[cfg(test)]
mod tests;
mod transport;

use crate::Error;
pub use connection::Connection;
pub use transport::Transport;

/// What is told about a child. Every method does nothing by default.
///
/// The order is asyncio's: `connection_made` comes first and `connection_lost`
/// last; between them come data and lost pipes as they occur, and
/// `process_exited`, which may come before the last data.
pub trait Protocol {
    /// The child was spawned. Keep the transport, or a clone of it, to write and
    /// to send signals.
    fn connection_made(&mut self, transport: Transport) {
        let _ = transport;
    }

    /// The child wrote to descriptor 1 or 2.
    fn pipe_data_received(&mut self, fd: u32, data: &[u8]) {
        let _ = (fd, data);
    }

    /// A pipe was closed, by the child or by the transport, or failed. For
    /// descriptor 0, a broken pipe says that something was left unwritten.
    fn pipe_connection_lost(&mut self, fd: u32, error: Option<Error>) {
        let _ = (fd, error);
    }

    /// The child has exited; its status is in the transport.
    fn process_exited(&mut self) {}

    /// The child has exited and every pipe is closed.
    fn connection_lost(&mut self, error: Option<Error>) {
        let _ = error;
    }

    /// More waits to be written than is good: stop writing.
    fn pause_writing(&mut self) {}

    /// What waited is written: go on.
    fn resume_writing(&mut self) {}
}
