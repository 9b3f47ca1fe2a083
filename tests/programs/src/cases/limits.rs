//! The bounds of guest and operator.

use crate::support::{command, piped, refused, start};
use offspring::{Asynchronous, EndCause, Error, Limit, Signal, Stdio};
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_millis(50);
const LATE: Duration = Duration::from_secs(1000);

/// The shorter of two deadlines ends the child, and the exit says so.
pub(super) async fn ends_a_child_at_the_shorter_deadline<G: Asynchronous>() {
    let begun = Instant::now();
    for (program, deadline) in [
        ("close-stdin-then-wait", Some(SOON)),
        ("close-stdin-then-wait", Some(Duration::ZERO)),
        ("close-stdin-then-wait-briefly", None),
        ("close-stdin-then-wait-briefly", Some(LATE)),
        ("close-stdin-then-wait-briefly", Some(Duration::MAX)),
    ] {
        let mut command = command::<G>(program, &[]);
        if let Some(deadline) = deadline {
            command.deadline(deadline);
        }
        let mut child = start(command.stdout(Stdio::piped())).await;
        let status = child.wait().await.expect("it ends");
        let end = (status.signal(), status.cause());
        assert_eq!(
            end,
            (Some(Signal::Term), Some(EndCause::Deadline)),
            "{program} {deadline:?}"
        );
    }
    assert!(
        begun.elapsed() < LATE / 10,
        "none of them waited for the longer one"
    );
}

/// A child that ends in time is not touched by its deadline.
pub(super) async fn lets_a_child_end_before_its_deadline<G: Asynchronous>() {
    let mut exit = command::<G>("exit-with", &["4"]);
    let status = exit.deadline(LATE).status().await.expect("it runs");
    assert_eq!((status.code(), status.cause()), (Some(4), None));
}

/// A child that writes more than it may is ended, and the exit says why.
pub(super) async fn ends_a_child_that_writes_too_much<G: Asynchronous>() {
    for args in [&["forever"][..], &["1001"], &["501", "both"]] {
        let mut child = piped::<G>("flood-a-little", args).await;
        let all = child.communicate(None, u64::MAX).await.expect("it runs");
        let (stdout, stderr) = (all.stdout.expect("a pipe"), all.stderr.expect("a pipe"));
        assert_eq!(stdout.data.len() + stderr.data.len(), 1000);
        assert!(stdout.truncated || stderr.truncated, "{args:?}");
        if args[0] == "forever" {
            assert_eq!(all.status.cause(), Some(EndCause::OutputLimit));
            // The pipe is closed too, which it may meet first.
            assert!(matches!(
                all.status.signal(),
                Some(Signal::Term | Signal::Pipe)
            ));
        }
    }
}

/// What it may write, it may write to the last byte.
pub(super) async fn lets_a_child_write_all_that_it_may<G: Asynchronous>() {
    for _ in 0..20 {
        let mut child = piped::<G>("flood-a-little", &["1000"]).await;
        let all = child.communicate(None, u64::MAX).await.expect("it runs");
        let stdout = all.stdout.expect("a pipe");
        assert_eq!((stdout.data.len(), stdout.truncated), (1000, false));
        assert_eq!((all.status.code(), all.status.cause()), (Some(0), None));
    }
}

/// No more children run at once than the policy allows; each exit makes room.
pub(super) async fn bounds_the_children_that_run_at_once<G: Asynchronous>() {
    let error = Error::LimitReached(Limit::Children);
    let mut first = piped::<G>("close-stdin-then-wait", &[]).await;
    let second = piped::<G>("close-stdin-then-wait", &[]).await;
    refused(command::<G>("exit-with", &["0"]).spawn().await, error);
    // A refusal takes no place.
    refused(command::<G>("no-such-program", &[]).spawn().await, {
        Error::AccessDenied(offspring::Part::Program)
    });
    first.kill().expect("it runs");
    first.wait().await.expect("it ends");
    let third = command::<G>("exit-with", &["0"])
        .status()
        .await
        .expect("there is room");
    assert!(third.success());
    let end = second.waiter();
    drop(second);
    end.await.expect("it ends");
    let both = (piped::<G>("sink", &[]).await, piped::<G>("sink", &[]).await);
    refused(command::<G>("exit-with", &["0"]).spawn().await, error);
    drop(both);
}

/// No more children are started in all than the policy allows.
pub(super) async fn bounds_the_children_that_are_started<G: Asynchronous>() {
    for _ in 0..3 {
        command::<G>("exit-with", &["0"])
            .status()
            .await
            .expect("it is within the bound");
    }
    for _ in 0..2 {
        let spawned = command::<G>("exit-with", &["0"]).spawn().await;
        refused(spawned, Error::LimitReached(Limit::Spawns));
    }
}

/// A spawn that failed has started no child, so it is not counted.
pub(super) async fn counts_only_children_that_were_started<G: Asynchronous>() {
    for _ in 0..10 {
        let mut command = command::<G>("exit-with", &["0"]);
        command.current_dir("data/none");
        refused(
            command.spawn().await,
            Error::NotFound(offspring::Part::WorkingDirectory),
        );
    }
    for _ in 0..3 {
        command::<G>("exit-with", &["0"])
            .status()
            .await
            .expect("it is within the bound");
    }
}
