//! `descendants`: leaves behind a process that has escaped from the group, the
//! session and the parenthood of the child, prints that process's pid, and
//! stays. This is the double fork of a daemon.
#![no_main]

mod again;
mod bare;

bare::bare_main!(run);

#[expect(
    clippy::zombie_processes,
    reason = "what stays is to be nobody's child"
)]
fn run() -> i32 {
    match std::env::args().nth(1).as_deref() {
        None => {
            let left = again::again("leave")
                .wait()
                .expect("the middle process can be awaited");
            assert!(left.success(), "the middle process failed");
            stay()
        }
        Some("leave") => {
            nix::unistd::setsid().expect("the middle process leads no group");
            again::again("stay");
            0
        }
        Some(_) => {
            println!("{}", std::process::id());
            stay()
        }
    }
}

fn stay() -> ! {
    loop {
        std::thread::park();
    }
}
