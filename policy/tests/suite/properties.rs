//! What holds whatever is written, and whatever is asked for.

use offspring_policy::{
    ChildLimits, Confinement, FileMode, ParsedPolicy, PinnedPolicy, PolicyBuilder, Preopen,
    ProgramBuilder, ProgramRequest, Rate, Signal, SpawnRequest, StdioRequest, Teardown,
    TeardownStep, defaults,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::time::Duration;

/// A policy in code for one program, which is the shell too.
fn builder(program: ProgramBuilder) -> PolicyBuilder {
    let shell = program.clone();
    PinnedPolicy::builder(Confinement::Namespace)
        .program(program)
        .shell(shell)
}

fn program() -> ProgramBuilder {
    ProgramBuilder::new("tool")
        .path("/bin/sh")
        .shape(["{any}..."])
        .allow_env("LANG")
}

/// Times that can be written, in the file's milliseconds.
fn time() -> impl Strategy<Value = Duration> {
    let longest = u64::try_from(defaults::LONGEST.as_millis()).unwrap();
    (0..=longest).prop_map(Duration::from_millis)
}

fn signal() -> impl Strategy<Value = Signal> {
    let exists = |number: i32| Signal::from_number(number).filter(|it| *it != Signal::Kill);
    (1..=64).prop_filter_map("no signal, or the end", exists)
}

fn step() -> impl Strategy<Value = TeardownStep> {
    let most = u64::try_from(defaults::LONGEST_TEARDOWN.as_millis()).unwrap() / 8;
    let wait = (0..=most).prop_map(Duration::from_millis);
    prop_oneof![
        signal().prop_map(TeardownStep::Signal),
        wait.prop_map(TeardownStep::Wait),
    ]
}

fn limits() -> impl Strategy<Value = ChildLimits> {
    let times = (time(), time(), time());
    let sizes = (any::<u64>(), any::<u64>(), any::<u64>());
    let memory = defaults::LEAST_MEMORY..;
    let open_files = defaults::FEWEST_OPEN_FILES..=defaults::MOST_OPEN_FILES;
    let cpu = 1..1_000_000_u64;
    (times, sizes, memory, open_files, cpu).prop_map(|(times, sizes, memory, open_files, cpu)| {
        ChildLimits {
            deadline: Some(times.0),
            idle: Some(times.1),
            drain: times.2,
            output: Some(sizes.0),
            stream_output: Some(sizes.1),
            file_size: Some(sizes.2),
            memory: Some(memory),
            open_files: Some(open_files),
            cpu: Some(Duration::from_secs(cpu)),
        }
    })
}

fn with(program: ProgramBuilder, limits: ChildLimits) -> ProgramBuilder {
    program
        .deadline(limits.deadline.unwrap())
        .idle(limits.idle.unwrap())
        .drain(limits.drain)
        .output(limits.output.unwrap())
        .output_per_stream(limits.stream_output.unwrap())
        .file_size(limits.file_size.unwrap())
        .memory(limits.memory.unwrap())
        .open_files(limits.open_files.unwrap())
        .cpu(limits.cpu.unwrap())
}

fn words() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(any::<u8>(), 0..12), 0..4)
}

