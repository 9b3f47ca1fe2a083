//! `flood BYTES|forever [stdout|stderr|both]`: writes that many bytes, by
//! default to standard output. With `both` each stream gets them, by turns.
//!
//! Byte number n of a stream is n modulo 251, so that a reader can tell
//! whether one is missing.
#![no_main]

mod bare;

use std::io::{self, Write};

bare::bare_main!(run);

const USAGE: &str = "usage: flood BYTES|forever [stdout|stderr|both]";
const PERIOD: usize = 251;

fn run() -> i32 {
    let mut arguments = std::env::args().skip(1);
    let bytes = match arguments.next().as_deref() {
        Some("forever") => usize::MAX,
        Some(bytes) => bytes.parse().expect(USAGE),
        None => panic!("{USAGE}"),
    };
    let mut streams: Vec<Box<dyn Write>> = match arguments.next().as_deref() {
        None | Some("stdout") => vec![Box::new(io::stdout())],
        Some("stderr") => vec![Box::new(io::stderr())],
        Some("both") => vec![Box::new(io::stdout()), Box::new(io::stderr())],
        Some(_) => panic!("{USAGE}"),
    };
    let block: Vec<u8> = (0..PERIOD * 64).map(|n| (n % PERIOD) as u8).collect();
    let mut left = bytes;
    while left > 0 {
        let part = &block[..block.len().min(left)];
        for stream in &mut streams {
            if stream
                .write_all(part)
                .and_then(|()| stream.flush())
                .is_err()
            {
                return 1;
            }
        }
        left -= part.len();
    }
    0
}
