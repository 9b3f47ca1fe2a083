//! `close-stdin-then-wait [FIFO]`: closes its input, prints `closed`, and
//! stays until somebody opens the named pipe for writing, or forever.
#![no_main]

mod bare;

use std::fs::File;

bare::bare_main!(run);

fn run() -> i32 {
    nix::unistd::close(0).expect("input was open");
    println!("closed");
    match std::env::args_os().nth(1) {
        // Opening a named pipe for reading waits for a writer.
        Some(fifo) => i32::from(File::open(fifo).is_err()),
        None => loop {
            std::thread::park();
        },
    }
}
