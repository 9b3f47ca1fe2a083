//! Reading from and writing to the pipes of a child.

mod buffer;
mod lines;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

pub use lines::Lines;
pub use reader::{DEFAULT_LIMIT, PipeReader};
pub use writer::PipeWriter;
