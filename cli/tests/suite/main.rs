//! The built command, run as its users run it.

mod bad_input;
mod cache;
mod components;
mod confinement;
mod demo;
mod doctor;
mod endings;
mod offspring;
mod policies;
mod refusals;
mod signals;
