//! Whole policies: read, pinned on a small host, bound to a guest, and asked.
#![cfg(unix)]

mod advice;
mod attacks;
mod builder;
mod common;
mod guide;
mod policy_files;
mod stages;
