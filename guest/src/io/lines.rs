//! Line after line.

use super::PipeReader;
use crate::Result;
use crate::backend::Backend;

/// The lines of a pipe, without their ends. [`PipeReader::lines`] makes it.
///
/// Dropping it closes the pipe, and a child that goes on writing gets `SIGPIPE`. Go over
/// `&mut lines` to keep it.
#[derive(Debug)]
pub struct Lines<B: Backend> {
    reader: PipeReader<B>,
}

impl<B: Backend> Lines<B> {
    pub(super) fn new(reader: PipeReader<B>) -> Self {
        Lines { reader }
    }

    /// The next line, without its `\n` or `\r\n`, or `None` at the end.
    ///
    /// # Errors
    ///
    /// As [`PipeReader::read_line`].
    pub async fn next_line(&mut self) -> Result<Option<String>> {
        let mut line = String::new();
        if self.reader.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        if line.ends_with('\n') {
            line.pop();
            if line.ends_with('\r') {
                line.pop();
            }
        }
        Ok(Some(line))
    }

    /// The reader, to go on in another way.
    #[must_use]
    pub fn into_inner(self) -> PipeReader<B> {
        self.reader
    }
}
