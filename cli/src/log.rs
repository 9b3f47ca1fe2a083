//! What the host library tells of its own failures, which no guest is told.

use crate::report;
use std::fmt::{self, Write};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Prints the host library's errors from now on, such as a confinement that cannot be put up for
/// what one rule grants.
pub(crate) fn print_errors() {
    // Only a second one is refused, and there is none.
    let _ = tracing::subscriber::set_global_default(Errors);
}

struct Errors;

impl Subscriber for Errors {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::ERROR && metadata.target().starts_with("offspring_host")
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::ERROR)
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        report::failure(&[line.message, line.rest].concat());
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The message, and then whatever else there is.
#[derive(Default)]
struct Line {
    message: String,
    rest: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // A text in memory takes everything.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            _ => write!(self.rest, ": {value:?}"),
        };
    }
}
