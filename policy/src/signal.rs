//! Signals by name: what a guest may send, and what ended a child.
