//! What the guests of the conformance suites share.
//!
//! Each program in `src/bin` shows one behaviour and is called
//! `<suite>_<case>`: suite `p2` speaks `offspring:process@0.2.0` from an
//! ordinary `main`, suite `p3` speaks `@0.3.0` from an async `run`. A program
//! that returns has passed, and one that panics has failed.

pub mod p2;
pub mod p3;
