//! The reading end of a pipe, without `async`.

use std::io::{self, BufRead, Read};

use super::{Blocking, Stdio};
use crate::Result;
use crate::p2::{P2, block_on};

/// Reads what a child writes: its standard output, its standard error or an
/// extra pipe.
///
/// It is [`Read`] and [`BufRead`]. Its own methods of the same names have this
/// crate's errors and mind the limit on the length of a line.
///
/// Dropping it closes the reading end, and a child that goes on writing gets
/// `SIGPIPE`. One that nobody has read from converts into the standard input of
/// another child.
#[derive(Debug)]
pub struct PipeReader(pub(super) crate::io::PipeReader<P2>);

impl PipeReader {
    /// Set how many bytes a line may have, its end included.
    pub fn set_limit(&mut self, limit: usize) {
        self.0.set_limit(limit);
    }

    /// Read what there is and append it to `into`. Zero is the end.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::Error::Io) if the pipe could not be read.
    pub fn read_buf(&mut self, into: &mut Vec<u8>) -> Result<usize> {
        block_on(self.0.read_buf(into))
    }

    /// Read until the end of the stream and append everything to `into`.
    ///
    /// # Errors
    ///
    /// [`Io`](crate::Error::Io) if the pipe could not be read.
    pub fn read_to_end(&mut self, into: &mut Vec<u8>) -> Result<usize> {
        block_on(self.0.read_to_end(into))
    }

    /// Read up to and with the next `delimiter`, or up to the end of the stream,
    /// and append it to `into`. Zero is the end.
    ///
    /// # Errors
    ///
    /// [`LimitOverrun`](crate::Error::LimitOverrun) if there is no delimiter
    /// within the limit. Nothing is consumed then.
    pub fn read_until(&mut self, delimiter: u8, into: &mut Vec<u8>) -> Result<usize> {
        block_on(self.0.read_until(delimiter, into))
    }

    /// Read a line and append it to `into`, with its `\n` if it has one. Zero is
    /// the end.
    ///
    /// # Errors
    ///
    /// [`LimitOverrun`](crate::Error::LimitOverrun) as for
    /// [`read_until`](Self::read_until), and
    /// [`NotUtf8`](crate::Error::NotUtf8) if the line is not text.
    pub fn read_line(&mut self, into: &mut String) -> Result<usize> {
        block_on(self.0.read_line(into))
    }

    /// The lines, without their ends.
    #[must_use]
    pub fn lines(self) -> Lines {
        Lines(self.0.lines())
    }
}

/// The lines of a pipe, without their ends.
#[derive(Debug)]
pub struct Lines(crate::io::Lines<P2>);

impl Iterator for Lines {
    type Item = Result<String>;

    fn next(&mut self) -> Option<Result<String>> {
        block_on(self.0.next_line()).transpose()
    }
}

impl Read for PipeReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        Ok(block_on(self.0.read(into))?)
    }
}

impl BufRead for PipeReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(block_on(self.0.fill_buf())?)
    }

    fn consume(&mut self, amount: usize) {
        self.0.consume(amount);
    }
}

impl From<PipeReader> for Stdio {
    /// Join an output of another child to this one.
    fn from(reader: PipeReader) -> Stdio {
        crate::Stdio::<Blocking>::from(reader.0)
    }
}
