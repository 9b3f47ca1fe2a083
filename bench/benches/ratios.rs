//! Ratios to plain tokio, interleaved in one run: `cargo bench -p offspring-bench`.
//!
//! Each round does the same work natively and through a guest of each generation, one after the
//! other, so that whatever else the machine does meets all of them alike. The figure is the median
//! of the rounds' ratios, with the first and third quartile.

use offspring_bench::guest::{Generation, Guest};
use offspring_bench::{Transfer, Work, native};

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

#[tokio::main(worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let quick = std::env::args().any(|arg| arg == "--quick");
    let rounds = |full: usize| if quick { 3 } else { full };
    let size = |full: usize| if quick { full / 16 } else { full };
    let (mut p2, mut p3) = (
        Guest::start(Generation::P2).await?,
        Guest::start(Generation::P3).await?,
    );

    println!("ratios to plain tokio: median (quartiles), and the median times");
    compare(
        "spawn and wait",
        Work::Spawn(20),
        rounds(60),
        &mut p2,
        &mut p3,
    )
    .await?;
    for (pipe, read) in [(64 * KIB, 64 * KIB), (MIB, 256 * KIB), (MIB, MIB)] {
        let transfer = |bytes| Transfer { bytes, pipe, read };
        let how = format!("pipe {} KiB, read {} KiB", pipe / KIB, read / KIB);
        let work = Work::Read(transfer(size(1024 * MIB)));
        compare(
            &format!("read 1 GiB, {how}"),
            work,
            rounds(9),
            &mut p2,
            &mut p3,
        )
        .await?;
        let work = Work::Echo(transfer(size(512 * MIB)));
        compare(
            &format!("512 MiB through cat, {how}"),
            work,
            rounds(9),
            &mut p2,
            &mut p3,
        )
        .await?;
    }
    p2.finish().await?;
    p3.finish().await
}

async fn compare(
    name: &str,
    work: Work,
    rounds: usize,
    p2: &mut Guest,
    p3: &mut Guest,
) -> anyhow::Result<()> {
    // Once unmeasured, so that caches and pages are there for all.
    native::run(work).await?;
    p2.order(work).await?;
    p3.order(work).await?;
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..rounds {
        // Each goes first, second and third equally often.
        for place in 0..3 {
            let side = (round + place) % 3;
            let time = match side {
                0 => native::run(work).await?,
                1 => p2.order(work).await?,
                _ => p3.order(work).await?,
            };
            times[side].push(time.as_secs_f64());
        }
    }
    let [native, p2, p3] = times;
    println!("{name} ({rounds} rounds)");
    println!("  tokio {:>9.3} ms", quartiles(&native)[1] * 1e3);
    for (generation, guest) in [("0.3", p3), ("0.2", p2)] {
        let ratios: Vec<f64> = guest
            .iter()
            .zip(&native)
            .map(|(guest, native)| guest / native)
            .collect();
        let [low, median, high] = quartiles(&ratios);
        let time = quartiles(&guest)[1] * 1e3;
        println!("  {generation}   {time:>9.3} ms  {median:.3} ({low:.3} to {high:.3})");
    }
    Ok(())
}

fn quartiles(values: &[f64]) -> [f64; 3] {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| sorted[(sorted.len() - 1) * quarter / 4])
}
