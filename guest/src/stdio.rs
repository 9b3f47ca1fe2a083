//! What the standard streams of a child are.

use std::fmt;
use std::path::PathBuf;
use std::rc::Rc;

use crate::backend::{Backend, Generation, Pipe};
use crate::handle::Handle;
use crate::io::PipeReader;

/// How a file is opened for a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileMode {
    /// Read an existing file (`O_RDONLY`).
    Read,
    /// Write an existing file in place (`O_WRONLY`).
    Write,
    /// Write, creating the file or cutting it to nothing
    /// (`O_WRONLY | O_CREAT | O_TRUNC`).
    Truncate,
    /// Write at the end, creating the file (`O_WRONLY | O_CREAT | O_APPEND`).
    Append,
    /// Create the file and write; it must not exist
    /// (`O_WRONLY | O_CREAT | O_EXCL`).
    CreateNew,
    /// Read and write an existing file (`O_RDWR`).
    ReadWrite,
}

/// What a standard stream of a child is connected to.
///
/// The output of another child converts into standard input: `Stdio::from` its
/// `stdout`, which nobody has read from. The host joins the two by a pipe of the
/// system, and no byte passes through the guest.
pub struct Stdio<G: Generation>(pub(crate) Kind<G::Backend>);

/// The kinds of streams.
pub(crate) enum Kind<B: Backend> {
    Null,
    Pipe,
    Inherit,
    Stdout,
    File {
        path: PathBuf,
        mode: FileMode,
        offset: u64,
    },
    Child(Joined<B>),
    /// Used up by an earlier spawn, or read from before it was given.
    Spent,
}

/// An output of another child.
pub(crate) struct Joined<B: Backend> {
    pub(crate) handle: Rc<Handle<B>>,
    pub(crate) pipe: Pipe,
}

impl<G: Generation> Stdio<G> {
    /// A new pipe between the child and the guest.
    #[must_use]
    pub fn piped() -> Self {
        Stdio(Kind::Pipe)
    }

    /// The null device: no input, and output that goes nowhere. This is the
    /// default.
    #[must_use]
    pub fn null() -> Self {
        Stdio(Kind::Null)
    }

    /// The guest's own standard stream of the same name, whatever the embedder
    /// made it.
    #[must_use]
    pub fn inherit() -> Self {
        Stdio(Kind::Inherit)
    }

    /// For standard error: the same pipe, file or stream that standard output
    /// has, so that the order of what the child writes is kept.
    #[must_use]
    pub fn stdout() -> Self {
        Stdio(Kind::Stdout)
    }

    /// A file of the guest, from its start: a path as the guest itself would
    /// open it, with the guest's own rights.
    #[must_use]
    pub fn file(path: impl Into<PathBuf>, mode: FileMode) -> Self {
        Stdio::file_at(path, mode, 0)
    }

    /// A file of the guest, from `offset` bytes on, which
    /// [`FileMode::Append`] ignores.
    #[must_use]
    pub fn file_at(path: impl Into<PathBuf>, mode: FileMode, offset: u64) -> Self {
        Stdio(Kind::File {
            path: path.into(),
            mode,
            offset,
        })
    }
}

impl<G: Generation> From<PipeReader<G::Backend>> for Stdio<G> {
    /// Join an output of another child to this one.
    ///
    /// Spawning fails with `InvalidArgument` if the reader was read from before,
    /// if it belongs to an extra pipe, or if its child was dropped.
    fn from(reader: PipeReader<G::Backend>) -> Self {
        Stdio(reader.into_joined().map_or(Kind::Spent, Kind::Child))
    }
}

impl<B: Backend> Drop for Joined<B> {
    fn drop(&mut self) {
        drop(self.handle.source(self.pipe));
    }
}

impl<G: Generation> fmt::Debug for Stdio<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Null => f.write_str("Null"),
            Kind::Pipe => f.write_str("Pipe"),
            Kind::Inherit => f.write_str("Inherit"),
            Kind::Stdout => f.write_str("Stdout"),
            Kind::File { path, mode, offset } => f
                .debug_struct("File")
                .field("path", path)
                .field("mode", mode)
                .field("offset", offset)
                .finish(),
            Kind::Child(joined) => f.debug_tuple("Child").field(&joined.pipe).finish(),
            Kind::Spent => f.write_str("Spent"),
        }
    }
}
