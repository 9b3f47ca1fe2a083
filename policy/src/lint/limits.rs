//! Bounds that cannot be meant.

use super::{Lint, Warning};
use crate::ChildLimits;
use crate::raw::{RawCount, RawLimits};
use crate::signal::Signal;
use crate::source::Source;
use std::ops::Range;
use std::time::Duration;
use toml::Spanned;

/// The warnings about one table, which with what it does not say comes to `limits`.
pub(crate) fn limits(raw: &RawLimits, limits: &ChildLimits, source: &Source) -> Vec<Lint> {
    let all = nothing(raw, limits)
        .chain(never_reached(raw, limits))
        .chain(late_signal(raw));
    let lint = |(span, warning)| Lint {
        place: source.place(span),
        warning,
    };
    all.map(lint).collect()
}

type Found = (Range<usize>, Warning);

fn nothing(raw: &RawLimits, limits: &ChildLimits) -> impl Iterator<Item = Found> {
    let count = |count: &Option<Spanned<RawCount>>| {
        let written = count.as_ref();
        let zero = written.filter(|raw| matches!(raw.get_ref(), RawCount::Number(0)));
        zero.map(Spanned::span)
    };
    let time = |text: &Option<Spanned<String>>, time: Option<Duration>| {
        let written = text.as_ref().map(Spanned::span);
        written.filter(|_| time.is_some_and(|time| time.is_zero()))
    };
    let keys = [
        ("children", count(&raw.children)),
        ("spawns", count(&raw.spawns)),
        ("deadline", time(&raw.deadline, limits.deadline)),
        ("idle", time(&raw.idle, limits.idle)),
    ];
    let found = |(key, span): (_, Option<_>)| Some((span?, Warning::Nothing(key)));
    keys.into_iter().filter_map(found)
}

/// It is said of a table that writes one of the two, at the one that is never reached if it can be.
fn never_reached(raw: &RawLimits, limits: &ChildLimits) -> impl Iterator<Item = Found> {
    let idle = limits.idle.zip(limits.deadline);
    let output = limits.stream_output.zip(limits.output);
    let pairs = [
        (
            idle.is_some_and(|(idle, deadline)| idle >= deadline),
            ("idle", &raw.idle),
            ("deadline", &raw.deadline),
        ),
        (
            output.is_some_and(|(stream, all)| stream >= all),
            ("output-per-stream", &raw.output_per_stream),
            ("output", &raw.output),
        ),
    ];
    pairs.into_iter().filter_map(|(useless, late, early)| {
        let at = late.1.as_ref().or(early.1.as_ref()).filter(|_| useless)?;
        let warning = Warning::NeverReached {
            key: late.0,
            other: early.0,
        };
        Some((at.span(), warning))
    })
}

/// A signal at the end, or right before a `"kill"` that says what comes anyway.
fn late_signal(raw: &RawLimits) -> Option<Found> {
    let words = raw.teardown.as_ref()?.get_ref();
    let mut signals = words.iter().rev().map_while(|word| {
        let signal = word.get_ref().parse::<Signal>().ok()?;
        Some((word.span(), signal))
    });
    let (span, signal) = signals.find(|(_, signal)| *signal != Signal::Kill)?;
    Some((span, Warning::LateSignal(signal)))
}
