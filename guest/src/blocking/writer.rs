//! The writing end of a pipe, without `async`.

use std::io::{self, Write};

use crate::Result;
use crate::p2::{P2, block_on};

/// Writes what a child reads: its standard input or an extra pipe. It is
/// [`Write`], and a write waits for the child to take everything.
///
/// Dropping it closes the pipe, which the child sees as the end of its input;
/// [`close`](Self::close) says in addition whether everything arrived.
#[derive(Debug)]
pub struct PipeWriter(pub(super) crate::io::PipeWriter<P2>);

impl PipeWriter {
    /// Write all of `data`, waiting for the child to take it.
    ///
    /// # Errors
    ///
    /// [`BrokenPipe`](crate::Error::BrokenPipe) if the child closed its end, or
    /// exited.
    pub fn write_all(&mut self, data: &[u8]) -> Result<()> {
        block_on(self.0.write_all(data))
    }

    /// Close the pipe and wait until everything has gone into it.
    ///
    /// # Errors
    ///
    /// [`BrokenPipe`](crate::Error::BrokenPipe) if the child closed its end
    /// first.
    pub fn close(self) -> Result<()> {
        block_on(self.0.close())
    }
}

impl Write for PipeWriter {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        block_on(self.0.write_all(data))?;
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
