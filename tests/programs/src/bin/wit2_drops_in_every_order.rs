//! A child, its streams, its futures and their pollables are dropped in every
//! order, as a garbage collector may do.

use offspring_test_programs::support::orders;
use offspring_test_programs::wit2::process::{Child, FutureExit, FutureOutput, Stdio};
use offspring_test_programs::wit2::{command, poll, start, streams};

/// Whatever can be dropped.
#[expect(dead_code, reason = "they are here to be dropped")]
enum Thing {
    Child(Child),
    Input(streams::InputStream),
    Output(streams::OutputStream),
    Exit(FutureExit),
    All(FutureOutput),
    Pollable(poll::Pollable),
}

fn child() -> Child {
    let command = command("echo-lines", &[]);
    command.stdin(&Stdio::Pipe);
    command.stdout(&Stdio::Pipe);
    start(command).expect("it starts")
}

fn drop_in(order: &[usize], things: Vec<Thing>) {
    let mut things: Vec<_> = things.into_iter().map(Some).collect();
    for place in order {
        drop(things[*place].take());
    }
}

fn main() {
    for order in orders(5) {
        let child = child();
        let stdin = child.stdin().expect("a pipe");
        stdin.blocking_write_and_flush(b"x").expect("it listens");
        let stdout = child.stdout().expect("a pipe");
        let exit = child.wait();
        let pollable = exit.subscribe();
        let things = vec![
            Thing::Child(child),
            Thing::Output(stdin),
            Thing::Input(stdout),
            Thing::Exit(exit),
            Thing::Pollable(pollable),
        ];
        drop_in(&order, things);
    }
    for order in orders(4) {
        let child = child();
        let closed = child.stdin_closed().expect("a pipe");
        let all = child.communicate(Some(b"y"), 10);
        let pollable = all.subscribe();
        let things = vec![
            Thing::Child(child),
            Thing::All(all),
            Thing::Pollable(pollable),
            Thing::Pollable(closed),
        ];
        drop_in(&order, things);
    }
    // Pollables that outlive what they watch become ready all the same.
    let child = child();
    let exit = child.wait();
    let (pollable, closed) = (exit.subscribe(), child.stdin_closed().expect("a pipe"));
    drop((exit, child));
    pollable.block();
    closed.block();
}
