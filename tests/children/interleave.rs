//! `interleave TIMES`: writes a line to standard output, then one to standard
//! error, and so on by turns.
#![no_main]

mod bare;

use std::io::{self, Write as _};

bare::bare_main!(run);

fn run() -> i32 {
    let times: u32 = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .expect("usage: interleave TIMES");
    for n in 0..times {
        println!("out {n}");
        io::stdout().flush().expect("output can be written");
        eprintln!("err {n}");
    }
    0
}
