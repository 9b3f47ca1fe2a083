//! A child, its streams and its futures are dropped in every order, as a garbage
//! collector may do, and whatever they were in the middle of.

use std::any::Any;

use offspring_test_programs::support::orders;
use offspring_test_programs::wit3::process::{Child, Stdio, spawn};
use offspring_test_programs::wit3::{command, wit_stream};

async fn child() -> Child {
    let command = command("echo-lines", &[]);
    command.stdin(&Stdio::Pipe);
    command.stdout(&Stdio::Pipe);
    spawn(command).await.expect("it starts")
}

fn drop_in(order: &[usize], things: Vec<Box<dyn Any>>) {
    let mut things: Vec<_> = things.into_iter().map(Some).collect();
    for place in order {
        drop(things[*place].take());
    }
}

async fn run() {
    for order in orders(5) {
        let child = child().await;
        let (mut stdin, data) = wit_stream::new();
        let written = child.stdin(data).expect("a pipe");
        assert!(stdin.write_all(b"x".to_vec()).await.is_empty());
        let (stdout, read) = child.stdout().expect("a pipe");
        let things: Vec<Box<dyn Any>> = vec![
            Box::new(child),
            Box::new((stdin, written)),
            Box::new(stdout),
            Box::new(read),
            Box::new(()),
        ];
        drop_in(&order, things);
    }
    for order in orders(4) {
        let child = child().await;
        let (exit, other) = (child.wait(), child.wait());
        let all = child.communicate(Some(b"y"), 10);
        let things: Vec<Box<dyn Any>> = vec![
            Box::new(child),
            Box::new(exit),
            Box::new(other),
            Box::new(all),
        ];
        drop_in(&order, things);
    }
    // A future that outlives the child tells its end, and one that nobody awaits is no trap.
    let child = child().await;
    let exit = child.wait();
    drop(child);
    assert!(exit.await.is_ok());
    drop(spawn(command("echo-lines", &[])));
    drop(command("echo-lines", &[]));
}

offspring_test_programs::wit3!(run);
