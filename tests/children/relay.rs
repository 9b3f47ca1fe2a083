//! `relay FROM TO`: copies what comes from the descriptor of one number to that of
//! another, as it comes, until the end.
#![no_main]

mod bare;

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::FromRawFd as _;

bare::bare_main!(run);

fn run() -> i32 {
    let mut numbers = std::env::args().skip(1).map(|it| it.parse().ok());
    let (Some(Some(from)), Some(Some(to))) = (numbers.next(), numbers.next()) else {
        panic!("usage: relay FROM TO");
    };
    let (mut from, mut to) = (descriptor(from), descriptor(to));
    let mut chunk = [0; 4096];
    loop {
        match from.read(&mut chunk).expect("it can be read from") {
            0 => return 0,
            read => to.write_all(&chunk[..read]).expect("it can be written to"),
        }
    }
}

#[expect(
    unsafe_code,
    reason = "what a child is given is known by its number alone"
)]
fn descriptor(number: i32) -> File {
    // SAFETY: nothing else in this program uses it.
    unsafe { File::from_raw_fd(number) }
}
