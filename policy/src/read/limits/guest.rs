//! What bounds a guest with all its children.

use super::{count, duration, limit, number};
use crate::defaults::{self, FEWEST_PROCESSES, MOST_PROCESSES};
use crate::raw::{RawCount, RawLimits, Text};
use crate::read::{Tiers, fault, fault_at};
use crate::source::Source;
use crate::{GuestLimits, LimitProblem, PolicyError, ProcessBound, Rate, units};
use std::ops::Range;
use toml::Spanned;

/// What the file says of a guest. Refuses what its confinement would not keep.
pub(in crate::read) fn guest_limits(
    raw: &RawLimits,
    tiers: &Tiers,
    source: &Source,
) -> Result<GuestLimits, PolicyError> {
    Ok(GuestLimits {
        children: match &raw.children {
            Some(raw) => children(raw, source)?,
            None => defaults::CHILDREN,
        },
        spawns: match &raw.spawns {
            Some(raw) => count("spawns", raw, 0..=i64::MAX as u64, source)?,
            None => defaults::SPAWNS,
        },
        spawn_rate: limit(&raw.spawn_rate, defaults::SPAWN_RATE, |text| {
            rate(text, source)
        })?,
        queue: limit(&raw.queue, defaults::QUEUE, |text| duration(text, source))?,
        processes: match &raw.processes {
            Some(raw) => processes(raw, tiers, source)?,
            None => defaults::PROCESSES,
        },
    })
}

/// The first key of a table that is about a guest, and where its value stands.
pub(super) fn written(raw: &RawLimits) -> Option<(&'static str, Range<usize>)> {
    let count = |count: &Option<Spanned<RawCount>>| count.as_ref().map(Spanned::span);
    let text = |text: &Option<Text>| text.as_ref().map(Spanned::span);
    let keys = [
        ("children", count(&raw.children)),
        ("spawns", count(&raw.spawns)),
        ("spawn-rate", text(&raw.spawn_rate)),
        ("queue", text(&raw.queue)),
        ("processes", count(&raw.processes)),
    ];
    keys.into_iter()
        .find_map(|(key, span)| span.map(|span| (key, span)))
}

fn children(raw: &Spanned<RawCount>, source: &Source) -> Result<u32, PolicyError> {
    let most = u64::from(u32::MAX);
    let number = number("children", raw, 0..=most, false, source)?;
    Ok(u32::try_from(number).unwrap_or(u32::MAX))
}

fn rate(text: &Text, source: &Source) -> Result<Rate, PolicyError> {
    let bad = || fault(source, text, LimitProblem::BadRate(text.get_ref().clone()));
    units::rate(text.get_ref()).ok_or_else(bad)
}

fn processes(
    raw: &Spanned<RawCount>,
    tiers: &Tiers,
    source: &Source,
) -> Result<Option<ProcessBound>, PolicyError> {
    let Some(most) = count("processes", raw, FEWEST_PROCESSES..=MOST_PROCESSES, source)? else {
        return Ok(None);
    };
    if let Some(problem) = tiers.without_namespace("processes") {
        return Err(fault_at(source, raw.span(), problem));
    }
    Ok(Some(ProcessBound {
        most,
        required: true,
    }))
}
