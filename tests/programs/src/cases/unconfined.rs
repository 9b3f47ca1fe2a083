//! What a child that is not confined cannot have.

use super::signals::sitting;
use crate::support::refused;
use crate::support::{command, first_line, start};
use offspring::{Asynchronous, Command, Direction, Error, Limit, Part, Signal, Stdio};

/// What needs code between fork and exec is not ignored, but said to be missing.
pub(super) async fn refuses_what_only_a_confined_child_can_have<G: Asynchronous>() {
    let spawned = Command::<G>::new("recorder").new_session().spawn().await;
    refused(spawned, Error::Unsupported(Part::Session));
    let spawned = Command::<G>::new("recorder").umask(0o77).spawn().await;
    refused(spawned, Error::Unsupported(Part::Umask));
    let spawned = Command::<G>::new("recorder")
        .extra_pipe(3, Direction::FromChild)
        .spawn()
        .await;
    refused(spawned, Error::Unsupported(Part::ExtraPipe));
}

/// Real-time signals have no name that the direct launcher can send.
pub(super) async fn cannot_send_real_time_signals<G: Asynchronous>() {
    let child = sitting::<G>().await;
    let sent = child.send_signal(Signal::Realtime(1));
    assert_eq!(sent, Err(Error::Unsupported(Part::Signal)));
}

/// What has left the group of a child is no part of what is killed: it holds the
/// pipe still.
pub(super) async fn lets_what_has_escaped_stay<G: Asynchronous>() {
    for kill in [true, false] {
        let mut daemon = command::<G>("descendants", &[]);
        let mut child = start(daemon.stdout(Stdio::piped())).await;
        println!("{}", first_line::<G>(&mut child).await);
        let mut stdout = child.stdout.take().expect("it is a pipe");
        let end = child.waiter();
        if kill {
            child.kill().expect("it runs");
        }
        drop(child);
        end.await.expect("it ends");
        let read = stdout.read_to_end(&mut Vec::new()).await;
        assert_eq!(read, Err(Error::LimitReached(Limit::Drain)));
    }
}
