//! `sink`: reads all of its input, then prints how many bytes there were and
//! their 64-bit FNV-1a hash, such as `0 cbf29ce484222325`.
#![no_main]

mod bare;

use std::io::{self, Read as _};

bare::bare_main!(run);

fn run() -> i32 {
    let mut input = io::stdin().lock();
    let mut buffer = [0; 65_536];
    let (mut count, mut hash) = (0_u64, 0xcbf2_9ce4_8422_2325_u64);
    loop {
        let length = input.read(&mut buffer).expect("input can be read");
        if length == 0 {
            break;
        }
        count += length as u64;
        for byte in &buffer[..length] {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    println!("{count} {hash:016x}");
    0
}
