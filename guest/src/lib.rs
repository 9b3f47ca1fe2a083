//! offspring
