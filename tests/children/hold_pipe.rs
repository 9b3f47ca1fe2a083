//! `hold-pipe`: leaves a child behind that holds its output open, prints that
//! child's pid, and exits.
#![no_main]

mod again;
mod bare;

bare::bare_main!(run);

fn run() -> i32 {
    if std::env::args().nth(1).as_deref() == Some("hold") {
        loop {
            std::thread::park();
        }
    }
    println!("{}", again::again("hold").id());
    0
}
