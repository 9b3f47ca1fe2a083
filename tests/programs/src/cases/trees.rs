//! What a child has started, and what becomes of it where nothing can escape.

use crate::support::{ChildOf, command, first_line, once, piped, start};
use offspring::{Asynchronous, EndCause, Signal, Stdio};
use std::time::Duration;

/// Longer than any of these children needs to start.
const STARTED: Duration = Duration::from_millis(500);

/// A child with a descendant that has left its group and its session, and is no
/// child of its own. Both hold the standard output.
async fn daemon<G: Asynchronous>(deadline: Option<Duration>) -> ChildOf<G> {
    let mut command = command::<G>("descendants", &[]);
    deadline.map(|it| command.deadline(it));
    let mut child = start(command.stdout(Stdio::piped())).await;
    println!("{}", first_line::<G>(&mut child).await);
    child
}

/// Whether a child still answers.
async fn answers<G: Asynchronous>(child: &mut ChildOf<G>) {
    let stdin = child.stdin.as_mut().expect("it is a pipe");
    stdin.write_all(b"still there\n").await.expect("it listens");
    assert_eq!(first_line::<G>(child).await, "STILL THERE");
}

/// A kill, a drop and a deadline leave nothing of it: the pipe that all of it held
/// ends. Another child goes on.
pub(super) async fn leaves_nothing_of_a_tree<G: Asynchronous>() {
    let mut other = piped::<G>("echo-lines", &[]).await;
    let mut end = async |mut child: ChildOf<G>, kill: bool| {
        let mut stdout = child.stdout.take().expect("it is a pipe");
        let exit = child.waiter();
        let (mut kept, mut dropped) = (None, None);
        if kill {
            child.kill().expect("it runs");
            kept = Some(child);
        } else {
            dropped = Some(child);
        }
        drop(dropped);
        let mut more = Vec::new();
        assert_eq!(stdout.read_to_end(&mut more).await, Ok(0));
        answers::<G>(&mut other).await;
        drop(kept);
        exit.await.expect("it ends")
    };
    let killed = end(daemon::<G>(None).await, true).await;
    let how = (killed.signal(), killed.cause());
    assert_eq!(how, (Some(Signal::Kill), None));
    let dropped = end(daemon::<G>(None).await, false).await;
    let how = (dropped.signal(), dropped.cause());
    assert_eq!(how, (Some(Signal::Term), Some(EndCause::OwnerGone)));

    let mut late = daemon::<G>(Some(STARTED)).await;
    let stdout = late.stdout.as_mut().expect("it is a pipe");
    assert_eq!(stdout.read_to_end(&mut Vec::new()).await, Ok(0));
    let late = late.wait().await.expect("it ends");
    let how = (late.signal(), late.cause());
    assert_eq!(how, (Some(Signal::Term), Some(EndCause::Deadline)));
    answers::<G>(&mut other).await;
}

/// A child that has exited by itself, and has left something that answers.
async fn left<G: Asynchronous>() -> ChildOf<G> {
    let mut child = piped::<G>("leave-echo", &[]).await;
    assert!(child.waiter().await.expect("it exits").success());
    first_line::<G>(&mut child).await;
    child
}

/// What a child leaves behind lives as long as the guest holds the child, whose
/// place it has, and is gone after the drop.
pub(super) async fn keeps_what_a_child_leaves_until_the_drop<G: Asynchronous>() {
    let mut child = left::<G>().await;
    let mut stdin = child.stdin.take().expect("it is a pipe");
    stdin.write_all(b"one\n").await.expect("it listens");
    assert_eq!(first_line::<G>(&mut child).await, "one");
    let full = offspring::Error::LimitReached(offspring::Limit::Children);
    let another = command::<G>("exit-with", &["0"]).spawn().await;
    assert_eq!(another.err(), Some(full));

    let mut stdout = child.stdout.take().expect("it is a pipe");
    drop(child);
    let mut more = Vec::new();
    assert_eq!(stdout.read_to_end(&mut more).await, Ok(0));
    // A process that ends need not close its pipes in their order.
    let broken = loop {
        if let Err(error) = stdin.write_all(b"two\n").await {
            break error;
        }
    };
    assert_eq!(broken, offspring::Error::BrokenPipe);
}

/// Where the policy says so it lives on after the drop, and takes no place.
pub(super) async fn keeps_what_a_child_leaves_until_the_end<G: Asynchronous>() {
    let mut child = left::<G>().await;
    let mut stdin = child.stdin.take().expect("it is a pipe");
    let mut stdout = child.stdout.take().expect("it is a pipe");
    assert_eq!(once(stdout.read(&mut [0])).await, None, "it says nothing");
    drop(child);
    let another = command::<G>("exit-with", &["0"]).status().await;
    assert!(another.expect("there is room").success());
    stdin.write_all(b"one\n").await.expect("it listens");
    let mut line = String::new();
    stdout.read_line(&mut line).await.expect("it answers");
    assert_eq!(line, "one\n");
}
