//! Runs a case in WASI 0.2.

use offspring::p2::{P2, block_on};

fn main() {
    block_on(offspring_test_programs::cases::run::<P2>());
}
