//! How the host ends a child: step by step, as the policy says.

use crate::support::{ChildOf, command, first_line, piped, rest, start};
use offspring::{Asynchronous, EndCause, ExitStatus, Signal, Stdio};
use std::time::{Duration, Instant};

/// Longer than any of these children needs to start.
const STARTED: Duration = Duration::from_millis(500);

/// A child that is ready for signals.
async fn ready<G: Asynchronous>(program: &str) -> ChildOf<G> {
    let mut child = piped::<G>(program, &[]).await;
    assert_eq!(first_line::<G>(&mut child).await, "ready");
    child
}

/// Drops a child, and gives its end and what it still wrote.
async fn dropped<G: Asynchronous>(mut child: ChildOf<G>) -> (ExitStatus, String) {
    let mut stdout = child.stdout.take().expect("it is a pipe");
    let end = child.waiter();
    drop(child);
    let status = end.await.expect("it ends");
    assert_eq!(status.cause(), Some(EndCause::OwnerGone));
    let mut last = Vec::new();
    let read = stdout.read_to_end(&mut last).await;
    read.expect("the pipe ends");
    (status, String::from_utf8(last).expect("they are words"))
}

/// A child that is dropped is asked first, and has time for its last words. What
/// it makes of that is how it ended.
pub(super) async fn lets_a_dropped_child_end_itself<G: Asynchronous>() {
    let child = ready::<G>("last-words").await;
    let (status, last) = dropped::<G>(child).await;
    assert_eq!((status.code(), last.as_str()), (Some(3), "SIGTERM\n"));
}

/// So is one whose deadline passes.
pub(super) async fn lets_a_child_end_itself_at_its_deadline<G: Asynchronous>() {
    let mut command = command::<G>("last-words", &[]);
    command.stdout(Stdio::piped()).deadline(STARTED);
    let mut child = start(&mut command).await;
    let status = child.wait().await.expect("it ends");
    let end = (status.code(), status.cause());
    assert_eq!(end, (Some(3), Some(EndCause::Deadline)));
    assert_eq!(rest::<G>(&mut child).await, b"ready\nSIGTERM\n");
}

/// One that does not go is killed when its time is over, and not before.
pub(super) async fn kills_a_child_that_does_not_go<G: Asynchronous>() {
    let child = ready::<G>("ignore-term").await;
    let begun = Instant::now();
    let (status, _) = dropped::<G>(child).await;
    assert_eq!(status.signal(), Some(Signal::Kill));
    assert!(begun.elapsed() >= Duration::from_millis(100));
}

/// The steps are taken in their order, and the first exit ends them.
pub(super) async fn takes_the_steps_in_their_order<G: Asynchronous>() {
    let child = ready::<G>("last-words").await;
    let (status, last) = dropped::<G>(child).await;
    let end = (status.code(), last.as_str());
    assert_eq!(end, (Some(3), "SIGHUP\nSIGINT\nSIGTERM\n"));
}

/// Without a step a child is killed at once.
pub(super) async fn kills_at_once_without_a_step<G: Asynchronous>() {
    let child = ready::<G>("last-words").await;
    let (status, last) = dropped::<G>(child).await;
    assert_eq!((status.signal(), last.as_str()), (Some(Signal::Kill), ""));
}

/// A guest that does not want to wait for the steps kills.
pub(super) async fn kills_in_the_middle_of_the_steps<G: Asynchronous>() {
    let mut command = command::<G>("last-words", &[]);
    command.stdout(Stdio::piped()).deadline(STARTED);
    let mut child = start(&mut command).await;
    assert_eq!(first_line::<G>(&mut child).await, "ready");
    assert_eq!(first_line::<G>(&mut child).await, "SIGHUP");
    child.kill().expect("it runs");
    let status = child.wait().await.expect("it ends");
    let end = (status.signal(), status.cause());
    assert_eq!(end, (Some(Signal::Kill), Some(EndCause::Deadline)));
}
