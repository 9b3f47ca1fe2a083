//! `-W`, `--timeout` and `--fuel`: bounds of the guest itself.

use super::units::duration;
use clap::Args;
use std::str::FromStr;
use std::time::Duration;

/// The bounds, in wasmtime's spelling and in a plain one.
#[derive(Args, Debug)]
pub(crate) struct LimitArgs {
    /// End the guest and its children after this time: 500ms, 30s, 5min, 1h, or seconds
    #[arg(long, value_name = "TIME", value_parser = duration)]
    timeout: Option<Duration>,

    /// End the guest after this much computation, in units that are about one instruction each
    #[arg(long, value_name = "N")]
    fuel: Option<u64>,

    /// The same limits as wasmtime spells them: timeout=TIME, fuel=N; --timeout and --fuel count first
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
