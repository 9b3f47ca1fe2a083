//! Spawns that are too many, and those that wait for their turn.

use crate::support::{ChildOf, command, once, piped, refused};
use futures::future::{join, join3};
use offspring::{Asynchronous, Error, Limit};
use std::cell::RefCell;
use std::time::{Duration, Instant};

/// Starts a child that exits, and waits for that.
async fn exits<G: Asynchronous>() {
    let status = command::<G>("exit-with", &["0"]).status().await;
    assert!(status.expect("it runs").success());
}

async fn killed<G: Asynchronous>(mut child: ChildOf<G>) {
    child.kill().expect("it runs");
    child.wait().await.expect("it ends");
}

/// No more children are started in a time than the policy allows.
pub(super) async fn bounds_how_fast_children_are_started<G: Asynchronous>() {
    exits::<G>().await;
    exits::<G>().await;
    for _ in 0..2 {
        let spawned = command::<G>("exit-with", &["0"]).spawn().await;
        refused(spawned, Error::LimitReached(Limit::SpawnRate));
    }
}

/// Where spawns may wait, those that come too fast do.
pub(super) async fn lets_spawns_that_come_too_fast_wait<G: Asynchronous>() {
    let begun = Instant::now();
    for _ in 0..4 {
        exits::<G>().await;
    }
    // Two at once, and each of the others after half of 300 ms.
    assert!(begun.elapsed() >= Duration::from_millis(300));
}

/// Where there is room for one child, the others wait, and come in the order in
/// which they were spawned.
pub(super) async fn lets_spawns_wait_in_their_order<G: Asynchronous>() {
    let first = piped::<G>("sink", &[]).await;
    let order = RefCell::new(Vec::new());
    let next = async |name| {
        let child = piped::<G>("sink", &[]).await;
        order.borrow_mut().push(name);
        killed::<G>(child).await;
    };
    let end = async {
        assert!(order.borrow().is_empty(), "there was no room");
        killed::<G>(first).await;
    };
    join(join3(next("second"), next("third"), next("fourth")), end).await;
    assert_eq!(order.into_inner(), ["second", "third", "fourth"]);
}

/// They do not wait for ever.
pub(super) async fn refuses_a_spawn_whose_turn_does_not_come<G: Asynchronous>() {
    let first = piped::<G>("sink", &[]).await;
    let begun = Instant::now();
    let spawned = command::<G>("exit-with", &["0"]).spawn().await;
    refused(spawned, Error::LimitReached(Limit::Children));
    assert!(begun.elapsed() >= Duration::from_millis(100));
    killed::<G>(first).await;
    exits::<G>().await;
}

/// One that is given up takes no turn, and is not counted.
pub(super) async fn gives_no_turn_to_a_spawn_that_was_cancelled<G: Asynchronous>() {
    let first = piped::<G>("sink", &[]).await;
    let mut waiting = command::<G>("sink", &[]);
    for _ in 0..3 {
        assert!(once(waiting.spawn()).await.is_none(), "there was no room");
    }
    join(exits::<G>(), killed::<G>(first)).await;
    for _ in 0..3 {
        exits::<G>().await;
    }
    let spawned = command::<G>("exit-with", &["0"]).spawn().await;
    refused(spawned, Error::LimitReached(Limit::Spawns));
}
