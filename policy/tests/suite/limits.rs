//! The bounds of guests and children, and how children end: what is refused, what is read, and
//! what a request comes to.

use crate::common::{Host, request};
use offspring_policy::{
    Background, ChildLimits, Confinement, GuestLimits, ParsedPolicy, PinnedPolicy, PolicyError,
    Problem, ProcessBound, ProgramBuilder, ProgramRequest, Rate, Signal, SpawnPlan, SpawnRequest,
    Teardown, TeardownStep, defaults,
};
use std::time::Duration;

const RULE: &str = "[[program]]\nname = \"tool\"\nargs = [[]]\n";

fn fault(text: &str) -> PolicyError {
    ParsedPolicy::parse(text, "p.toml").expect_err("the policy was taken")
}

/// What is wrong with a line of `[limits]`, which is at line 2.
fn fault_of(line: &str) -> String {
    fault(&format!("[limits]\n{line}")).to_string()
}

fn assert_begins(text: &str, beginning: &str) {
    assert!(
        text.starts_with(beginning),
        "\n  got {text}\n  not {beginning}"
    );
}

/// What a request for `tool` comes to with these tables behind its rule.
fn plan(tables: &str) -> SpawnPlan {
    let policy = Host::new().bound(&format!("{RULE}{tables}"));
    policy.authorize(&request(&["tool"])).unwrap()
}

fn guest(lines: &str) -> GuestLimits {
    let policy = ParsedPolicy::parse(&format!("[limits]\n{lines}"), "p.toml");
    policy.unwrap().guest_limits()
}

#[test]
fn what_bounds_a_guest_is_refused_in_the_table_of_a_rule() {
    for (line, column) in [
        ("children = 4", 12),
        ("spawns = \"none\"", 10),
        ("spawn-rate = \"1/s\"", 14),
        ("queue = \"1s\"", 9),
        ("processes = 100", 13),
    ] {
        let key = line.split(' ').next().unwrap();
        let expected = format!("p.toml:5:{column}: `{key}` bounds a guest with all its children");
        let error = fault(&format!("{RULE}[program.limits]\n{line}")).to_string();
        assert_begins(&error, &expected);
        assert!(error.ends_with("write it in [limits]"), "{error}");
        let error = fault(&format!("[shell]\n\n\n[shell.limits]\n{line}")).to_string();
        assert_begins(&error, &expected);
    }
}

#[test]
fn numbers_that_are_no_bound_are_refused() {
    for (line, expected) in [
        (
            "children = -1",
            "p.toml:2:12: `children` is a whole number from 0 to 4294967295, and -1 is not",
        ),
        (
            "children = 4294967296",
            "p.toml:2:12: `children` is a whole",
        ),
        (
            "children = \"none\"",
            "p.toml:2:12: `children` is a whole number from 0 to 4294967295, and `none` is not",
        ),
        ("spawns = -1", "p.toml:2:10: `spawns` is a whole number"),
        (
            "spawns = \"all\"",
            "p.toml:2:10: `spawns` is a whole number from 0 to 9223372036854775807 or \"none\", and `all` is not; write one",
        ),
        (
            "processes = 7",
            "p.toml:2:13: `processes` is a whole number from 8 to 4194304 or \"none\", and 7 is not",
        ),
        ("processes = 4194305", "p.toml:2:13: `processes` is"),
        (
            "open-files = 7",
            "p.toml:2:14: `open-files` is a whole number from 8 to 1048576 or",
        ),
        ("open-files = 1048577", "p.toml:2:14: `open-files` is"),
    ] {
        assert_begins(&fault_of(line), expected);
    }
}

#[test]
fn rates_times_and_sizes_that_are_none_are_refused() {
    for rate in ["10", "0/s", "1/0s", "-1/s", "1/month", "/s", "many", ""] {
        let expected = format!("p.toml:2:14: `{rate}` is not a rate; write how many");
        assert_begins(&fault_of(&format!("spawn-rate = \"{rate}\"")), &expected);
    }
    for key in ["deadline", "idle", "drain", "cpu", "queue"] {
        let expected = format!("p.toml:2:{}: `30` is not a time", key.len() + 4);
        assert_begins(&fault_of(&format!("{key} = \"30\"")), &expected);
    }
    for key in ["output", "output-per-stream", "memory", "file-size"] {
        let expected = format!("p.toml:2:{}: `64` is not a size", key.len() + 4);
        assert_begins(&fault_of(&format!("{key} = \"64\"")), &expected);
    }
    for memory in ["0B", "1023KiB"] {
        let expected = format!("p.toml:2:10: with `{memory}` of memory no program can be loaded");
        assert_begins(&fault_of(&format!("memory = \"{memory}\"")), &expected);
    }
    assert_begins(
        &fault_of("drain = \"none\""),
        "p.toml:2:9: `drain` needs an end",
    );
}

