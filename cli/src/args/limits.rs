//! `-W`, `--timeout` and `--fuel`: bounds of the guest itself.

use clap::Args;
use std::str::FromStr;
use std::time::Duration;

/// The bounds, in wasmtime's spelling and in a plain one.
#[derive(Args, Debug)]
pub(crate) struct LimitArgs {
    /// End the guest and its children after this time: 500ms, 30s, 5m, 1h, or seconds
    #[arg(long, value_name = "TIME", value_parser = duration)]
    timeout: Option<Duration>,

    /// End the guest after this much computation, in units that are about one instruction each
    #[arg(long, value_name = "N")]
    fuel: Option<u64>,

    /// The same limits as wasmtime spells them: timeout=TIME, fuel=N
    #[arg(
        short = 'W',
        long = "wasm",
        value_name = "KEY=VAL",
        value_delimiter = ','
    )]
    wasm: Vec<WasmOption>,
}

impl LimitArgs {
    /// How long the guest may run. What is written last counts.
    pub(crate) fn timeout(&self) -> Option<Duration> {
        let written = self.wasm.iter().rev().find_map(|option| match option {
            WasmOption::Timeout(time) => Some(*time),
            WasmOption::Fuel(_) => None,
        });
        self.timeout.or(written)
    }

    /// How much the guest may compute. What is written last counts.
    pub(crate) fn fuel(&self) -> Option<u64> {
        let written = self.wasm.iter().rev().find_map(|option| match option {
            WasmOption::Fuel(fuel) => Some(*fuel),
            WasmOption::Timeout(_) => None,
        });
        self.fuel.or(written)
    }
}

/// One `KEY=VAL` of `-W`.
#[derive(Clone, Debug)]
enum WasmOption {
    Timeout(Duration),
    Fuel(u64),
}

impl FromStr for WasmOption {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some(("timeout", time)) => duration(time).map(Self::Timeout),
            Some(("fuel", fuel)) => {
                let fuel = fuel
                    .parse()
                    .map_err(|_| format!("`{fuel}` is not a number"))?;
                Ok(Self::Fuel(fuel))
            }
            _ => Err("the options are timeout=TIME and fuel=N".to_owned()),
        }
    }
}

/// A number with a unit; one without is of seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let milliseconds = match unit {
        "ms" => 1,
        "" | "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => 0,
    };
    let time = number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(milliseconds));
    match time {
        Some(time) if milliseconds > 0 => Ok(Duration::from_millis(time)),
        _ => Err(format!(
            "`{text}` is not a time; write 500ms, 30s, 5m, 1h, or seconds"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;
    use std::time::Duration;

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "s", "-1s", "1.5s", "3 s", "2w", "99999999999999999999"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_alone_is_of_seconds() {
        assert_eq!(duration("2"), Ok(Duration::from_secs(2)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("20ms"), Ok(Duration::from_millis(20)));
    }
}
