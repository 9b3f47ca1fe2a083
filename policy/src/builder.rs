//! A policy written in Rust, for embedders that have no policy file.

mod limits;
mod program;

pub use program::ProgramBuilder;

use crate::raw::{RawPolicy, RawProgram, RawShell, unplaced};
use crate::source::Source;
use crate::{Confinement, ParsedPolicy, PinnedPolicy, PolicyError};
use std::path::{Path, PathBuf};

/// Builds a policy. It obeys the same rules as a policy file, and each method is named like the
/// file's key, which POLICY.md describes.
///
/// A new builder allows nothing: no program, no shell.
#[derive(Clone, Debug)]
pub struct PolicyBuilder {
    origin: PathBuf,
    raw: RawPolicy,
}

impl PolicyBuilder {
    pub(crate) fn new(confinement: Confinement) -> Self {
        let builder = Self {
            origin: "policy".into(),
            raw: RawPolicy::default(),
        };
        builder.confinement(confinement)
    }

    /// What errors and warnings call this policy instead of a file's name, such as `--allow`.
    pub fn origin(mut self, label: impl Into<PathBuf>) -> Self {
        self.origin = label.into();
        self
    }

    /// Confines children in another way than the builder was begun with.
    ///
    /// # Authority
    ///
    /// What the confinement leaves open.
    pub fn confinement(mut self, confinement: Confinement) -> Self {
        self.raw.confinement = Some(unplaced(confinement.name().to_owned()));
        self
    }

    /// Falls back to a weaker confinement where this machine cannot put up a stronger one: `to` is
    /// the weakest that may be used.
    ///
    /// # Authority
    ///
    /// Children may then do what `to` leaves open.
    pub fn fallback(mut self, to: Confinement) -> Self {
        self.raw.fallback = Some(unplaced(to.name().to_owned()));
        self
    }

    /// Allows a program as a rule describes it.
    ///
    /// # Authority
    ///
    /// What the rule allows.
    pub fn program(mut self, program: ProgramBuilder) -> Self {
        self.raw.program.push(unplaced(program.into_raw()));
        self
    }

    /// Allows a program with any arguments, at `path` or wherever `PATH` has it. The linter
    /// warns.
    ///
    /// # Authority
    ///
    /// Everything that the program can be made to do.
    pub fn allow(self, name: &str, path: Option<PathBuf>) -> Self {
        let program = ProgramBuilder::new(name).shape(["{any}..."]);
        self.program(match path {
            Some(path) => program.path(path),
            None => program,
        })
    }

    /// Allows command lines, run as `path -c line`.
    ///
    /// # Authority
    ///
    /// Any command, within the children's confinement. What a `[shell]` has no key for is passed
    /// over: shapes, examples, an interpreter, and leave to choose argument 0 or the identity.
    pub fn shell(mut self, program: ProgramBuilder) -> Self {
        let RawProgram {
            name,
            path,
            env,
            allow_env,
            allow_dangerous_env,
            signals,
            network,
            tmp,
            proc,
            runtime,
            execute,
            limits,
            ..
        } = program.into_raw();
        self.raw.shell = Some(unplaced(RawShell {
            name: Some(name),
            path,
            env,
            allow_env,
            allow_dangerous_env,
            signals,
            network,
            tmp,
            proc,
            runtime,
            execute,
            limits,
        }));
        self
    }

    /// Checks the policy, as [`ParsedPolicy::parse`] does with a file.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn check(self) -> Result<ParsedPolicy, PolicyError> {
        ParsedPolicy::read(self.raw, &Source::label(Path::new(&self.origin)))
    }

    /// Checks the policy and finds its programs.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check) and [`ParsedPolicy::pin`].
    pub fn build(self) -> Result<PinnedPolicy, PolicyError> {
        self.check()?.pin()
    }
}
