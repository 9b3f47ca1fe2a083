//! Times and sizes of a policy.

use super::fault;
use crate::raw::{RawGuestLimits, RawLimits, Text};
use crate::source::Source;
use crate::{ChildLimits, PolicyError, Problem, units};
use std::time::Duration;

/// The bounds of children whose rule says nothing of them.
pub(super) fn child_defaults(
    raw: &RawGuestLimits,
    source: &Source,
) -> Result<ChildLimits, PolicyError> {
    let raw = RawLimits {
        deadline: raw.deadline.clone(),
        output: raw.output.clone(),
        drain: raw.drain.clone(),
    };
    child_limits(&raw, ChildLimits::default(), source)
}

/// The bounds that a rule gives, and the others from `fallback`.
pub(super) fn child_limits(
    raw: &RawLimits,
    fallback: ChildLimits,
    source: &Source,
) -> Result<ChildLimits, PolicyError> {
    let mut limits = fallback;
    if let Some(text) = &raw.deadline {
        limits.deadline = unless_none(text, |text| duration(text, source))?;
    }
    if let Some(text) = &raw.output {
        limits.output = unless_none(text, |text| {
            let bad = || fault(source, text, Problem::BadSize(text.get_ref().clone()));
            units::size(text.get_ref()).ok_or_else(bad)
        })?;
    }
    if let Some(text) = &raw.drain {
        let endless = || fault(source, text, Problem::EndlessDrain);
        limits.drain = unless_none(text, |text| duration(text, source))?.ok_or_else(endless)?;
    }
    Ok(limits)
}

fn unless_none<T>(
    text: &Text,
    read: impl Fn(&Text) -> Result<T, PolicyError>,
) -> Result<Option<T>, PolicyError> {
    (text.get_ref() != "none").then(|| read(text)).transpose()
}

fn duration(text: &Text, source: &Source) -> Result<Duration, PolicyError> {
    let bad = || fault(source, text, Problem::BadDuration(text.get_ref().clone()));
    units::duration(text.get_ref()).ok_or_else(bad)
}
