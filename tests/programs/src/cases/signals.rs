//! Sending signals.

use crate::support::{ChildOf, first_line, given, piped, rest, start};
use offspring::{Asynchronous, Command, Error, Part, Signal, SignalTarget, Stdio, quote};

/// A child that has started and stays.
pub(super) async fn sitting<G: Asynchronous>() -> ChildOf<G> {
    let mut child = piped::<G>("close-stdin-then-wait", &[]).await;
    assert_eq!(first_line::<G>(&mut child).await, "closed");
    child
}

/// What the policy does not list is refused, and the child lives on.
pub(super) async fn refuses_signals_outside_the_policy<G: Asynchronous>() {
    let mut child = sitting::<G>().await;
    for signal in [
        Signal::Stop,
        Signal::Tstp,
        Signal::Segv,
        Signal::Chld,
        Signal::Alrm,
        Signal::Realtime(0),
        Signal::Realtime(30),
    ] {
        for target in [SignalTarget::Process, SignalTarget::ProcessGroup] {
            let sent = child.send_signal_to(signal, target);
            assert_eq!(sent, Err(Error::AccessDenied(Part::Signal)), "{signal}");
        }
    }
    for number in [31, 99, 255] {
        let sent = child.send_signal(Signal::Realtime(number));
        assert_eq!(
            sent,
            Err(Error::InvalidArgument(Part::Signal)),
            "there is none"
        );
    }
    assert_eq!(child.try_wait(), Ok(None));
}

/// Where nothing is allowed, a kill still is.
pub(super) async fn always_allows_a_kill<G: Asynchronous>() {
    let mut child = sitting::<G>().await;
    assert_eq!(child.terminate(), Err(Error::AccessDenied(Part::Signal)));
    assert_eq!(child.send_signal(Signal::Kill), Ok(()));
    assert_eq!(
        child.wait().await.expect("it ends").signal(),
        Some(Signal::Kill)
    );
}

/// Signals arrive by name, at the process or at its group.
pub(super) async fn sends_signals_by_name<G: Asynchronous>() {
    for signal in [
        Signal::Hup,
        Signal::Int,
        Signal::Quit,
        Signal::Usr1,
        Signal::Usr2,
        Signal::Term,
        Signal::Kill,
    ] {
        for target in [SignalTarget::Process, SignalTarget::ProcessGroup] {
            let mut child = sitting::<G>().await;
            child.send_signal_to(signal, target).expect("it is allowed");
            let status = child.wait().await.expect("it ends");
            assert_eq!((status.signal(), status.cause()), (Some(signal), None));
        }
    }
}

/// After the exit there is nobody to signal, and no other process is reached.
pub(super) async fn says_that_a_child_has_exited<G: Asynchronous>() {
    let mut child = piped::<G>("exit-with", &["0"]).await;
    child.wait().await.expect("it exits");
    for _ in 0..2 {
        assert_eq!(child.send_signal(Signal::Term), Err(Error::AlreadyExited));
        assert_eq!(child.terminate(), Err(Error::AlreadyExited));
        assert_eq!(child.kill(), Err(Error::AlreadyExited));
        let sent = child.send_signal_to(Signal::Term, SignalTarget::ProcessGroup);
        assert_eq!(sent, Err(Error::AlreadyExited));
    }
}

/// Asking does not always help, and a kill does.
pub(super) async fn terminates_in_vain_and_then_kills<G: Asynchronous>() {
    let mut child = piped::<G>("ignore-term", &[]).await;
    assert_eq!(first_line::<G>(&mut child).await, "ready");
    assert_eq!(child.terminate(), Ok(()));
    assert_eq!(child.try_wait(), Ok(None));
    assert_eq!(child.kill(), Ok(()));
    let status = child.wait().await.expect("it ends");
    assert_eq!(
        (status.signal(), status.returncode()),
        (Some(Signal::Kill), -9)
    );
}

/// A shell with a child of its own, both in one group and at one pipe.
async fn family<G: Asynchronous>() -> ChildOf<G> {
    let program = given();
    let program = quote(&program).expect("it has no NUL");
    let mut shell = Command::<G>::shell(format!("{program} & wait"));
    shell.stdout(Stdio::piped());
    let mut child = start(&mut shell).await;
    assert_eq!(first_line::<G>(&mut child).await, "closed");
    child
}

/// A signal to the group ends the descendants too: the pipe that they hold is closed.
pub(super) async fn signals_the_group<G: Asynchronous>() {
    let mut child = family::<G>().await;
    child
        .send_signal_to(Signal::Term, SignalTarget::ProcessGroup)
        .expect("it is allowed");
    assert_eq!(rest::<G>(&mut child).await, b"");
    assert_eq!(
        child.wait().await.expect("it ends").signal(),
        Some(Signal::Term)
    );
}

/// So does a kill.
pub(super) async fn kills_the_group<G: Asynchronous>() {
    let mut child = family::<G>().await;
    child.kill().expect("it runs");
    assert_eq!(rest::<G>(&mut child).await, b"");
}

/// And so does dropping the child, whose pipe lives on.
pub(super) async fn ends_the_group_of_a_dropped_child<G: Asynchronous>() {
    let mut child = family::<G>().await;
    let mut stdout = child.stdout.take().expect("it is a pipe");
    let end = child.waiter();
    drop(child);
    let mut left = Vec::new();
    assert_eq!(stdout.read_to_end(&mut left).await, Ok(0));
    let end = end.await.expect("it ends");
    assert_eq!(end.signal(), Some(Signal::Term));
    assert_eq!(end.cause(), Some(offspring::EndCause::OwnerGone));
}
