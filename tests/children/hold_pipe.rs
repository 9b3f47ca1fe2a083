//! `hold-pipe`: leaves a child behind that holds its output open, prints that
//! child's pid, and exits.
#![no_main]

mod again;
mod bare;
mod stay;

use std::fs::File;

bare::bare_main!(run);

fn run() -> i32 {
    println!("{}", again::again(hold));
    0
}

fn hold() -> ! {
    let null = File::open("/dev/null").expect("there is one");
    nix::unistd::dup2_stdin(null).expect("it is open");
    stay::stay()
}
