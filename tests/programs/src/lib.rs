//! The guests of the conformance suites.
//!
//! A case is a behaviour. It is written once, in [`cases`], and run in both
//! generations by `p2_cases` and `p3_cases`, which take the name of one. That
//! these are two programs and not two hundred has a reason: linking a program
//! takes 0.7 s and compiling its component as long, so that a change of the
//! library for guests would cost more than four minutes before its tests run.
//!
//! The programs that begin with `wit2` and `wit3` call the contract itself, one
//! behaviour each, and show what the library for guests does not let anybody do.
//!
//! A program that returns has passed, and one that panics has failed.

pub mod again;
pub mod cases;
pub mod support;
pub mod wit2;
pub mod wit3;
