//! offspring-cli
