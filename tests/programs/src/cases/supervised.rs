//! The bounds that all guests of a host share, and the end of the host.

use crate::support::{command, first_line, piped, refused};
use futures::future::join;
use offspring::{Asynchronous, EndCause, Error, Limit, Signal, Stdio};

/// A host with room for two children in all.
pub(super) async fn bounds_the_children_of_the_host<G: Asynchronous>() {
    let mut first = piped::<G>("sink", &[]).await;
    let second = piped::<G>("sink", &[]).await;
    let spawned = command::<G>("exit-with", &["0"]).spawn().await;
    refused(spawned, Error::LimitReached(Limit::Host));
    first.kill().expect("it runs");
    first.wait().await.expect("it ends");
    let third = command::<G>("exit-with", &["0"]).status().await;
    assert!(third.expect("there is room").success());
    drop(second);
}

/// The same host, under a policy that lets spawns wait.
pub(super) async fn waits_for_a_place_of_the_host<G: Asynchronous>() {
    let mut first = piped::<G>("sink", &[]).await;
    let second = piped::<G>("sink", &[]).await;
    let mut waiting = command::<G>("exit-with", &["0"]);
    let (status, ()) = join(waiting.status(), async {
        first.kill().expect("it runs");
        first.wait().await.expect("it ends");
    })
    .await;
    assert!(status.expect("it has waited").success());
    drop(second);
}

/// A host that starts two children in an hour.
pub(super) async fn bounds_how_fast_the_host_starts_children<G: Asynchronous>() {
    for _ in 0..2 {
        let status = command::<G>("exit-with", &["0"]).status().await;
        assert!(status.expect("it runs").success());
    }
    let spawned = command::<G>("exit-with", &["0"]).spawn().await;
    refused(spawned, Error::LimitReached(Limit::SpawnRate));
}

/// A host that has descriptors for the pipes of one child, and not for those of two.
pub(super) async fn bounds_the_descriptors_of_the_host<G: Asynchronous>() {
    let first = piped::<G>("sink", &[]).await;
    let mut second = command::<G>("sink", &[]);
    second
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let spawned = second.spawn().await;
    refused(spawned, Error::LimitReached(Limit::Descriptors));
    drop(first);
}

/// A host that shuts down when it is told that the guest is ready.
pub(super) async fn tells_that_the_host_shuts_down<G: Asynchronous>() {
    let mut going = piped::<G>("close-stdin-then-wait", &[]).await;
    first_line::<G>(&mut going).await;
    let mut stubborn = piped::<G>("ignore-term", &[]).await;
    first_line::<G>(&mut stubborn).await;
    eprintln!("ready");
    let status = going.wait().await.expect("it ends");
    let end = (status.signal(), status.cause());
    assert_eq!(end, (Some(Signal::Term), Some(EndCause::Shutdown)));
    let status = stubborn.wait().await.expect("it ends");
    let end = (status.signal(), status.cause());
    assert_eq!(end, (Some(Signal::Kill), Some(EndCause::Shutdown)));
    for _ in 0..2 {
        let spawned = command::<G>("exit-with", &["0"]).spawn().await;
        refused(spawned, Error::ShuttingDown);
    }
}

/// The same host, while a spawn waits for its turn.
pub(super) async fn gives_no_turn_when_the_host_shuts_down<G: Asynchronous>() {
    let mut only = piped::<G>("sink", &[]).await;
    let mut waiting = command::<G>("exit-with", &["0"]);
    let (spawned, ()) = join(waiting.spawn(), async { eprintln!("ready") }).await;
    refused(spawned, Error::ShuttingDown);
    let status = only.wait().await.expect("it ends");
    assert_eq!(status.cause(), Some(EndCause::Shutdown));
}
