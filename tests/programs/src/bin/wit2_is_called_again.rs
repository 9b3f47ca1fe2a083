//! The children of one call are there for the next one on the same instance,
//! and so is what the guest has begun to wait for.

use std::cell::RefCell;

use offspring_test_programs::again::wit2::{Guest, export_again};
use offspring_test_programs::wit2::process::{Child, FutureChild, FutureExit, Stdio, spawn};
use offspring_test_programs::wit2::streams::{InputStream, OutputStream};
use offspring_test_programs::wit2::{command, start};

struct Program;

export_again!(Program);

/// What the first call keeps.
struct Kept {
    stdin: OutputStream,
    stdout: InputStream,
    exit: FutureExit,
    child: Child,
    spawned: FutureChild,
}

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

fn main() {
    let filter = command("echo-lines", &[]);
    filter.stdin(&Stdio::Pipe);
    filter.stdout(&Stdio::Pipe);
    let other = command("sink", &[]);
    other.stdin(&Stdio::Pipe);
    let child = start(filter).expect("it starts");
    let kept = Kept {
        stdin: child.stdin().expect("a pipe"),
        stdout: child.stdout().expect("a pipe"),
        exit: child.wait(),
        child,
        spawned: spawn(other),
    };
    KEPT.set(Some(kept));
}

impl Guest for Program {
    fn again() {
        let kept = KEPT.take().expect("the first call has kept it");
        kept.stdin
            .blocking_write_and_flush(b"hello\n")
            .expect("it listens");
        let answer = kept.stdout.blocking_read(100).expect("it answers");
        assert_eq!(answer, b"HELLO\n");
        drop(kept.stdin);
        kept.exit.subscribe().block();
        let exit = kept.exit.get().expect("it is ready");
        assert!(exit.is_ok());
        assert!(kept.child.kill().is_err(), "it has exited");

        kept.spawned.subscribe().block();
        let other = kept.spawned.get().expect("it is ready").expect("it starts");
        other.terminate().expect("it runs");
        other.wait().subscribe().block();
    }
}