#[test]
fn steps_that_end_no_child_are_refused() {
    for word in [
        "SIGFOO",
        "",
        "5",
        "-1s",
        "15",
        "none",
        "SIGRTMIN+31",
        "4000d",
    ] {
        let expected = format!("p.toml:2:21: `{word}` is no step of `teardown`; write names");
        let line = format!("teardown = [\"TERM\", \"{word}\", \"1s\"]");
        assert_begins(&fault_of(&line), &expected);
    }
    for word in ["kill", "KILL", "SIGKILL"] {
        let line = format!("teardown = [\"TERM\", \"{word}\", \"1s\"]");
        let expected = format!("p.toml:2:21: nothing is left after `{word}`");
        assert_begins(&fault_of(&line), &expected);
    }
    assert_begins(
        &fault_of("teardown = [\"kill\", \"kill\"]"),
        "p.toml:2:13: nothing is left after",
    );
    assert_begins(
        &fault_of("teardown = [\"INT\", \"4min\", \"TERM\", \"61s\"]"),
        "p.toml:2:12: the times of `teardown` are 301s together, and a host that shuts down would \
         wait as long; write no more than 5min",
    );
    assert_begins(
        &fault_of("teardown = \"kill\""),
        "p.toml:2:12: invalid type: string",
    );
}

#[test]
fn words_that_say_nothing_of_background_processes_are_refused() {
    for word in ["", "Keep", "none", "true"] {
        let expected = format!("p.toml:2:14: `{word}` does not say what becomes");
        assert_begins(&fault_of(&format!("background = \"{word}\"")), &expected);
    }
}

#[test]
fn processes_are_bounded_in_a_world_of_their_own_only() {
    let bound = |tiers: &str, bound: &str| {
        ParsedPolicy::parse(&format!("{tiers}\n[limits]\nprocesses = {bound}"), "p.toml")
    };
    let fault = |tiers: &str| {
        let error = bound(tiers, "100").unwrap_err();
        assert_eq!(error.place().to_string(), "p.toml:3:13");
        error.to_string()
    };
    let landlock = fault("confinement = \"landlock\"");
    assert!(
        landlock.contains("`processes` needs a process namespace"),
        "{landlock}"
    );
    assert!(fault("confinement = \"none\"").contains("nothing would keep `processes`"));
    for fallback in ["landlock", "none"] {
        let lost = fault(&format!("fallback = \"{fallback}\""));
        assert!(lost.contains("would be lost with fallback"), "{lost}");
    }
    for tiers in [
        "confinement = \"landlock\"",
        "confinement = \"none\"",
        "fallback = \"none\"",
    ] {
        assert_eq!(
            bound(tiers, "\"none\"").unwrap().guest_limits().processes,
            None
        );
    }
    assert!(bound("", "100").is_ok());
}

#[test]
fn a_bound_of_processes_that_nobody_named_is_passed_over_where_nothing_keeps_it() {
    let host = Host::new();
    let policy = PinnedPolicy::builder(Confinement::Namespace)
        .fallback(Confinement::None)
        .allow("tool", Some(host.path("bin/tool")));
    let mut next = Some(policy.build().unwrap());
    let mut bounds = Vec::new();
    while let Some(policy) = next {
        let plan = policy.bind(&[]).unwrap().authorize(&request(&["tool"]));
        bounds.push(plan.unwrap().profile().processes);
        next = policy.fall_back();
    }
    assert_eq!(bounds, [defaults::PROCESSES, None, None]);
}

