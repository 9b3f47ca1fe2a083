//! What the small processes cost that hold confined children.

use crate::{median, sorted};
use offspring_bench::confined::Confined;
use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

/// How much longer a guest's first child takes than its second, which needs no new process to hold
/// it.
pub async fn first_spawns(guests: usize) -> anyhow::Result<()> {
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for _ in 0..guests {
        let confined = Confined::new()?;
        first.push(confined.run().await?);
        later.push(confined.run().await?);
    }
    let (first, later) = (sorted(&first), sorted(&later));
    println!(
        "first spawn of a guest, {guests} guests: median {:.2} ms, later ones {:.2} ms: {:.2} ms more",
        median(&first) / 1e3,
        median(&later) / 1e3,
        (median(&first) - median(&later)) / 1e3,
    );
    Ok(())
}

/// So many guests at once, each with a child that has run.
pub async fn many(guests: usize) -> anyhow::Result<()> {
    let before = kernel_memory()?;
    let start = Instant::now();
    let mut held = Vec::new();
    for _ in 0..guests {
        let confined = Confined::new()?;
        confined.run().await?;
        held.push(confined);
    }
    let time: Duration = start.elapsed();
    let after = kernel_memory()?;
    let private = private_memory()?;
    anyhow::ensure!(
        private.len() == guests,
        "{} wardens for {guests} guests",
        private.len()
    );
    println!(
        "{guests} guests at once, with a warden each: {:.0} ms; private memory of a warden \
         {} to {} KiB, median {}; kernel memory {:.0} KiB each",
        time.as_secs_f64() * 1e3,
        private[0],
        private[private.len() - 1],
        private[private.len() / 2],
        (after - before) / guests as f64,
    );
    Ok(())
}

/// What each warden has for itself alone, in KiB, the least first.
fn private_memory() -> anyhow::Result<Vec<u64>> {
    let own = std::process::id().to_string();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let path = entry?.path();
        let Ok(status) = fs::read_to_string(path.join("status")) else {
            continue;
        };
        let fields: BTreeMap<_, _> = status
            .lines()
            .filter_map(|line| line.split_once(':'))
            .collect();
        let is = |name, value: &str| fields.get(name).is_some_and(|found| found.trim() == value);
        if !is("PPid", &own) || !is("Name", "offspring-wardn") {
            continue;
        }
        let rollup = fs::read_to_string(path.join("smaps_rollup"))?;
        let private = rollup.lines().filter(|line| line.starts_with("Private_"));
        found.push(private.filter_map(kib).sum());
    }
    found.sort_unstable();
    Ok(found)
}

/// What the kernel holds for processes, in KiB: what it cannot give back, stacks and page tables.
fn kernel_memory() -> anyhow::Result<f64> {
    let memory = fs::read_to_string("/proc/meminfo")?;
    let counted = |line: &&str| {
        ["SUnreclaim:", "KernelStack:", "PageTables:", "Percpu:"]
            .iter()
            .any(|name| line.starts_with(name))
    };
    Ok(memory.lines().filter(counted).filter_map(kib).sum::<u64>() as f64)
}

fn kib(line: &str) -> Option<u64> {
    line.split_whitespace().nth(1)?.parse().ok()
}
