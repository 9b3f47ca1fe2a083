//! Times and sizes on the command line: as in a policy, and a time may be a number of seconds.

use offspring_policy::units;
use std::time::Duration;

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<u64>().ok().map(|_| format!("{text}s"));
    let time = units::duration(seconds.as_deref().unwrap_or(text));
    time.ok_or_else(|| {
        format!("`{text}` is not a time; write 500ms, 30s, 5min, 1h, 2d, or seconds")
    })
}

pub(super) fn size(text: &str) -> Result<u64, String> {
    let size = units::size(text);
    size.ok_or_else(|| {
        format!("`{text}` is not a size; write a number with B, KiB, MiB, GiB, kB, MB or GB, such as 64MiB")
    })
}

#[cfg(test)]
mod tests {
    use super::{duration, size};
    use std::time::Duration;

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "s", "-1s", "+1", "1.5s", "2w", "99999999999999999999"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_alone_is_of_seconds() {
        assert_eq!(duration("2"), Ok(Duration::from_secs(2)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("20ms"), Ok(Duration::from_millis(20)));
        assert_eq!(duration("1d"), Ok(Duration::from_secs(86_400)));
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in [
            "",
            "64",
            "MiB",
            "1.5GiB",
            "-1MiB",
            "64mib",
            "99999999999GiB",
        ] {
            assert!(size(text).is_err(), "{text}");
        }
        assert_eq!(size("64MiB"), Ok(64 << 20));
        assert_eq!(size("64MB"), Ok(64_000_000));
    }
}
