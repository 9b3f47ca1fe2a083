//! Builds the guests of the benchmark.

use offspring_build_guests::{Profile, build};

fn main() {
    let sources = [
        "guests",
        "../guest",
        "../wit",
        "../Cargo.toml",
        "../Cargo.lock",
    ];
    let components = build(&["offspring-bench-guests"], Profile::Release, &sources);
    println!(
        "cargo::rustc-env=OFFSPRING_BENCH_GUESTS={}",
        components.display()
    );
}
