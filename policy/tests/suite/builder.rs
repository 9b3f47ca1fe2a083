//! Policies in Rust, quick grants, and how policies are merged.

use crate::common::{Host, code, request, request_with_env};
use offspring_policy::{
    Confinement, DenialCode, Part, PinnedPolicy, Problem, ProgramBuilder, ProgramRequest, Signal,
    SpawnRequest, Warning,
};
use std::time::Duration;

const DENIED: DenialCode = DenialCode::AccessDenied(Part::Program);

fn builder() -> offspring_policy::PolicyBuilder {
    PinnedPolicy::builder(Confinement::Namespace)
}

#[test]
fn a_new_policy_allows_nothing() {
    for policy in [builder().build().unwrap(), PinnedPolicy::deny_all()] {
        let policy = policy.bind(&[]).unwrap();
        assert_eq!(code(policy.authorize(&request(&["sh"]))), DENIED);
        let line = SpawnRequest::new(ProgramRequest::Shell(Vec::new()));
        assert_eq!(code(policy.authorize(&line)), DENIED);
    }
}

#[test]
fn a_builder_obeys_the_rules_of_the_file() {
    let program = || ProgramBuilder::new("sh").path("/bin/sh");
    let problem = |program| {
        builder()
            .origin("--policy")
            .program(program)
            .build()
            .unwrap_err()
    };
    assert!(matches!(problem(program()).problem(), Problem::NoShapes(_)));
    let variable = problem(program().shape([]).allow_env("PATH"));
    assert!(matches!(variable.problem(), Problem::DangerousVariable(_)));
    assert_eq!(variable.place().to_string(), "--policy");
    let pattern = problem(program().shape(["{x}"]));
    assert!(matches!(pattern.problem(), Problem::Pattern { .. }));
    let example = problem(program().shape(["x"]).refuse(["sh", "x"]));
    assert!(matches!(example.problem(), Problem::NotRefused(_)));
    let endless = builder().deadline(Duration::MAX).build().unwrap_err();
    assert!(matches!(endless.problem(), Problem::BadDuration(_)));
}

#[test]
fn a_builder_says_everything_that_a_file_says() {
    let host = Host::new();
    let program = ProgramBuilder::new("tool")
        .path(host.path("bin/tool"))
        .shape(["-n", "{int}"])
        .env("TZ", "UTC")
        .allow_env("LANG")
        .allow_dangerous_env("HOME")
        .signals([Signal::Term])
        .allow_arg0()
        .allow_identity()
        .accept(["tool", "-n", "1"])
        .refuse(["tool", "-n", "x"])
        .deadline(Duration::from_micros(1500))
        .output(100)
        .drain(Duration::from_secs(1));
    let policy = builder()
        .children(3)
        .spawns(9)
        .program(program)
        .build()
        .unwrap();
    let policy = policy.bind(&[]).unwrap();
    let limits = policy.guest_limits();
    assert_eq!((limits.children, limits.spawns), (3, Some(9)));
    let request = request_with_env(&["tool", "-n", "3"], &[("LANG", "C"), ("HOME", "/")]);
    let plan = policy.authorize(&request).unwrap();
    assert_eq!(plan.env().len(), 3);
    assert_eq!(
        plan.limits().deadline,
        Some(Duration::from_millis(2)),
        "rounded up"
    );
    assert_eq!(plan.limits().output, Some(100));
    assert_eq!(
        plan.signals().iter().collect::<Vec<_>>(),
        [Signal::Kill, Signal::Term]
    );
}

#[test]
fn a_quick_grant_allows_any_arguments_and_is_warned_about() {
    let host = Host::new();
    let policy = builder()
        .origin("--allow")
        .allow("tool", Some(host.path("bin/tool")));
    let policy = policy.build().unwrap();
    let warnings: Vec<_> = policy.lints().iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with("--allow: warning: `{any}...` allows every option"));
    let bound = policy.bind(&[]).unwrap();
    assert!(bound.authorize(&request(&["tool", "-x", "", "\n"])).is_ok());
    assert_eq!(code(bound.authorize(&request(&["git"]))), DENIED);
}

#[test]
fn policies_with_rules_for_one_program_or_two_shells_are_not_merged() {
    let host = Host::new();
    let grant = |name| {
        builder()
            .allow(name, Some(host.path("bin/tool")))
            .build()
            .unwrap()
    };
    let error = grant("tool").merge(&grant("tool")).unwrap_err();
    assert!(matches!(error.problem(), Problem::DuplicateProgram { .. }));
    let shell = host.pin("[shell]").unwrap();
    let error = shell.merge(&shell).unwrap_err();
    assert!(matches!(error.problem(), Problem::DuplicateShell(_)));
}

#[test]
fn a_merged_policy_allows_what_either_allows() {
    let host = Host::new();
    let file = host.pin("[limits]\nchildren = 2\n[[program]]\nname = \"git\"\nargs = [[]]");
    let grant = builder()
        .allow("tool", Some(host.path("bin/tool")))
        .build()
        .unwrap();
    let shell = builder().shell(ProgramBuilder::new("sh").path(host.path("bin/sh")));
    let merged = file
        .unwrap()
        .merge(&grant)
        .unwrap()
        .merge(&shell.build().unwrap())
        .unwrap();
    assert_eq!(merged.guest_limits().children, 2);
    assert!(merged.shell().is_some());
    let warnings: Vec<_> = merged.lints().iter().map(|lint| &lint.warning).collect();
    assert!(warnings.contains(&&Warning::Shell));
    let bound = merged.bind(&[]).unwrap();
    assert!(bound.authorize(&request(&["git"])).is_ok());
    assert!(bound.authorize(&request(&["tool", "x"])).is_ok());
}
