//! `tick COUNT MILLISECONDS`: prints so many lines, after so much time each.
#![no_main]

mod bare;

use std::time::Duration;

bare::bare_main!(run);

const USAGE: &str = "usage: tick COUNT MILLISECONDS";

fn run() -> i32 {
    let mut numbers = std::env::args()
        .skip(1)
        .map(|it| it.parse::<u64>().expect(USAGE));
    let mut next = || numbers.next().expect(USAGE);
    let (count, time) = (next(), Duration::from_millis(next()));
    for n in 0..count {
        std::thread::park_timeout(time);
        println!("tick {n}");
    }
    0
}
