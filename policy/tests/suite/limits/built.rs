//! Bounds that are written in Rust.

use super::{LIMITS, int_then_second, limited};
use crate::common::{Host, request};
use offspring_policy::{
    Background, ChildLimits, Confinement, LimitProblem, ParsedPolicy, PinnedPolicy, PolicyBuilder,
    Problem, ProgramBuilder, ProgramRequest, Rate, Signal, SpawnRequest, Teardown, TeardownStep,
};
use std::time::Duration;

#[test]
fn a_builder_says_of_limits_what_a_file_says() {
    let host = Host::new();
    let tool = || ProgramBuilder::new("tool").path(host.path("bin/tool"));
    let builder = || PinnedPolicy::builder(Confinement::Namespace);
    let policy = builder()
        .spawn_rate(Rate {
            count: 3,
            period: Duration::from_secs(5),
        })
        .queue(Duration::from_secs(1))
        .processes(100)
        .deadline(Duration::from_secs(60))
        .idle(Duration::from_secs(10))
        .drain(Duration::from_secs(1))
        .output(2 << 20)
        .output_per_stream(1 << 20)
        .cpu(Duration::from_millis(4500))
        .memory(1 << 30)
        .file_size(1000)
        .open_files(64)
        .teardown(int_then_second())
        .background(Background::Keep);
    let own = tool()
        .shape([])
        .deadline(Duration::from_secs(1))
        .idle(Duration::from_secs(2))
        .drain(Duration::from_secs(3))
        .output(4)
        .output_per_stream(5)
        .cpu(Duration::from_secs(6))
        .memory(7 << 20)
        .file_size(8)
        .open_files(9)
        .teardown(Teardown::kill())
        .background(Background::Kill);
    let policy = policy.program(own).shell(tool()).build().unwrap();
    let policy = policy.bind(&[]).unwrap();
    let guest = policy.guest_limits();
    assert_eq!(guest.queue, Some(Duration::from_secs(1)));
    let rate = Rate {
        count: 3,
        period: Duration::from_secs(5),
    };
    assert_eq!(guest.spawn_rate, Some(rate));
    assert_eq!(guest.processes.map(|bound| bound.required), Some(true));

    let line = SpawnRequest::new(ProgramRequest::Shell(b"true".to_vec()));
    let shell = policy.authorize(&line).unwrap();
    assert_eq!(*shell.limits(), limited());
    assert_eq!(*shell.teardown(), int_then_second());
    assert_eq!(shell.background(), Background::Keep);
    let plan = policy.authorize(&request(&["tool"])).unwrap();
    assert_eq!(
        *plan.limits(),
        ChildLimits {
            deadline: Some(Duration::from_secs(1)),
            idle: Some(Duration::from_secs(2)),
            drain: Duration::from_secs(3),
            output: Some(4),
            stream_output: Some(5),
            cpu: Some(Duration::from_secs(6)),
            memory: Some(7 << 20),
            file_size: Some(8),
            open_files: Some(9),
        }
    );
    assert_eq!(*plan.teardown(), Teardown::kill());
    assert_eq!(plan.background(), Background::Kill);

    let unbounded = builder().unbounded_processes().build().unwrap();
    assert_eq!(unbounded.guest_limits().processes, None);
}

#[test]
fn a_builder_takes_over_what_another_policy_says_of_children() {
    let host = Host::new();
    let text = format!("{LIMITS}queue = \"1s\"");
    let file = ParsedPolicy::parse(&text, "p.toml").unwrap().pin().unwrap();
    let tool = || ProgramBuilder::new("tool").path(host.path("bin/tool"));
    let of = |program| {
        let builder = PinnedPolicy::builder(Confinement::Namespace).children_as_in(&file);
        let policy = builder.program(program).build().unwrap();
        assert_eq!(policy.guest_limits().queue, None);
        let policy = policy.bind(&[]).unwrap();
        policy.authorize(&request(&["tool"])).unwrap()
    };
    let plan = of(tool().shape([]));
    assert_eq!(*plan.limits(), limited());
    assert_eq!(*plan.teardown(), int_then_second());
    assert_eq!(plan.background(), Background::Keep);
    let own = of(tool().shape([]).output(5));
    assert_eq!(own.limits().output, Some(5));

    // What is bounded by nothing there is bounded by nothing here.
    let builder = PinnedPolicy::builder(Confinement::Namespace);
    let builder = builder.children_as_in(&PinnedPolicy::deny_all());
    let policy = builder.program(tool().shape([])).build().unwrap();
    let plan = policy.bind(&[]).unwrap();
    let plan = plan.authorize(&request(&["tool"])).unwrap();
    assert_eq!(*plan.limits(), ChildLimits::default());
    assert_eq!(*plan.teardown(), Teardown::default());
}

#[test]
fn a_builder_is_refused_the_bounds_that_a_file_is_refused() {
    let builder = || PinnedPolicy::builder(Confinement::Namespace);
    let problem = |builder: PolicyBuilder| builder.check().unwrap_err();
    let few = problem(builder().processes(2));
    assert!(
        matches!(few.problem(), Problem::Limit(LimitProblem::BadCount { .. })),
        "{few}"
    );
    let rate = |count, period| problem(builder().spawn_rate(Rate { count, period })).to_string();
    assert!(rate(0, Duration::from_secs(1)).contains("is not a rate"));
    assert!(rate(1, Duration::ZERO).contains("is not a rate"));
    let early = [Signal::Kill, Signal::Term].map(TeardownStep::Signal);
    let early = problem(builder().teardown(Teardown::new(early)));
    assert!(
        matches!(early.problem(), Problem::Limit(LimitProblem::EarlyKill(_))),
        "{early}"
    );
    let long = Teardown::new([TeardownStep::Wait(Duration::from_secs(301))]);
    let long = problem(builder().teardown(long));
    assert!(
        matches!(
            long.problem(),
            Problem::Limit(LimitProblem::LongTeardown(_))
        ),
        "{long}"
    );
    let none = Teardown::new([TeardownStep::Signal(Signal::Realtime(200))]);
    let none = problem(builder().teardown(none));
    assert!(
        matches!(none.problem(), Problem::Limit(LimitProblem::BadTeardown(_))),
        "{none}"
    );
    let landlock = builder().confinement(Confinement::Landlock).processes(99);
    let landlock = problem(landlock);
    assert!(
        matches!(landlock.problem(), Problem::NeedsNamespace("processes")),
        "{landlock}"
    );
}
