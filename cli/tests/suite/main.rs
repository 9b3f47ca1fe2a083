//! The built command, run as its users run it.

mod bad_input;
mod cache;
mod components;
mod demo;
mod endings;
mod offspring;
mod policies;
mod refusals;
mod signals;
