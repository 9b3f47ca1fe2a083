//! Times, sizes and rates as people write them: in policies, and on command lines.

use crate::Rate;
use crate::defaults::LONGEST;
use std::time::Duration;

/// Reads `500ms`, `30s`, `5min`, `5m`, `1h`, `2d`; what is longer than ten years is none.
///
/// ```
/// use offspring_policy::units::duration;
/// use std::time::Duration;
///
/// assert_eq!(duration("5min"), Some(Duration::from_secs(300)));
/// assert_eq!(duration("300"), None);
/// ```
pub fn duration(text: &str) -> Option<Duration> {
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

/// Reads `512B`, `64KiB`, `64MiB`, `1GiB`, and the decimal `kB`, `MB`, `GB`, as a number of bytes.
///
/// ```
/// use offspring_policy::units::size;
///
/// assert_eq!(size("64KiB"), Some(65_536));
/// assert_eq!(size("64K"), None);
/// ```
pub fn size(text: &str) -> Option<u64> {
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
    let fitting = units
        .iter()
        .find(|(unit, _)| bytes > 0 && bytes.is_multiple_of(*unit));
    let (unit, name) = fitting.copied().unwrap_or((1, "B"));
    format!("{}{name}", bytes / unit)
}

/// A time as [`duration`] reads it, in the largest unit that it is a whole number of. A guest can
/// ask for one that is no whole number of milliseconds, which is written for people only.
pub(crate) fn written_duration(time: Duration) -> String {
    if !time.subsec_nanos().is_multiple_of(1_000_000) {
        return format!("{time:?}");
    }
    let milliseconds = time.as_millis();
    let units = [
        (24 * 60 * 60 * 1000, "d"),
        (60 * 60 * 1000, "h"),
        (60 * 1000, "min"),
        (1000, "s"),
    ];
    let fitting = units
        .iter()
        .find(|(unit, _)| milliseconds > 0 && milliseconds.is_multiple_of(*unit));
    let (unit, name) = fitting.copied().unwrap_or((1, "ms"));
    format!("{}{name}", milliseconds / unit)
}

/// Reads `10/s`, `100/min`, `3/5s`.
pub fn rate(text: &str) -> Option<Rate> {
    let (count, period) = text.split_once('/')?;
    if !count.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count = count.parse().ok().filter(|count| *count > 0)?;
    let period = match period.bytes().next() {
        Some(b'0'..=b'9') => duration(period)?,
        _ => duration(&format!("1{period}"))?,
    };
    (!period.is_zero()).then_some(Rate { count, period })
}

/// A rate as [`rate`] reads it.
pub(crate) fn written_rate(rate: Rate) -> String {
    let period = written_duration(rate.period);
    let unit = period.strip_prefix('1').unwrap_or(&period);
    // Of `10s`, no more than the unit may be left.
    let single = unit.bytes().all(|byte| byte.is_ascii_alphabetic());
    format!("{}/{}", rate.count, if single { unit } else { &period })
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
    fn texts_that_are_no_rate_are_refused() {
        for text in [
            "",
            "10",
            "/s",
            "10/",
            "0/s",
            "-1/s",
            "+1/s",
            "1.5/s",
            "10/0s",
            "10/month",
            "10/s/s",
            "10 /s",
            "10/-5s",
            "4294967296/s",
        ] {
            assert_eq!(rate(text), None, "{text}");
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
        for text in ["0B", "1B", "1023B", "1KiB", "1536KiB", "64MiB", "3GiB"] {
            assert_eq!(size(text).map(written).as_deref(), Some(text));
        }
    }

    #[test]
    fn a_time_and_a_rate_are_written_as_they_would_be_read() {
        for text in ["0ms", "1500ms", "10s", "90s", "5min", "36h", "7d"] {
            assert_eq!(duration(text).map(written_duration).as_deref(), Some(text));
        }
        for text in [
            "10/s", "100/min", "1/h", "3/5s", "3/10s", "7/1500ms", "1/ms",
        ] {
            assert_eq!(rate(text).map(written_rate).as_deref(), Some(text));
        }
        assert_eq!(rate("6/60s").map(written_rate).as_deref(), Some("6/min"));
    }
}
