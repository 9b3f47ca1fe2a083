//! Very many spawns in one host.

use crate::{host, plot};
use offspring_bench::Work;
use offspring_bench::guest::{Generation, Guest};
use std::time::Instant;

/// How often the host is looked at.
const SAMPLES: usize = 100;

/// What the host has after so many spawns.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub spawns: usize,
    pub resident: u64,
    pub descriptors: usize,
    pub zombies: usize,
}

impl Sample {
    fn take(spawns: usize) -> anyhow::Result<Self> {
        Ok(Self {
            spawns,
            resident: host::resident()?,
            descriptors: host::descriptors()?,
            zombies: host::zombies()?,
        })
    }
}

/// Have two guests, one of each generation, spawn `count` children together, in turns.
pub async fn many(count: usize) -> anyhow::Result<()> {
    let mut guests = [
        Guest::start(Generation::P3).await?,
        Guest::start(Generation::P2).await?,
    ];
    let each = count / SAMPLES / guests.len();
    for guest in &mut guests {
        guest.order(Work::Spawn(1)).await?;
    }
    let start = Instant::now();
    let mut samples = vec![Sample::take(0)?];
    for _ in 0..SAMPLES {
        for guest in &mut guests {
            guest.order(Work::Spawn(each)).await?;
        }
        let spawns = samples[samples.len() - 1].spawns + each * guests.len();
        samples.push(Sample::take(spawns)?);
    }
    let time = start.elapsed().as_secs_f64();
    let last = samples[samples.len() - 1];
    let early = samples[SAMPLES / 10];
    println!(
        "{} spawns in {time:.0} s, {:.0} a second",
        last.spawns,
        last.spawns as f64 / time
    );
    for sample in samples.iter().step_by(SAMPLES / 10) {
        println!(
            "  after {:>6}: {:>6} KiB resident, {} descriptors, {} zombies",
            sample.spawns, sample.resident, sample.descriptors, sample.zombies
        );
    }
    println!(
        "  from {} to {} spawns the host has grown by {} KiB; {} to {} descriptors, at most {} zombies",
        early.spawns,
        last.spawns,
        last.resident.cast_signed() - early.resident.cast_signed(),
        samples.iter().map(|it| it.descriptors).min().unwrap_or(0),
        samples.iter().map(|it| it.descriptors).max().unwrap_or(0),
        samples.iter().map(|it| it.zombies).max().unwrap_or(0),
    );
    for guest in guests {
        guest.finish().await?;
    }
    println!("  {}", plot::write(&samples)?.display());
    Ok(())
}
