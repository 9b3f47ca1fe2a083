//! The environment of a child: what the policy sets, and what it lets the guest set.

use crate::DenialReason;
use crate::dangerous::is_dangerous;
use crate::rule::Rule;
use std::collections::BTreeMap;

/// The whole environment, sorted by key. Nothing of the host's own is in it.
pub(super) fn environment(
    rule: &Rule,
    asked: &[(String, Vec<u8>)],
) -> Result<Vec<(String, Vec<u8>)>, DenialReason> {
    let set = rule
        .env
        .iter()
        .map(|(key, value)| (key.clone(), value.clone().into_bytes()));
    let mut env: BTreeMap<_, _> = set.collect();
    for (key, value) in asked {
        verdict(rule, key)?;
        env.insert(key.clone(), value.clone());
    }
    Ok(env.into_iter().collect())
}

/// Whether the guest may set `key`.
pub(crate) fn verdict(rule: &Rule, key: &str) -> Result<(), DenialReason> {
    if rule.env.contains_key(key) {
        return Err(DenialReason::HostVariable(key.to_owned()));
    }
    if rule.allow_env.contains(key) {
        return Ok(());
    }
    if is_dangerous(key) {
        return Err(DenialReason::DangerousVariable(key.to_owned()));
    }
    Err(DenialReason::Variable(key.to_owned()))
}
