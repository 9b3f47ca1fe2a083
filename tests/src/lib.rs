//! Runs guests against the host, and looks afterwards at what is left behind.
//!
//! The suites beside this library are the conformance tests of Offspring. Each
//! test runs one guest of `programs/`, which holds the name of the test:
//!
//! - [`artifacts`] knows where the build script put each guest.
//! - [`Guest`] runs one, and shows what it wrote when the test fails.
//! - [`Told`] is a guest that does what a test tells it.
//! - [`Premises`] is what no test may leave changed: the children and the
//!   descriptors of this process, and the files that a guest was not given.

pub mod artifacts;
mod engine;
mod guest;
mod outcome;
mod premises;
mod told;

pub use engine::precompile;
pub use guest::{Guest, Stop, show_nothing};
pub use outcome::{Ending, Outcome};
pub use premises::{Premises, children_left};
pub use told::{Ran, Told, pinned};

/// Compiles only where a test has the name of the guest.
///
/// A suite says `for_each_p2!(assert_test_exists)` among its tests.
#[macro_export]
macro_rules! assert_test_exists {
    ($name:ident) => {
        #[expect(unused_imports, reason = "only whether it is there matters")]
        use self::$name as _;
    };
}

/// The path of one of the native programs in `children/`, by its name.
#[macro_export]
macro_rules! child {
    ($name:literal) => {
        env!(concat!("CARGO_BIN_EXE_", $name))
    };
}
