//! From a policy file to a policy whose programs were found.

use anyhow::{Context, Result};
use offspring_policy::{ParsedPolicy, PinnedPolicy};
use std::fs;
use std::path::Path;

/// Reads a policy and finds its programs.
pub(super) fn load(file: &Path) -> Result<PinnedPolicy> {
    let text =
        fs::read(file).with_context(|| format!("the policy {} cannot be read", file.display()))?;
    let text = String::from_utf8(text)
        .with_context(|| format!("the policy {} is not UTF-8, as TOML is", file.display()))?;
    Ok(ParsedPolicy::parse(&text, file)?.pin()?)
}
