//! What to run, and how.

mod builder;
mod description;

pub use builder::Command;
pub(crate) use description::{Description, Program};
pub use description::{Direction, Identity};
