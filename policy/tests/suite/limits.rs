//! The bounds of guests and children, and how children end: what is read, and what a request comes
//! to.

mod built;
mod processes;
mod refused;

use crate::common::{Host, request};
use offspring_policy::{
    Background, ChildLimits, GuestLimits, ParsedPolicy, ProcessBound, ProgramRequest, Rate, Signal,
    SpawnPlan, SpawnRequest, Teardown, TeardownStep, defaults,
};
use std::time::Duration;

const RULE: &str = "[[program]]\nname = \"tool\"\nargs = [[]]\n";

/// What a request for `tool` comes to with these tables behind its rule.
fn plan(tables: &str) -> SpawnPlan {
    let policy = Host::new().bound(&format!("{RULE}{tables}"));
    policy.authorize(&request(&["tool"])).unwrap()
}

fn guest(lines: &str) -> GuestLimits {
    let policy = ParsedPolicy::parse(&format!("[limits]\n{lines}"), "p.toml");
    policy.unwrap().guest_limits()
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