#[test]
fn a_policy_that_names_a_number_of_processes_is_not_merged_with_one_that_cannot_keep_it() {
    let host = Host::new();
    let bounded = host.pin("[limits]\nprocesses = 100").unwrap();
    let grant = |confinement, fallback| {
        let policy = PinnedPolicy::builder(confinement).allow("tool", Some(host.path("bin/tool")));
        match fallback {
            Some(fallback) => policy.fallback(fallback),
            None => policy,
        }
    };
    for (confinement, fallback) in [
        (Confinement::Landlock, None),
        (Confinement::None, None),
        (Confinement::Namespace, Some(Confinement::Landlock)),
    ] {
        let other = grant(confinement, fallback).build().unwrap();
        let error = bounded.merge(&other).unwrap_err().to_string();
        assert!(error.contains("`processes`"), "{error}");
    }
    let other = grant(Confinement::Namespace, None).build().unwrap();
    let merged = bounded.merge(&other).unwrap().guest_limits();
    assert_eq!(merged.processes.map(|bound| bound.most), Some(100));
    assert!(bounded.merge(&PinnedPolicy::deny_all()).is_ok());
}

#[test]
fn a_policy_that_says_nothing_has_the_default_bounds() {
    let plan = plan("");
    assert_eq!(*plan.limits(), ChildLimits::default());
    assert_eq!(*plan.teardown(), Teardown::default());
    assert_eq!(plan.background(), Background::Kill);
    assert_eq!(plan.profile().processes, defaults::PROCESSES);
    assert_eq!(guest(""), GuestLimits::default());
}

#[test]
fn the_bounds_of_a_guest_are_read() {
    let limits =
        "children = 3\nspawns = 9\nspawn-rate = \"10/min\"\nqueue = \"30s\"\nprocesses = 400";
    assert_eq!(
        guest(limits),
        GuestLimits {
            children: 3,
            spawns: Some(9),
            spawn_rate: Some(Rate {
                count: 10,
                period: Duration::from_secs(60)
            }),
            queue: Some(Duration::from_secs(30)),
            processes: Some(ProcessBound {
                most: 400,
                required: true
            }),
        }
    );
    let lifted = "spawns = \"none\"\nspawn-rate = \"none\"\nqueue = \"none\"\nprocesses = \"none\"";
    let lifted = guest(lifted);
    assert_eq!((lifted.spawns, lifted.spawn_rate), (None, None));
    assert_eq!((lifted.queue, lifted.processes), (None, None));
    assert_eq!(lifted.children, defaults::CHILDREN);
}

const LIMITS: &str = "[limits]\ndeadline = \"1min\"\nidle = \"10s\"\ndrain = \"1s\"\n\
     output = \"2MiB\"\noutput-per-stream = \"1MiB\"\ncpu = \"5s\"\nmemory = \"1GiB\"\n\
     file-size = \"1kB\"\nopen-files = 64\nteardown = [\"INT\", \"1s\", \"kill\"]\n\
     background = \"keep\"\n";

fn limited() -> ChildLimits {
    ChildLimits {
        deadline: Some(Duration::from_secs(60)),
        idle: Some(Duration::from_secs(10)),
        drain: Duration::from_secs(1),
        output: Some(2 << 20),
        stream_output: Some(1 << 20),
        cpu: Some(Duration::from_secs(5)),
        memory: Some(1 << 30),
        file_size: Some(1000),
        open_files: Some(64),
    }
}

fn int_then_second() -> Teardown {
    let second = TeardownStep::Wait(Duration::from_secs(1));
    Teardown::new([TeardownStep::Signal(Signal::Int), second])
}

#[test]
fn a_rule_that_says_nothing_has_the_bounds_of_the_policy() {
    let plan = plan(LIMITS);
    assert_eq!(*plan.limits(), limited());
    assert_eq!(*plan.teardown(), int_then_second());
    assert_eq!(plan.background(), Background::Keep);
}

#[test]
fn a_rule_changes_what_it_names_and_nothing_else() {
    let own = "[program.limits]\nidle = \"none\"\nmemory = \"2GiB\"\nbackground = \"kill\"\n";
    let changed = plan(&format!("{own}{LIMITS}"));
    assert_eq!(
        *changed.limits(),
        ChildLimits {
            idle: None,
            memory: Some(2 << 30),
            ..limited()
        }
    );
    assert_eq!(*changed.teardown(), int_then_second());
    assert_eq!(changed.background(), Background::Kill);
    let lifted = "[program.limits]\ndeadline = \"none\"\nidle = \"none\"\noutput = \"none\"\n\
                  output-per-stream = \"none\"\ncpu = \"none\"\nmemory = \"none\"\n\
                  file-size = \"none\"\nopen-files = \"none\"\nteardown = [\"kill\"]\n";
    let lifted = plan(&format!("{lifted}{LIMITS}"));
    let none = ChildLimits {
        drain: Duration::from_secs(1),
        ..ChildLimits::default()
    };
    assert_eq!(*lifted.limits(), none);
    assert_eq!(*lifted.teardown(), Teardown::kill());
}

