//! Very many children at once.

use crate::host;
use offspring_bench::Work;
use offspring_bench::guest::{Generation, Guest};
use std::time::{Duration, Instant};

/// So many children of one guest.
pub async fn one_guest(children: usize) -> anyhow::Result<()> {
    for generation in [Generation::P3, Generation::P2] {
        let mut guests = [Guest::start(generation).await?];
        let name = format!("{children} children of one guest of {generation:?}");
        measure(&name, &mut guests, children).await?;
        let [guest] = guests;
        guest.finish().await?;
        gone().await?;
    }
    Ok(())
}

/// So many guests, and so many children of each.
pub async fn many_guests(guests: usize, children: usize) -> anyhow::Result<()> {
    let start = Instant::now();
    let mut running = Vec::new();
    for _ in 0..guests {
        running.push(Guest::start(Generation::P3).await?);
    }
    println!("{guests} guests are there after {:.2?}", start.elapsed());
    let name = format!("{guests} guests with {children} children each");
    measure(&name, &mut running, children).await?;
    for guest in running {
        guest.finish().await?;
    }
    gone().await
}

async fn measure(name: &str, guests: &mut [Guest], children: usize) -> anyhow::Result<()> {
    // What the first one brings with it is no part of what each costs.
    for guest in &mut *guests {
        guest.order(Work::Spawn(1)).await?;
    }
    let (memory, descriptors) = (host::resident()?, host::descriptors()?);
    let start = Instant::now();
    for guest in &mut *guests {
        guest.order(Work::Gather(children)).await?;
    }
    let spawned = start.elapsed();
    let all = (children * guests.len()) as f64;
    let memory = host::resident()?.saturating_sub(memory) as f64 / all;
    let descriptors = (host::descriptors()? - descriptors) as f64 / all;
    let start = Instant::now();
    for guest in guests {
        guest.order(Work::Dismiss).await?;
    }
    println!(
        "{name}: there after {spawned:.2?} ({:.0} a second), {memory:.1} KiB of the host and \
         {descriptors:.2} descriptors each; gone after {:.2?}",
        all / spawned.as_secs_f64(),
        start.elapsed(),
    );
    Ok(())
}

/// Wait until the wardens are gone too.
async fn gone() -> anyhow::Result<()> {
    let start = Instant::now();
    while host::has_children() {
        anyhow::ensure!(start.elapsed().as_secs() < 10, "there are children left");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}
