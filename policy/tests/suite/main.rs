//! Whole policies: read, pinned on a small host, bound to a guest, and asked.
#![cfg(unix)]

mod advice;
mod attacks;
mod binding;
mod builder;
mod common;
mod confinement;
mod grants;
mod guide;
mod limits;
mod pinning;
mod policy_files;
mod profiles;
mod properties;
mod world;
