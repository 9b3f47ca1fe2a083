//! Children that say nothing, and pipes that do not end.

use crate::support::{ChildOf, command, first_line, piped, start};
use offspring::{Asynchronous, EndCause, Error, ExitStatus, Limit, Signal, Stdio};
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_millis(50);
const LATE: Duration = Duration::from_secs(1000);

/// The end of a child whose input stays open.
async fn end<G: Asynchronous>(child: &ChildOf<G>) -> ExitStatus {
    child.waiter().await.expect("it ends")
}

/// The shorter of two times ends a child that says nothing.
pub(super) async fn ends_a_silent_child_at_the_shorter_time<G: Asynchronous>() {
    let begun = Instant::now();
    for (program, idle) in [
        ("sink", Some(SOON)),
        ("sink", Some(Duration::ZERO)),
        ("sink-briefly", None),
        ("sink-briefly", Some(LATE)),
        ("sink-briefly", Some(Duration::MAX)),
    ] {
        let mut command = command::<G>(program, &[]);
        if let Some(idle) = idle {
            command.idle_deadline(idle);
        }
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let status = end::<G>(&start(command).await).await;
        assert_eq!(
            (status.signal(), status.cause()),
            (Some(Signal::Term), Some(EndCause::Idle)),
            "{program} {idle:?}"
        );
    }
    assert!(
        begun.elapsed() < LATE / 10,
        "none of them waited for the longer one"
    );
}

/// Each output begins the time anew.
pub(super) async fn begins_anew_with_each_output<G: Asynchronous>() {
    const IDLE: Duration = Duration::from_millis(400);
    let mut command = command::<G>("tick", &["10", "50"]);
    let all = command.idle_deadline(IDLE).output().await.expect("it runs");
    assert_eq!((all.status.code(), all.status.cause()), (Some(0), None));
    assert!(all.status.usage().wall_time > IDLE);
}

/// What waits to be read is no silence of the child's; once it is read, it is.
pub(super) async fn takes_unread_output_for_no_silence<G: Asynchronous>() {
    const IDLE: Duration = Duration::from_millis(300);
    let mut command = command::<G>("close-stdin-then-wait", &[]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .idle_deadline(IDLE);
    let unread = start(command.deadline(2 * IDLE)).await;
    assert_eq!(end::<G>(&unread).await.cause(), Some(EndCause::Deadline));
    let mut read = start(command.deadline(LATE)).await;
    assert_eq!(first_line::<G>(&mut read).await, "closed");
    assert_eq!(end::<G>(&read).await.cause(), Some(EndCause::Idle));
}

/// Who has no pipe to write to is not silent.
pub(super) async fn takes_a_child_without_a_pipe_for_no_silent_one<G: Asynchronous>() {
    let mut command = command::<G>("sink", &[]);
    command.stdin(Stdio::piped()).idle_deadline(SOON);
    let child = start(command.deadline(4 * SOON)).await;
    assert_eq!(end::<G>(&child).await.cause(), Some(EndCause::Deadline));
}

/// A pipe that a descendant holds ends with an error when the shorter of two times
/// is over; what was written comes before.
pub(super) async fn drains_for_the_shorter_time<G: Asynchronous>() {
    let begun = Instant::now();
    for (program, drain) in [
        ("hold-pipe", Some(SOON)),
        ("hold-pipe", Some(Duration::ZERO)),
        ("hold-pipe-briefly", None),
        ("hold-pipe-briefly", Some(LATE)),
        ("hold-pipe-briefly", Some(Duration::MAX)),
    ] {
        let mut command = command::<G>(program, &[]);
        if let Some(drain) = drain {
            command.drain(drain);
        }
        let mut child = start(command.stdout(Stdio::piped())).await;
        let status = child.wait().await.expect("it exits");
        assert_eq!((status.code(), status.cause()), (Some(0), None));
        let mut stdout = child.stdout.take().expect("it is a pipe");
        let mut text = Vec::new();
        let read = stdout.read_to_end(&mut text).await;
        assert_eq!(read, Err(Error::LimitReached(Limit::Drain)), "{program}");
        let text = String::from_utf8(text).expect("it is a number");
        assert!(text.ends_with('\n'), "{text:?}");
        print!("{text}");
    }
    assert!(
        begun.elapsed() < LATE / 10,
        "none of them waited for the longer one"
    );
}

/// A pipe that was read from before is collected in the guest, and cut there too.
pub(super) async fn collects_what_came_within_the_drain_time<G: Asynchronous>() {
    let mut child = piped::<G>("hold-pipe-briefly", &[]).await;
    println!("{}", first_line::<G>(&mut child).await);
    let all = child.communicate(None, u64::MAX).await.expect("it runs");
    let stdout = all.stdout.expect("a pipe");
    assert_eq!((stdout.data.as_slice(), stdout.truncated), (&b""[..], true));
    assert!(all.status.success());
}