#[test]
fn the_shell_has_bounds_of_its_own_too() {
    let text = format!("[shell]\n[shell.limits]\nopen-files = 8\nteardown = []\n{LIMITS}");
    let policy = Host::new().bound(&text);
    let line = SpawnRequest::new(ProgramRequest::Shell(b"true".to_vec()));
    let plan = policy.authorize(&line).unwrap();
    assert_eq!(plan.limits().open_files, Some(8));
    assert_eq!(plan.limits().cpu, limited().cpu);
    assert_eq!(*plan.teardown(), Teardown::kill());
}

#[test]
fn processor_time_is_rounded_up_to_whole_seconds() {
    for (text, seconds) in [
        ("0s", 1),
        ("1ms", 1),
        ("1s", 1),
        ("1001ms", 2),
        ("2min", 120),
    ] {
        let cpu = plan(&format!("[limits]\ncpu = \"{text}\"")).limits().cpu;
        assert_eq!(cpu, Some(Duration::from_secs(seconds)), "{text}");
    }
}

#[test]
fn a_teardown_is_read_in_each_of_its_spellings() {
    let teardown = |steps: &str| {
        let plan = plan(&format!("[limits]\nteardown = [{steps}]"));
        plan.teardown().to_string()
    };
    assert_eq!(teardown(""), "kill");
    assert_eq!(teardown("\"SIGKILL\""), "kill");
    assert_eq!(
        teardown("\"term\", \"5s\", \"SIGINT\", \"500 ms\", \"kill\""),
        "SIGTERM, 5s, SIGINT, 500ms, kill"
    );
    assert_eq!(
        teardown("\"SIGRTMIN+3\", \"5min\""),
        "SIGRTMIN+3, 5min, kill"
    );
    assert_eq!(Teardown::default().to_string(), "SIGTERM, 2s, kill");
}

#[test]
fn what_a_guest_asks_for_only_makes_its_times_shorter() {
    let host = Host::new();
    let policy = host.bound(&format!("{RULE}{LIMITS}"));
    let limits = |time| {
        let mut request = request(&["tool"]);
        request.deadline = Some(time);
        request.idle = Some(time);
        request.drain = Some(time);
        *policy.authorize(&request).unwrap().limits()
    };
    assert_eq!(limits(Duration::MAX), limited());
    let short = Duration::from_millis(5);
    assert_eq!(
        limits(short),
        ChildLimits {
            deadline: Some(short),
            idle: Some(short),
            drain: short,
            ..limited()
        }
    );
}

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
fn a_builder_is_refused_the_bounds_that_a_file_is_refused() {
    let builder = || PinnedPolicy::builder(Confinement::Namespace);
    let problem = |builder: offspring_policy::PolicyBuilder| builder.check().unwrap_err();
    let few = problem(builder().processes(2));
    assert!(matches!(few.problem(), Problem::BadCount { .. }), "{few}");
    let rate = |count, period| problem(builder().spawn_rate(Rate { count, period })).to_string();
    assert!(rate(0, Duration::from_secs(1)).contains("is not a rate"));
    assert!(rate(1, Duration::ZERO).contains("is not a rate"));
    let early = [Signal::Kill, Signal::Term].map(TeardownStep::Signal);
    let early = problem(builder().teardown(Teardown::new(early)));
    assert!(matches!(early.problem(), Problem::EarlyKill(_)), "{early}");
    let long = Teardown::new([TeardownStep::Wait(Duration::from_secs(301))]);
    let long = problem(builder().teardown(long));
    assert!(matches!(long.problem(), Problem::LongTeardown(_)), "{long}");
    let none = Teardown::new([TeardownStep::Signal(Signal::Realtime(200))]);
    let none = problem(builder().teardown(none));
    assert!(matches!(none.problem(), Problem::BadTeardown(_)), "{none}");
    let landlock = builder().confinement(Confinement::Landlock).processes(99);
    let landlock = problem(landlock);
    assert!(
        matches!(landlock.problem(), Problem::NeedsNamespace("processes")),
        "{landlock}"
    );
}
