//! What the fuzz targets share.
//!
//! - [`host`]: a small host to try policies on.
//! - [`paths`]: where paths of a guest lead, told a second time.

pub mod host;
pub mod paths;
