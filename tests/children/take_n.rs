//! `take-n BYTES`: takes exactly that many bytes of its input, never one more,
//! copies them to its output, and exits.
#![no_main]

mod bare;

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsFd as _;

bare::bare_main!(run);

fn run() -> i32 {
    let bytes = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .expect("usage: take-n BYTES");
    // The standard library's own reader of standard input reads ahead.
    let input = io::stdin()
        .as_fd()
        .try_clone_to_owned()
        .expect("input is open");
    let mut taken = vec![0; bytes];
    if File::from(input).read_exact(&mut taken).is_err() {
        return 1;
    }
    let written = io::stdout().write_all(&taken);
    i32::from(written.is_err())
}
