//! `last-words`: prints `ready`, then the name of each of `SIGINT`, `SIGHUP` and
//! `SIGTERM` that reaches it. After `SIGTERM` it exits with code 3.
#![no_main]

mod bare;

use nix::sys::signal::{SigSet, Signal};

bare::bare_main!(run);

fn run() -> i32 {
    let signals: SigSet = [Signal::SIGINT, Signal::SIGHUP, Signal::SIGTERM]
        .into_iter()
        .collect();
    signals.thread_block().expect("signals can be blocked");
    println!("ready");
    loop {
        let signal = signals.wait().expect("a signal can be waited for");
        println!("{signal}");
        if signal == Signal::SIGTERM {
            return 3;
        }
    }
}
