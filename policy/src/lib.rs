//! offspring-policy
pub mod plan;
pub mod request;
pub mod signal;
