//! `exit-with CODE`: exits with that code.
#![no_main]

mod bare;

bare::bare_main!(run);

fn run() -> i32 {
    let code = std::env::args().nth(1).and_then(|code| code.parse().ok());
    code.expect("usage: exit-with CODE")
}
