//! Times and sizes as people write them.

use crate::defaults::LONGEST;
use std::time::Duration;

/// Reads `500ms`, `30s`, `5min`, `1h`, `2d`.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = number_and_unit(text)?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1000,
        "min" | "m" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        "d" => 24 * 60 * 60 * 1000,
        _ => return None,
    };
    let duration = Duration::from_millis(number.checked_mul(milliseconds)?);
    (duration <= LONGEST).then_some(duration)
}

/// Reads `512B`, `64KiB`, `64MiB`, `1GiB`, and the decimal `kB`, `MB`, `GB`.
pub(crate) fn size(text: &str) -> Option<u64> {
    let (number, unit) = number_and_unit(text)?;
    let bytes = match unit {
        "B" => 1,
        "kB" => 1000,
        "MB" => 1000 * 1000,
        "GB" => 1000 * 1000 * 1000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(bytes)
}

/// A size as [`size`] reads it, in the largest binary unit that it is a whole number of.
pub(crate) fn written(bytes: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let fitting = units.iter().find(|(unit, _)| bytes.is_multiple_of(*unit));
    let (unit, name) = fitting.copied().unwrap_or((1, "B"));
    format!("{}{name}", bytes / unit)
}

fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    Some((number.parse().ok()?, unit.trim_start_matches(' ')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_no_time_are_refused() {
        for text in [
            "",
            "30",
            "s",
            "-1s",
            "1.5s",
            "30 s ",
            "1y",
            "99999999999999999999s",
            "4000d",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn texts_that_are_no_size_are_refused() {
        for text in ["", "64", "MiB", "-1B", "64mib", "64M", "99999999999999GiB"] {
            assert_eq!(size(text), None, "{text}");
        }
    }

    #[test]
    fn times_and_sizes_are_read() {
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("5min"), Some(Duration::from_secs(300)));
        assert_eq!(duration("1 h"), Some(Duration::from_secs(3600)));
        assert_eq!(size("64MiB"), Some(64 << 20));
        assert_eq!(size("10 MB"), Some(10_000_000));
    }

    #[test]
    fn a_size_is_written_as_it_would_be_read() {
        for text in ["1B", "1023B", "1KiB", "1536KiB", "64MiB", "3GiB"] {
            assert_eq!(size(text).map(written).as_deref(), Some(text));
        }
    }
}
