//! What a child that is not confined cannot have.

use super::signals::sitting;
use crate::support::refused;
use offspring::{Asynchronous, Command, Direction, Error, Part, Signal};

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
