//! Runs a case in WASI 0.3.

use offspring::p3::P3;

async fn run() {
    offspring_test_programs::cases::run::<P3>().await;
}

offspring::p3::main!(run);
