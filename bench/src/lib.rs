//! The two sides of the benchmark: a guest that takes orders, and plain tokio doing the same.

pub mod confined;
pub mod guest;
pub mod native;

/// One piece of work, the same on both sides.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// Spawn `/bin/true` and wait for it, so many times.
    Spawn(usize),
    /// Read so many bytes from a child.
    Read(Transfer),
    /// Write so many bytes to `cat` and read them back, at the same time.
    Echo(Transfer),
    /// Have so many children, which wait.
    Gather(usize),
    /// Have a child that writes for ever, and read nothing of it.
    Flood,
    /// End the children that are there.
    Dismiss,
}

/// How many bytes, and how.
#[derive(Clone, Copy, Debug)]
pub struct Transfer {
    /// Bytes in all.
    pub bytes: usize,
    /// The size of each pipe, in bytes.
    pub pipe: usize,
    /// The size of each read and each write, in bytes.
    pub read: usize,
}
