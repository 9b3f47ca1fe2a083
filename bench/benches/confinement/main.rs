//! What confinement costs, beside std::process in the same run:
//! `cargo bench -p offspring-bench --bench confinement`.
//!
//! Each pair spawns `/bin/true` and waits for it once confined and once with std::process, in
//! alternating order, so that whatever else the machine does meets both alike. The figures are the
//! ratio of the minima and the ratio of the medians. A word as argument chooses what is measured:
//! `small host`, `touched memory`, `instances`, `guest`, `bwrap`, `first spawns`, `many wardens`;
//! `--quick` measures less.

mod hosts;
mod wardens;

use offspring_bench::confined::Confined;
use offspring_bench::guest::{Generation, Guest};
use offspring_bench::{Work, native};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let quick = std::env::args().any(|arg| arg == "--quick");
    let wanted = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let wants = |name: &str| {
        wanted
            .as_ref()
            .is_none_or(|wanted| name.contains(wanted.as_str()))
    };
    let pairs = if quick { 100 } else { 2000 };

    println!("spawn and wait of /bin/true, confined : std::process, {pairs} pairs");
    if wants("small host") {
        report("in a small host", &compare(pairs).await?);
    }
    if wants("touched memory") {
        let _touched = hosts::touched(2 << 30);
        report("with 2 GiB touched", &compare(pairs).await?);
    }
    if wants("instances") {
        let _instances = hosts::instances(1000)?;
        report("with 1,000 instances", &compare(pairs).await?);
    }
    for generation in [Generation::P3, Generation::P2] {
        let name = format!("by a guest of {generation:?}");
        if wants(&name) {
            report(&name, &through_guest(generation, pairs).await?);
        }
    }
    if wants("bwrap") {
        match std::env::var("PATH").is_ok_and(|path| has_bubblewrap(&path)) {
            true => report("bwrap --unshare-all", &bubblewrap(pairs.min(300))?),
            false => println!("bwrap is not installed, so there is no comparison with it"),
        }
    }
    if wants("first spawns") {
        wardens::first_spawns(if quick { 5 } else { 50 }).await?;
    }
    if wants("many wardens") {
        wardens::many(if quick { 20 } else { 200 }).await?;
    }
    Ok(())
}

/// Times of both sides.
struct Times {
    ours: Vec<Duration>,
    native: Vec<Duration>,
}

async fn compare(pairs: usize) -> anyhow::Result<Times> {
    let confined = Confined::new()?;
    confined.run().await?;
    let mut times = Times::new();
    for pair in 0..pairs {
        if pair % 2 == 0 {
            times.ours.push(confined.run().await?);
            times.native.push(spawn(&mut plain())?);
        } else {
            times.native.push(spawn(&mut plain())?);
            times.ours.push(confined.run().await?);
        }
    }
    Ok(times)
}

async fn through_guest(generation: Generation, pairs: usize) -> anyhow::Result<Times> {
    let mut guest = Guest::start(generation).await?;
    guest.order(Work::Spawn(1)).await?;
    native::run(Work::Spawn(1)).await?;
    let mut times = Times::new();
    for _ in 0..pairs {
        times.ours.push(guest.order(Work::Spawn(1)).await?);
        times.native.push(spawn(&mut plain())?);
    }
    guest.finish().await?;
    Ok(times)
}

/// The usual tool for the same purpose, as one would call it for one command.
fn bubblewrap(pairs: usize) -> anyhow::Result<Times> {
    let mut times = Times::new();
    for _ in 0..pairs {
        let mut wrapped = command("bwrap");
        wrapped.args([
            "--unshare-all",
            "--die-with-parent",
            "--ro-bind",
            "/usr",
            "/usr",
        ]);
        for link in ["bin", "lib", "lib64"] {
            wrapped.args(["--symlink", &format!("usr/{link}"), &format!("/{link}")]);
        }
        wrapped.args(["--dev", "/dev", "/bin/true"]);
        times.ours.push(spawn(&mut wrapped)?);
        times.native.push(spawn(&mut plain())?);
    }
    Ok(times)
}

fn has_bubblewrap(path: &str) -> bool {
    std::env::split_paths(path).any(|directory| directory.join("bwrap").is_file())
}

fn plain() -> Command {
    command("/bin/true")
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is what the host is compared with"
)]
fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn spawn(command: &mut Command) -> anyhow::Result<Duration> {
    let start = Instant::now();
    let status = command.spawn()?.wait()?;
    let time = start.elapsed();
    anyhow::ensure!(status.success(), "{command:?} failed");
    Ok(time)
}

impl Times {
    fn new() -> Self {
        Self {
            ours: Vec::new(),
            native: Vec::new(),
        }
    }
}

fn report(name: &str, times: &Times) {
    let ours = sorted(&times.ours);
    let native = sorted(&times.native);
    let ratio = |of: fn(&[f64]) -> f64| of(&ours) / of(&native);
    println!(
        "  {name:22} minima {:5.0} : {:4.0} us = {:.3}   medians {:5.0} : {:4.0} us = {:.3}",
        ours[0],
        native[0],
        ratio(|times| times[0]),
        median(&ours),
        median(&native),
        ratio(median),
    );
}

/// Microseconds, the shortest first.
fn sorted(times: &[Duration]) -> Vec<f64> {
    let mut micros: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e6).collect();
    micros.sort_by(f64::total_cmp);
    micros
}

fn median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}
