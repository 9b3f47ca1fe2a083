//! Many guests under one supervisor: bounds on all of them, turns, and the end of all.

use super::*;
use crate::supervisor::{HostLimits, Supervisor};
use offspring_policy::Rate;
use std::task::Waker;

/// Says that it is there, and then ignores whoever asks it to end.
const STUBBORN: &str = "trap '' TERM; echo there; while :; do sleep 1000; done";

fn supervised(policy: PolicyBuilder, supervisor: &Supervisor) -> ProcessCtx {
    let policy = policy.build().expect("the policy is sound");
    ProcessCtx::builder()
        .policy(policy)
        .supervisor(supervisor)
        .build()
        .expect("it fits the guest")
        .1
}

fn limited(limit: impl FnOnce(&mut HostLimits)) -> Supervisor {
    let mut limits = HostLimits::default();
    limit(&mut limits);
    Supervisor::new(limits)
}

/// A child that runs a script, and has said that it is there.
async fn there(ctx: &ProcessCtx, text: &str) -> Child {
    let mut child = run(ctx, piped(script(ctx, text))).await.expect("it starts");
    let mut stdout = child.take_stdout().expect("it is a pipe");
    assert_eq!(read(&mut stdout, 6).await, b"there\n");
    child
}

#[tokio::test]
async fn a_shutdown_ends_every_child_by_its_teardown_and_leaves_nothing() {
    in_each_tier(async |policy| {
        let supervisor = limited(|_| {});
        let (one, other) = (
            supervised(policy.clone(), &supervisor),
            supervised(policy, &supervisor),
        );
        let children = [
            there(&one, "echo there; exec cat").await,
            there(
                &one,
                "trap 'exit 7' TERM; echo there; while :; do sleep 0.01; done",
            )
            .await,
            there(&other, "echo there; exec cat").await,
        ];
        let report = supervisor.shutdown(Duration::from_secs(60)).await;
        assert_eq!((report.children, report.killed, report.left), (3, 0, 0));
        let cause = Some(EndCause::Shutdown);
        assert_eq!(exit(&children[0]).await, (TERMINATED, cause));
        assert_eq!(exit(&children[1]).await, (ExitStatus::Exited(7), cause));
        assert_eq!(exit(&children[2]).await, (TERMINATED, cause));
        let refused = run(&one, script(&one, "true")).await.err();
        assert_eq!(refused, Some(ErrorCode::ShuttingDown));
    })
    .await;
}

#[tokio::test]
async fn what_a_shutdown_cannot_wait_for_is_killed() {
    in_each_tier(async |policy| {
        let supervisor = limited(|_| {});
        let patient = Teardown::new([
            TeardownStep::Signal(Signal::Term),
            TeardownStep::Wait(Duration::from_secs(200)),
        ]);
        let ctx = supervised(policy.teardown(patient), &supervisor);
        let child = there(&ctx, STUBBORN).await;
        let report = supervisor.shutdown(Duration::from_millis(20)).await;
        assert_eq!((report.children, report.killed, report.left), (1, 1, 0));
        assert_eq!(exit(&child).await, (KILLED, Some(EndCause::Shutdown)));
    })
    .await;
}

#[tokio::test]
async fn a_shutdown_of_nothing_takes_no_time_and_a_second_one_is_the_same() {
    let supervisor = limited(|_| {});
    let far = Duration::MAX;
    let none = supervisor.shutdown(far).await;
    assert_eq!((none.children, none.killed, none.left), (0, 0, 0));
    assert_eq!(supervisor.shutdown(far).await, none);
}

#[tokio::test]
async fn all_guests_together_have_no_more_children_than_the_host_allows() {
    let supervisor = limited(|limits| limits.children = 2);
    let guests = [
        supervised(policy(), &supervisor),
        supervised(policy(), &supervisor),
    ];
    let cat = |ctx: &ProcessCtx| piped(command(ctx, "cat", &[]));
    let first = run(&guests[0], cat(&guests[0])).await.unwrap();
    let _second = run(&guests[1], cat(&guests[1])).await.unwrap();
    for guest in &guests {
        let refused = run(guest, cat(guest)).await.err();
        assert_eq!(refused, Some(ErrorCode::LimitReached(Limit::Host)));
    }
    assert_eq!(supervisor.children(), 2);
    first.kill().unwrap();
    exit(&first).await;
    run(&guests[1], cat(&guests[1])).await.unwrap();
}

