//! What only a confined child can have, since a launcher of its own makes it.

use super::signals::sitting;
use crate::support::{first_line, given, output, piped, recorded, refused, succeed};
use offspring::{Asynchronous, Command, Direction, EndCause, Error, Part, Signal, SignalTarget};

/// A child leads a session where it is asked for, and otherwise a group alone.
pub(super) async fn leads_a_new_session<G: Asynchronous>() {
    let output = succeed(&mut Command::<G>::new("recorder")).await;
    assert_ne!(recorded(&output, "sid"), recorded(&output, "pid"));
    assert_eq!(recorded(&output, "pgid"), recorded(&output, "pid"));
    let output = succeed(Command::<G>::new("recorder").new_session()).await;
    assert_eq!(recorded(&output, "sid"), recorded(&output, "pid"));
    assert_eq!(recorded(&output, "pgid"), recorded(&output, "pid"));
}

/// The mask is what the guest says, or what programs are used to.
pub(super) async fn masks_the_modes_of_new_files<G: Asynchronous>() {
    let output = succeed(&mut Command::<G>::new("recorder")).await;
    assert_eq!(recorded(&output, "umask"), ["0022"]);
    for (mask, expected) in [(0, "0000"), (0o77, "0077"), (0o777, "0777")] {
        let output = succeed(Command::<G>::new("recorder").umask(mask)).await;
        assert_eq!(recorded(&output, "umask"), [expected]);
    }
}

/// Real-time signals arrive, and are what ended a child; others are refused still.
pub(super) async fn sends_real_time_signals<G: Asynchronous>() {
    for target in [SignalTarget::Process, SignalTarget::ProcessGroup] {
        let mut child = sitting::<G>().await;
        for refused in [0, 2, 30] {
            let sent = child.send_signal_to(Signal::Realtime(refused), target);
            assert_eq!(sent, Err(Error::AccessDenied(Part::Signal)));
        }
        let sent = child.send_signal_to(Signal::Realtime(1), target);
        assert_eq!(sent, Ok(()));
        let status = child.wait().await.expect("it ends");
        assert_eq!(status.signal(), Some(Signal::Realtime(1)));
    }
}

/// A child can be asked to be who it is anyway, by number.
pub(super) async fn runs_as_the_user_of_the_host<G: Asynchronous>() {
    let given = given();
    let (user, group) = given.split_once(' ').expect("a user and a group");
    let number = |text: &str| text.parse::<u32>().expect("it is a number");
    let mut recorder = Command::<G>::new("recorder-of-anybody");
    let output = succeed(recorder.uid(number(user)).gid(number(group))).await;
    assert_eq!(recorded(&output, "uid"), [user]);
    assert_eq!(recorded(&output, "gid"), [group]);
    refused(
        recorder.uid(number(user) + 1).spawn().await,
        Error::Unsupported(Part::Identity),
    );
}

/// A child has its streams and its extra pipes, whatever the host has open.
pub(super) async fn gives_no_descriptor_of_the_host<G: Asynchronous>() {
    let numbers = |output| {
        let all = recorded(output, "fd").into_iter();
        all.filter_map(|it| it.split(' ').next()?.parse::<u32>().ok())
            .collect::<Vec<_>>()
    };
    let output = succeed(&mut Command::<G>::new("recorder")).await;
    assert_eq!(numbers(&output), [0, 1, 2]);
    let mut recorder = Command::<G>::new("recorder");
    recorder
        .extra_pipe(5, Direction::ToChild)
        .extra_pipe(255, Direction::FromChild);
    let output = succeed(&mut recorder).await;
    assert_eq!(numbers(&output), [0, 1, 2, 5, 255]);
}

/// All signals do in a child what they do by default.
pub(super) async fn gives_no_signal_that_the_host_ignores_or_blocks<G: Asynchronous>() {
    let output = succeed(&mut Command::<G>::new("recorder")).await;
    let none = "0000000000000000";
    let expected = [format!("blocked {none}"), format!("ignored {none}")];
    assert_eq!(recorded(&output, "signals"), expected);
}

/// The memory of a child is its own: nothing of the host's counts.
pub(super) async fn tells_of_no_memory_but_a_childs<G: Asynchronous>() {
    let small = output::<G>("exit-with", &["0"]).await;
    let usage = small.status.usage();
    assert!((1..32 << 20).contains(&usage.peak_memory), "{usage:?}");
}

/// Whatever confines the children is killed when the guest says so. Both end, and the guest has
/// another sandbox for the next one.
pub(super) async fn tells_that_the_sandbox_was_lost<G: Asynchronous>() {
    let mut first = piped::<G>("ignore-term", &[]).await;
    let mut second = piped::<G>("ignore-term", &[]).await;
    first_line::<G>(&mut first).await;
    first_line::<G>(&mut second).await;
    eprintln!("ready");
    for child in [&mut first, &mut second] {
        let status = child.wait().await.expect("it ends");
        let end = (status.signal(), status.cause());
        assert_eq!(end, (Some(Signal::Kill), Some(EndCause::SandboxLost)));
    }
    succeed(&mut Command::<G>::new("recorder")).await;
}
