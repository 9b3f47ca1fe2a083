//! `descendants`: leaves behind a process that has escaped from the group, the
//! session and the parenthood of the child, prints that process's pid, and
//! stays. This is the double fork of a daemon.
#![no_main]

mod again;
mod bare;
mod stay;

use nix::sys::wait::{WaitStatus, waitpid};

bare::bare_main!(run);

fn run() -> i32 {
    let middle = again::again(leave);
    let end = waitpid(middle, None).expect("it is a child");
    assert_eq!(
        end,
        WaitStatus::Exited(middle, 0),
        "the middle process failed"
    );
    stay::stay()
}

fn leave() -> ! {
    nix::unistd::setsid().expect("the middle process leads no group");
    again::again(escaped);
    std::process::exit(0)
}

fn escaped() -> ! {
    println!("{}", std::process::id());
    stay::stay()
}