#[tokio::test]
async fn all_guests_together_hold_no_more_descriptors_than_the_host_allows() {
    let supervisor = limited(|limits| limits.descriptors = 5);
    let guests = [
        supervised(policy(), &supervisor),
        supervised(policy(), &supervisor),
    ];
    let cat = |ctx: &ProcessCtx| piped(command(ctx, "cat", &[]));
    let first = run(&guests[0], cat(&guests[0])).await.unwrap();
    let refused = run(&guests[1], cat(&guests[1])).await.err();
    assert_eq!(refused, Some(ErrorCode::LimitReached(Limit::Descriptors)));
    assert_eq!(guests[1].places.running(), 0, "the place is free again");
    drop(first);
    run(&guests[1], cat(&guests[1])).await.unwrap();
}

#[tokio::test]
async fn all_guests_together_spawn_no_faster_than_the_host_allows() {
    let hourly = Rate {
        count: 1,
        period: Duration::from_secs(3600),
    };
    let supervisor = limited(|limits| limits.spawn_rate = Some(hourly));
    let guests = [
        supervised(policy(), &supervisor),
        supervised(policy(), &supervisor),
    ];
    let first = run(&guests[0], script(&guests[0], "true")).await;
    assert!(first.is_ok());
    let refused = run(&guests[1], script(&guests[1], "true")).await.err();
    assert_eq!(refused, Some(ErrorCode::LimitReached(Limit::SpawnRate)));
}

#[tokio::test]
async fn a_guest_with_many_spawns_has_no_more_turns_than_one_with_few() {
    let supervisor = limited(|limits| limits.children = 1);
    let queue = policy().queue(Duration::from_secs(600));
    let (many, few) = (
        supervised(queue.clone(), &supervisor),
        supervised(queue, &supervisor),
    );
    let cat = |ctx: &ProcessCtx| piped(command(ctx, "cat", &[]));
    let running = run(&many, cat(&many)).await.unwrap();
    let mut waiting: Vec<_> = (0..8).map(|_| spawn(&many, cat(&many))).collect();
    let mut single = spawn(&few, cat(&few));
    let poll = |spawning: &mut Deferred<Child>| {
        spawning
            .poll_ready(&mut Context::from_waker(Waker::noop()))
            .is_ready()
    };
    // All of them are in the queue when the first one ends.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(!poll(&mut single) && !waiting.iter_mut().any(poll));
    drop(running);
    // One turn of the other guest comes first, which was there before.
    let mut turns = 0;
    while !poll(&mut single) {
        if let Some(index) = waiting.iter_mut().position(poll) {
            turns += 1;
            drop(waiting.swap_remove(index));
        }
        tokio::task::yield_now().await;
    }
    assert!(turns <= 1, "it had {turns} turns");
}

#[tokio::test]
async fn a_spawn_that_waits_takes_its_turn_or_is_told_what_it_waited_for() {
    in_each_tier(async |policy| {
        let ctx = context(policy.children(1).queue(Duration::from_secs(600)));
        let cat = || piped(command(&ctx, "cat", &[]));
        let running = run(&ctx, cat()).await.unwrap();
        let given_up = spawn(&ctx, cat());
        let mut next = spawn(&ctx, cat());
        drop(given_up);
        running.kill().unwrap();
        let next = poll_fn(|cx| next.poll_take(cx)).await;
        assert!(next.is_ok(), "whoever gave up is not waited for");
    })
    .await;
    let ctx = context(policy().children(1).queue(Duration::from_millis(10)));
    let _running = run(&ctx, piped(command(&ctx, "cat", &[]))).await.unwrap();
    let refused = run(&ctx, script(&ctx, "true")).await.err();
    assert_eq!(refused, Some(ErrorCode::LimitReached(Limit::Children)));
    assert_eq!(ctx.places.spawned(), 1, "what was refused counts nothing");
}

#[tokio::test]
async fn a_shutdown_tells_those_who_wait_for_their_turn() {
    let supervisor = limited(|_| {});
    let queue = policy().children(1).queue(Duration::from_secs(600));
    let ctx = supervised(queue, &supervisor);
    let _running = run(&ctx, piped(command(&ctx, "cat", &[]))).await.unwrap();
    let mut waiting = spawn(&ctx, script(&ctx, "true"));
    let report = supervisor.shutdown(Duration::from_secs(60)).await;
    assert_eq!(report.left, 0);
    let refused = poll_fn(|cx| waiting.poll_take(cx)).await.err();
    assert_eq!(refused, Some(ErrorCode::ShuttingDown));
}
