//! offspring-host
