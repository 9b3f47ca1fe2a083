//! `kill-self SIGNAL`: raises a signal, such as `SIGTERM`, in itself.
#![no_main]

mod bare;

use nix::sys::signal::{Signal, raise};

bare::bare_main!(run);

fn run() -> i32 {
    let signal = std::env::args()
        .nth(1)
        .and_then(|name| name.parse::<Signal>().ok());
    raise(signal.expect("usage: kill-self SIGNAL")).expect("a process may signal itself");
    // The signal was ignored or blocked, or is one that ends nothing.
    0
}
