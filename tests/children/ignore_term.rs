//! `ignore-term`: lets no `SIGTERM` reach it, prints `ready`, and stays.
#![no_main]

mod bare;

use nix::sys::signal::{SigSet, Signal};

bare::bare_main!(run);

fn run() -> i32 {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGTERM);
    signals.thread_block().expect("a signal can be blocked");
    println!("ready");
    loop {
        std::thread::park();
    }
}
