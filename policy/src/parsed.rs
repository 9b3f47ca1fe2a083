//! The first stage: a policy that was read.

use crate::raw::RawPolicy;
use crate::rule::{Rule, Rules};
use crate::source::Source;
use crate::{GuestLimits, Lint, PinnedPolicy, PolicyError, Problem, pin, read};
use std::ffi::OsStr;
use std::path::PathBuf;

/// A policy whose text is sound. No file but its own has been looked at.
#[derive(Clone, Debug)]
pub struct ParsedPolicy {
    rules: Rules<Rule>,
}

impl ParsedPolicy {
    /// Reads the text of a policy file. `origin` is the file's name, for messages only.
    ///
    /// # Errors
    ///
    /// Everything that the text alone can get wrong: TOML, unknown keys, patterns, times and
    /// sizes, names that stand twice, dangerous variables in `allow-env`, and examples that
    /// fail whatever directories the guest has.
    pub fn parse(text: &str, origin: impl Into<PathBuf>) -> Result<Self, PolicyError> {
        let source = Source::file(origin.into(), text);
        let raw: RawPolicy = toml::from_str(text).map_err(|error| {
            let place = source.place(error.span().unwrap_or(0..0));
            PolicyError::new(place, Problem::Toml(error))
        })?;
        Self::read(raw, &source)
    }

    pub(crate) fn read(raw: RawPolicy, source: &Source) -> Result<Self, PolicyError> {
        Ok(Self {
            rules: read::read(raw, source)?,
        })
    }

    /// Finds the programs on this host, those without a `path` in the directories of `PATH` as
    /// it is now.
    ///
    /// # Errors
    ///
    /// A program or its interpreter is missing, is not an executable regular file, cannot be
    /// read, or is a script that env(1) finds an interpreter for.
    pub fn pin(self) -> Result<PinnedPolicy, PolicyError> {
        let search = std::env::var_os("PATH").unwrap_or_default();
        self.pin_with_search_path(&search)
    }

    /// Finds the programs on this host, those without a `path` in the directories of `search`,
    /// which is written as `PATH` is. Entries that are not absolute are passed over.
    ///
    /// # Errors
    ///
    /// As [`pin`](Self::pin).
    pub fn pin_with_search_path(self, search: &OsStr) -> Result<PinnedPolicy, PolicyError> {
        pin::pin(self.rules, search).map(PinnedPolicy::new)
    }

    /// What the policy says and perhaps should not.
    pub fn lints(&self) -> &[Lint] {
        &self.rules.lints
    }

    /// The bounds of one guest.
    pub fn guest_limits(&self) -> GuestLimits {
        self.rules.limits
    }

    /// The names of the programs that the policy allows, in alphabetical order.
    pub fn program_names(&self) -> impl Iterator<Item = &str> {
        self.rules.programs.keys().map(String::as_str)
    }
}
