//! `consume cpu|memory BYTES|files|processes`: reads its input to the end, and then
//! uses as much of it as it gets.
//!
//! - `cpu` never ends.
//! - `memory` prints `touched` once it has written to so many bytes, or
//!   `no memory` and exits with code 1.
//! - `files` prints how many descriptors there can be when it gets no more.
//! - `processes` prints how many it has started when it gets no more, or 1000 where
//!   nothing bounds it; all of them stay, and it with them.
#![no_main]

mod bare;
mod stay;

use std::hint::black_box;
use std::io::{self, Read as _};
use std::os::fd::AsRawFd as _;

use nix::errno::Errno;
use nix::unistd::{ForkResult, fork};

bare::bare_main!(run);

const USAGE: &str = "usage: consume cpu|memory BYTES|files|processes";

fn run() -> i32 {
    let mut input = Vec::new();
    io::stdin()
        .read_to_end(&mut input)
        .expect("input can be read");
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("cpu") => loop {
            black_box(());
        },
        Some("memory") => memory(
            arguments
                .next()
                .and_then(|it| it.parse().ok())
                .expect(USAGE),
        ),
        Some("files") => files(),
        Some("processes") => processes(),
        _ => panic!("{USAGE}"),
    }
}

fn memory(bytes: usize) -> i32 {
    let mut block: Vec<u8> = Vec::new();
    if block.try_reserve_exact(bytes).is_err() {
        println!("no memory");
        return 1;
    }
    block.resize(bytes, 1);
    black_box(&block);
    println!("touched");
    0
}

fn files() -> i32 {
    let mut open = Vec::new();
    loop {
        match nix::unistd::dup(io::stdin()) {
            // The least number that is free.
            Ok(another) => open.push(another),
            Err(Errno::EMFILE) => break,
            Err(error) => panic!("{error}"),
        }
    }
    let greatest = open.iter().map(|it| it.as_raw_fd()).max();
    println!("{}", greatest.map_or(0, |it| it + 1));
    0
}

#[expect(
    unsafe_code,
    reason = "a copy of a process with several threads would be unsound"
)]
fn processes() -> i32 {
    let mut count = 0;
    // Where the bound is broken, the machine is not to be.
    while count < 1000 {
        // SAFETY: this process has one thread.
        match unsafe { fork() } {
            Ok(ForkResult::Parent { .. }) => count += 1,
            Ok(ForkResult::Child) => stay::stay(),
            Err(Errno::EAGAIN) => break,
            Err(error) => panic!("{error}"),
        }
    }
    println!("{count}");
    stay::stay()
}
