//! A child's life against a model: what is promised, whatever happens in which order.

use super::*;
use proptest::prelude::*;

/// What a plain reading of the promises says, kept apart from the states.
#[derive(Debug, Default)]
struct Promised {
    cause: Option<EndCause>,
    asked: bool,
    killed: bool,
    exited: bool,
    left: bool,
    gone: bool,
}

fn causes() -> impl Strategy<Value = EndCause> {
    prop::sample::select(vec![
        EndCause::Deadline,
        EndCause::Idle,
        EndCause::OutputLimit,
        EndCause::OwnerGone,
        EndCause::Shutdown,
    ])
}

fn events() -> impl Strategy<Value = Event> {
    prop_oneof![
        causes().prop_map(Event::End),
        Just(Event::Kill),
        Just(Event::TimeUp),
        any::<bool>().prop_map(|left| Event::Exited { left }),
        Just(Event::Gone),
    ]
}

fn teardowns() -> impl Strategy<Value = Teardown> {
    let step = prop_oneof![
        Just(TeardownStep::Signal(Signal::Term)),
        Just(TeardownStep::Signal(Signal::Int)),
        (1..5u64).prop_map(|seconds| TeardownStep::Wait(Duration::from_secs(seconds))),
    ];
    prop::collection::vec(step, 0..6).prop_map(Teardown::new)
}

fn waits(teardown: &Teardown) -> usize {
    let is_wait = |step: &&TeardownStep| matches!(step, TeardownStep::Wait(_));
    teardown.steps().iter().filter(is_wait).count()
}

fn background() -> impl Strategy<Value = Background> {
    prop::sample::select(vec![Background::Kill, Background::Keep])
}

proptest! {
    #[test]
    fn nothing_is_done_that_was_not_promised(
        teardown in teardowns(),
        background in background(),
        events in prop::collection::vec(events(), 0..24),
    ) {
        let mut life = Life::new(teardown, background);
        let mut promised = Promised::default();
        for event in events {
            let before = promised.exited;
            match event {
                // An exit is reported once, and an end of what is left after it, if any was.
                Event::Exited { .. } if promised.exited => continue,
                Event::Gone if !promised.left || promised.gone => continue,
                Event::Exited { left } => {
                    promised.exited = true;
                    promised.left = left;
                }
                Event::Gone => promised.gone = true,
                Event::End(cause) => {
                    if !promised.exited && !promised.asked && !promised.killed {
                        promised.cause = Some(cause);
                    }
                    promised.asked = true;
                }
                Event::Kill => promised.killed |= !promised.exited,
                Event::TimeUp => {}
            }
            let todo = life.on(event);
            prop_assert_eq!(life.cause(), promised.cause, "the first cause counts");
            prop_assert_eq!(life.runs(), !promised.exited);
            if before || promised.exited {
                prop_assert!(todo.signals.is_empty(), "what has exited is not signalled");
            }
            if todo.kill {
                prop_assert!(promised.asked || promised.killed, "nobody wanted its end");
                prop_assert_eq!(todo.wait, None, "nothing comes after the end");
            }
            if promised.exited && (!promised.left || promised.gone) {
                prop_assert!(life.is_gone());
                prop_assert_eq!(life.on(event), Todo::default());
            }
            if life.is_gone() {
                let kept = promised.left && background == Background::Keep;
                prop_assert!(promised.exited && (!promised.left || promised.gone || kept));
            }
        }
    }

    #[test]
    fn an_end_that_is_wanted_comes_after_the_waits_of_the_teardown(
        teardown in teardowns(),
        cause in causes(),
    ) {
        let mut life = Life::new(teardown.clone(), Background::Keep);
        let mut todo = life.on(Event::End(cause));
        let mut signals = todo.signals.clone();
        for _ in 0..waits(&teardown) {
            prop_assert!(!todo.kill && todo.wait.is_some());
            todo = life.on(Event::TimeUp);
            signals.extend(&todo.signals);
        }
        prop_assert!(todo.kill, "the teardown has an end");
        let sent = signals.into_iter().map(TeardownStep::Signal);
        let steps = teardown.steps().iter().copied();
        let wanted = steps.filter(|step| matches!(step, TeardownStep::Signal(_)));
        prop_assert!(sent.eq(wanted), "each signal was sent once, in its order");
    }

    #[test]
    fn what_is_left_is_killed_once_its_end_is_wanted(
        teardown in teardowns(),
        cause in causes(),
        early in any::<bool>(),
    ) {
        let mut life = Life::new(teardown.clone(), Background::Kill);
        let mut kills = 0;
        let mut on = |life: &mut Life, event| kills += usize::from(life.on(event).kill);
        if early {
            on(&mut life, Event::End(cause));
        }
        on(&mut life, Event::Exited { left: true });
        on(&mut life, Event::End(cause));
        for _ in 0..=waits(&teardown) {
            on(&mut life, Event::TimeUp);
        }
        prop_assert!(!life.is_gone(), "it is there until that is known");
        prop_assert!(kills > 0);
        life.on(Event::Gone);
        prop_assert!(life.is_gone());
    }
}

#[test]
fn what_a_child_leaves_is_kept_only_where_the_policy_says_so() {
    let left = Event::Exited { left: true };
    let mut kept = Life::new(Teardown::default(), Background::Keep);
    assert!(kept.on(left).keep);
    assert_eq!(kept.on(Event::End(EndCause::OwnerGone)), Todo::default());
    let mut killed = Life::new(Teardown::default(), Background::Kill);
    assert_eq!(killed.on(left), Todo::default());
    assert!(killed.on(Event::End(EndCause::OwnerGone)).kill);
}

#[test]
fn what_is_left_in_a_teardown_has_the_time_that_is_left() {
    let mut life = Life::new(Teardown::default(), Background::Kill);
    assert!(life.on(Event::End(EndCause::Deadline)).wait.is_some());
    assert_eq!(life.on(Event::Exited { left: true }), Todo::default());
    assert!(life.on(Event::TimeUp).kill);
}
