//! The guest of generation 0.3.

use offspring::p3::P3;

async fn run() -> anyhow::Result<()> {
    offspring_bench_guests::serve::<P3>().await
}

offspring::p3::main!(run);
