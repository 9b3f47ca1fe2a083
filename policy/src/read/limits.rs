//! What bounds children, and how they end.

mod guest;
mod teardown;

pub(super) use guest::guest_limits;

use super::{fault, fault_at};
use crate::defaults::{FEWEST_OPEN_FILES, LEAST_MEMORY, MOST_OPEN_FILES};
use crate::raw::{RawCount, RawLimits, Text};
use crate::rule::Bounds;
use crate::source::Source;
use crate::{Background, ChildLimits, LimitProblem, PolicyError, Problem, units};
use std::ops::RangeInclusive;
use std::time::Duration;
use toml::Spanned;

/// What a rule's own table says, and the rest from `defaults`.
pub(super) fn bounds_of_rule(
    raw: &RawLimits,
    defaults: &Bounds,
    source: &Source,
) -> Result<Bounds, PolicyError> {
    if let Some((key, span)) = guest::written(raw) {
        return Err(fault_at(source, span, LimitProblem::GuestLimit(key)));
    }
    bounds(raw, defaults, source)
}

/// What a table says of children, and the rest from `defaults`.
pub(super) fn bounds(
    raw: &RawLimits,
    defaults: &Bounds,
    source: &Source,
) -> Result<Bounds, PolicyError> {
    let limits = &defaults.limits;
    let size = |raw: &Option<Text>, default| limit(raw, default, |text| size(text, source));
    let time = |raw: &Option<Text>, default| limit(raw, default, |text| duration(text, source));
    let drain = time(&raw.drain, Some(limits.drain))?;
    let endless = || match &raw.drain {
        Some(text) => fault(source, text, Problem::EndlessDrain),
        None => PolicyError::new(source.whole(), Problem::EndlessDrain),
    };
    let open_files = FEWEST_OPEN_FILES..=MOST_OPEN_FILES;
    Ok(Bounds {
        limits: ChildLimits {
            deadline: time(&raw.deadline, limits.deadline)?,
            idle: time(&raw.idle, limits.idle)?,
            output: size(&raw.output, limits.output)?,
            stream_output: size(&raw.output_per_stream, limits.stream_output)?,
            drain: drain.ok_or_else(endless)?,
            cpu: time(&raw.cpu, limits.cpu)?.map(whole_seconds),
            memory: limit(&raw.memory, limits.memory, |text| memory(text, source))?,
            file_size: size(&raw.file_size, limits.file_size)?,
            open_files: match &raw.open_files {
                Some(raw) => count("open-files", raw, open_files, source)?,
                None => limits.open_files,
            },
        },
        teardown: match &raw.teardown {
            Some(words) => teardown::teardown(words, source)?,
            None => defaults.teardown.clone(),
        },
        background: match &raw.background {
            Some(text) => background(text, source)?,
            None => defaults.background,
        },
    })
}

/// A bound that `"none"` takes away, and that is `default` where nothing is written.
fn limit<T>(
    raw: &Option<Text>,
    default: Option<T>,
    read: impl Fn(&Text) -> Result<T, PolicyError>,
) -> Result<Option<T>, PolicyError> {
    match raw {
        None => Ok(default),
        Some(text) if text.get_ref() == "none" => Ok(None),
        Some(text) => read(text).map(Some),
    }
}

fn duration(text: &Text, source: &Source) -> Result<Duration, PolicyError> {
    let bad = || fault(source, text, Problem::BadDuration(text.get_ref().clone()));
    units::duration(text.get_ref()).ok_or_else(bad)
}

fn size(text: &Text, source: &Source) -> Result<u64, PolicyError> {
    let bad = || fault(source, text, Problem::BadSize(text.get_ref().clone()));
    units::size(text.get_ref()).ok_or_else(bad)
}

fn memory(text: &Text, source: &Source) -> Result<u64, PolicyError> {
    let little = || {
        fault(
            source,
            text,
            LimitProblem::LittleMemory(text.get_ref().clone()),
        )
    };
    let size = size(text, source)?;
    (size >= LEAST_MEMORY).then_some(size).ok_or_else(little)
}

/// The kernel counts processor time in whole seconds, and takes none for one (setrlimit(2)).
fn whole_seconds(time: Duration) -> Duration {
    let started = u64::from(time.subsec_nanos() > 0);
    Duration::from_secs((time.as_secs() + started).max(1))
}

fn background(text: &Text, source: &Source) -> Result<Background, PolicyError> {
    let bad = || {
        fault(
            source,
            text,
            LimitProblem::BadBackground(text.get_ref().clone()),
        )
    };
    Background::named(text.get_ref()).ok_or_else(bad)
}

/// A number that `"none"` takes away.
fn count(
    key: &'static str,
    raw: &Spanned<RawCount>,
    range: RangeInclusive<u64>,
    source: &Source,
) -> Result<Option<u64>, PolicyError> {
    match raw.get_ref() {
        RawCount::Word(word) if word == "none" => Ok(None),
        _ => number(key, raw, range, true, source).map(Some),
    }
}

fn number(
    key: &'static str,
    raw: &Spanned<RawCount>,
    range: RangeInclusive<u64>,
    liftable: bool,
    source: &Source,
) -> Result<u64, PolicyError> {
    let written = match raw.get_ref() {
        RawCount::Number(number) => match u64::try_from(*number) {
            Ok(number) if range.contains(&number) => return Ok(number),
            _ => number.to_string(),
        },
        RawCount::Word(word) => format!("{word:?}"),
    };
    let problem = LimitProblem::BadCount {
        key,
        written,
        least: *range.start(),
        most: *range.end(),
        liftable,
    };
    Err(fault(source, raw, problem))
}
