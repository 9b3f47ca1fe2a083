//! The guest of generation 0.2.

use offspring::p2::{P2, block_on};

fn main() -> anyhow::Result<()> {
    block_on(offspring_bench_guests::serve::<P2>())
}
