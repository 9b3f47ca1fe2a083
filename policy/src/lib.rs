//! What a sandboxed guest may run, as its operator says.
//!
//! A policy is a list of programs, and for each the whole shapes that its arguments may have.
//! What it does not name is refused. It goes through three stages, each a type of its own:
//!
//! 1. [`ParsedPolicy`]: the text is sound.
//! 2. [`PinnedPolicy`]: the programs were found on this host, and identified.
//! 3. [`BoundPolicy`]: the policy is tied to a guest and its directories. It decides: a
//!    [`SpawnRequest`] becomes a [`SpawnPlan`] or a [`Denial`].
//!
//! Only pinning and binding look at the file system. Deciding is pure, so a policy can be
//! tested and explained without running anything.
//!
//! ```
//! use offspring_policy::{DenialCode, ParsedPolicy, Part, ProgramRequest, SpawnRequest};
//!
//! let text = r#"
//!     [[program]]
//!     name = "sh"
//!     path = "/bin/sh"
//!     args = [["-c", "exit {int}"]]
//! "#;
//! let policy = ParsedPolicy::parse(text, "policy.toml")?.pin()?.bind(&[])?;
//!
//! let mut request = SpawnRequest::new(ProgramRequest::Named("sh".into()));
//! request.args = vec![b"-c".to_vec(), b"exit 3".to_vec()];
//! let plan = policy.authorize(&request)?;
//! assert!(plan.program().path().is_absolute());
//!
//! request.args[1] = b"exit 3; reboot".to_vec();
//! let denial = policy.authorize(&request).unwrap_err();
//! assert_eq!(denial.code(), DenialCode::AccessDenied(Part::Arguments));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The policy file is described in [`guide`]. Embedders without a file use
//! [`PinnedPolicy::builder`].
//!
//! # Modules
//!
//! - [`request`]: what a guest asked for.
//! - [`plan`]: what will happen.
//! - [`profile`]: what a confined child has.
//! - [`view`]: where it sees what.
//! - [`signal`]: signals by name.
//! - [`defaults`]: every number, with its reason.
//! - [`guide`]: the policy file.

#![warn(missing_debug_implementations)]

mod bind;
mod builder;
mod check;
mod dangerous;
mod decide;
pub mod defaults;
mod denial;
mod error;
mod explain;
mod identity;
mod lint;
mod locate;
mod parsed;
mod pattern;
mod pin;
mod pinned;
pub mod plan;
pub mod profile;
mod quote;
mod raw;
mod read;
pub mod request;
mod resolve;
mod rule;
mod script;
mod shape;
pub mod signal;
mod source;
mod teardown;
pub mod units;
pub mod view;

#[doc = include_str!("../POLICY.md")]
pub mod guide {}

pub use bind::{BoundPolicy, Preopen};
pub use builder::{PolicyBuilder, ProgramBuilder};
pub use denial::{Denial, DenialCode, DenialReason};
pub use error::{LimitProblem, PolicyError, Problem};
pub use explain::{Explanation, RuleFound, ShapeVerdict, VariableVerdict};
pub use lint::{Lint, Warning};
pub use parsed::ParsedPolicy;
pub use pattern::{Mismatch, PathRefusal, PatternError};
pub use pinned::PinnedPolicy;
pub use plan::{
    Background, ChildLimits, Interpreter, PinnedProgram, ProgramIdentity, SpawnPlan, SpecialPlan,
    StdioPlan,
};
pub use profile::{Confinement, Grants, Network, PinnedPlace, ProcessBound, Profile};
pub use request::{
    ExtraPipe, FileIdentity, FileMode, FilePlan, GuestPath, Identity, Part, ProgramRequest,
    SpawnRequest, StdioRequest,
};
pub use rule::{GuestLimits, Rate};
pub use shape::{Disagreement, Expected};
pub use signal::{Signal, SignalSet};
pub use source::Place;
pub use teardown::{Teardown, TeardownStep};
