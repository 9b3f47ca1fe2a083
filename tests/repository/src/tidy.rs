//! The source tree.