fn asked() -> impl Strategy<Value = SpawnRequest> {
    let name = prop_oneof![Just("tool".to_owned()), any::<String>()];
    let program = prop_oneof![
        name.prop_map(ProgramRequest::Named),
        vec(any::<u8>(), 0..12).prop_map(ProgramRequest::Shell),
    ];
    let env = vec(("LANG|[A-Z=]{0,4}", vec(any::<u8>(), 0..4)), 0..3);
    let wish = || option::of((0..=u64::MAX, 0..1_000_000_000_u32));
    let file = any::<String>().prop_map(|path| StdioRequest::File {
        path,
        mode: FileMode::Truncate,
        offset: 0,
    });
    let stdout = prop_oneof![Just(StdioRequest::Null), Just(StdioRequest::Pipe), file];
    let cwd = option::of(any::<String>());
    let wishes = (wish(), wish(), wish());
    (program, words(), env, cwd, stdout, wishes).prop_map(
        |(program, args, env, cwd, stdout, wishes)| {
            let time = |wish: Option<(u64, u32)>| wish.map(|(s, n)| Duration::new(s, n));
            let mut request = SpawnRequest::new(program);
            request.args = args;
            request.env = env;
            request.cwd = cwd;
            request.stdout = stdout;
            request.deadline = time(wishes.0);
            request.idle = time(wishes.1);
            request.drain = time(wishes.2);
            request
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        // What fails is written into the message, and becomes a test of its own.
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_is_a_policy_or_has_a_fault(text in any::<String>()) {
        if let Err(error) = ParsedPolicy::parse(&text, "p.toml") {
            prop_assert!(error.place().line().is_some(), "{}", error);
        }
    }

    #[test]
    fn any_value_of_a_limit_is_read_or_has_a_fault_at_its_line(
        key in "children|spawns|spawn-rate|queue|processes|deadline|idle|drain|output|cpu|memory|\
                output-per-stream|file-size|open-files|teardown|background",
        value in "-?[0-9]{1,20}|\"[0-9]{0,20} ?(ms|s|min|h|d|B|KiB|GiB|GB|/s|/5h)?\"|\"none\"|\
                  \\[(\"(TERM|kill|[0-9]{1,6}(s|d)|x)\", ?){0,4}\\]|\"\\PC{0,4}\"",
        table in "limits|program\\.limits|shell\\.limits",
    ) {
        let text = format!(
            "[shell]\n[[program]]\nname = \"t\"\nargs = [[]]\n[{table}]\n{key} = {value}"
        );
        match ParsedPolicy::parse(&text, "p.toml") {
            Ok(policy) => drop(policy),
            Err(error) => prop_assert_eq!(error.place().line(), Some(6), "{}", error),
        }
    }

    #[test]
    fn what_is_written_of_limits_is_what_is_read(
        limits in limits(),
        steps in vec(step(), 0..8),
        count in 1..=u32::MAX,
        period in time(),
        processes in defaults::FEWEST_PROCESSES..=defaults::MOST_PROCESSES,
    ) {
        let rate = Rate { count, period: period.max(Duration::from_millis(1)) };
        let teardown = Teardown::new(steps);
        let program = with(program(), limits).teardown(teardown.clone());
        let policy = builder(program).spawn_rate(rate).processes(processes);
        let policy = policy.build().unwrap().without_guest();
        prop_assert_eq!(policy.guest_limits().spawn_rate, Some(rate));
        let bound = policy.guest_limits().processes;
        prop_assert_eq!(bound.map(|bound| bound.most), Some(processes));
        let request = SpawnRequest::new(ProgramRequest::Named("tool".to_owned()));
        let plan = policy.authorize(&request).unwrap();
        prop_assert_eq!(*plan.limits(), limits);
        prop_assert_eq!(plan.teardown(), &teardown);
    }

    #[test]
    fn a_teardown_that_is_printed_can_be_read(steps in vec(step(), 0..8)) {
        let teardown = Teardown::new(steps);
        let words: Vec<_> = teardown.to_string().split(", ").map(|it| format!("{it:?}")).collect();
        let text = format!("[shell]\npath = \"/bin/sh\"\n[limits]\nteardown = [{}]", words.join(","));
        let policy = ParsedPolicy::parse(&text, "p.toml").unwrap().pin().unwrap().without_guest();
        let request = SpawnRequest::new(ProgramRequest::Shell(Vec::new()));
        let plan = policy.authorize(&request).unwrap();
        prop_assert_eq!(plan.teardown(), &teardown);
    }

    #[test]
    fn no_request_is_given_more_than_the_policy_bounds(limits in limits(), request in asked()) {
        let policy = builder(with(program(), limits)).build().unwrap();
        let directory = Preopen {
            guest: ".".to_owned(),
            host: env!("CARGO_TARGET_TMPDIR").into(),
            writable: true,
        };
        let policy = policy.bind(&[directory]).unwrap();
        drop(policy.explain(&request).to_string());
        if let Ok(plan) = policy.authorize(&request) {
            let given = plan.limits();
            prop_assert!(given.deadline <= limits.deadline && given.deadline.is_some());
            prop_assert!(given.idle <= limits.idle && given.idle.is_some());
            prop_assert!(given.drain <= limits.drain);
            let rest = ChildLimits {
                deadline: limits.deadline,
                idle: limits.idle,
                drain: limits.drain,
                ..*given
            };
            prop_assert_eq!(rest, limits);
        }
    }
}
