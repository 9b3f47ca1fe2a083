//! What a host is like after many children, with many, and beside one that floods:
//! `cargo bench -p offspring-bench --bench endurance`.
//!
//! A word as argument chooses what is measured: `spawns`, `crowd`, `flood`; `--quick` measures less.
//! `spawns` writes its plot to `target/endurance/spawns.svg`.

mod crowd;
mod flood;
mod host;
mod plot;
mod spawns;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    // Before the first guest asks how many there may be.
    let most = getrlimit(Resource::Nofile).maximum;
    let raised = Rlimit {
        current: most,
        maximum: most,
    };
    setrlimit(Resource::Nofile, raised)?;
    let quick = std::env::args().any(|arg| arg == "--quick");
    let wanted = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let wants = |name: &str| wanted.as_ref().is_none_or(|wanted| wanted == name);
    if wants("crowd") {
        crowd::one_guest(if quick { 100 } else { 1000 }).await?;
        crowd::many_guests(if quick { 10 } else { 100 }, 10).await?;
    }
    if wants("flood") {
        flood::beside_another(if quick { 5 } else { 60 }).await?;
    }
    if wants("spawns") {
        spawns::many(if quick { 2_000 } else { 100_000 }).await?;
    }
    Ok(())
}
