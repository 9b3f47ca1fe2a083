//! The source tree, held to rules that no compiler checks.
//!
//! Each rule is a function from the [`Source`]s to the faults it found. A rule
//! with exceptions names each with its reason, and an exception that nothing
//! needs is a fault as well.

mod rules;
mod sources;

pub use rules::{
    DOORS, SLEEPERS, doors, examples_without_a_test, long_files, machine_paths, sleeps,
    unfinished_work,
};
pub use sources::{Source, sources};
