//! `leave-echo`: leaves a child behind that escapes from the group and the
//! session, and exits. What is left prints its pid and then answers each line of
//! the input with the line, until the input ends.
#![no_main]

mod again;
mod bare;

use std::io::{self, BufRead as _};

bare::bare_main!(run);

fn run() -> i32 {
    again::again(answer);
    0
}

fn answer() -> ! {
    nix::unistd::setsid().expect("it leads no group");
    println!("{}", std::process::id());
    for line in io::stdin().lock().lines() {
        println!("{}", line.expect("input can be read"));
    }
    std::process::exit(0)
}
