//! A child that writes for ever and is never read, beside another guest.

use crate::host;
use offspring_bench::Work;
use offspring_bench::guest::{Generation, Guest};
use std::time::{Duration, Instant};

/// Spawns of the other guest in one round.
const ROUND: usize = 50;

/// Let it write for so many seconds.
pub async fn beside_another(seconds: u64) -> anyhow::Result<()> {
    let mut other = Guest::start(Generation::P3).await?;
    other.order(Work::Spawn(ROUND)).await?;
    let alone = rounds(&mut other, Duration::from_secs(seconds.min(10))).await?;
    let mut flooding = Guest::start(Generation::P3).await?;
    flooding.order(Work::Flood).await?;
    let memory = host::resident()?;
    let beside = rounds(&mut other, Duration::from_secs(seconds)).await?;
    let grown = host::resident()?.cast_signed() - memory.cast_signed();
    println!(
        "a flood for {seconds} s that nobody reads: the host has grown by {grown} KiB; a spawn of \
         another guest takes {:.0} us beside it and {:.0} us without, {:.3}",
        micros(beside),
        micros(alone),
        beside.as_secs_f64() / alone.as_secs_f64(),
    );
    flooding.order(Work::Dismiss).await?;
    flooding.finish().await?;
    other.finish().await
}

/// The median time of a spawn, of rounds for as long.
async fn rounds(guest: &mut Guest, long: Duration) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let mut times = Vec::new();
    while start.elapsed() < long {
        times.push(guest.order(Work::Spawn(ROUND)).await?);
    }
    times.sort();
    Ok(times[times.len() / 2] / ROUND as u32)
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
