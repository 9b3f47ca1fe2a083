//! Pipes of a child beyond its three standard streams.

use super::meter::{Meter, Stream};
use super::pipe::{self, ReadEnd, WriteEnd};
use crate::budget::Share;
use offspring_policy::ExtraPipe;
use std::collections::BTreeMap;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;

/// The host's ends of a child's extra pipes, by the numbers that they have in the child, until the
/// guest takes them.
#[derive(Debug, Default)]
pub(crate) struct ExtraPipes {
    readers: BTreeMap<u32, ReadEnd>,
    writers: BTreeMap<u32, WriteEnd>,
}

impl ExtraPipes {
    /// Make a pipe and keep the host's end; the child gets the end that is returned.
    pub(crate) fn make(
        &mut self,
        pipe: ExtraPipe,
        size: Option<u32>,
        meter: &Arc<Meter>,
        descriptors: Share,
    ) -> io::Result<OwnedFd> {
        let (reader, writer) = pipe::make(size)?;
        if pipe.from_child {
            let reader = ReadEnd::new(reader, meter, Stream::Extra, descriptors)?;
            self.readers.insert(pipe.fd, reader);
            Ok(writer)
        } else {
            let writer = WriteEnd::new(writer, meter.counter(Stream::Extra), descriptors)?;
            self.writers.insert(pipe.fd, writer);
            Ok(reader)
        }
    }

    /// Take the end that reads what the child writes to `fd`.
    pub(super) fn take_reader(&mut self, fd: u32) -> Option<ReadEnd> {
        self.readers.remove(&fd)
    }

    /// Take the end that writes what the child reads from `fd`.
    pub(super) fn take_writer(&mut self, fd: u32) -> Option<WriteEnd> {
        self.writers.remove(&fd)
    }
}
