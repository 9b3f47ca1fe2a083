//! Attacks with the program: its name, its argument 0, its user, and shells.

use super::GIT;
use crate::common::{Host, code, request};
use offspring_policy::DenialCode::AccessDenied;
use offspring_policy::{Identity, Part, ProgramRequest, SpawnRequest};

#[test]
fn a_program_without_a_rule_is_refused_alike_whether_or_not_it_exists() {
    let host = Host::new();
    let policy = host.bound(GIT);
    let present = code(policy.authorize(&request(&["tool"])));
    let absent = code(policy.authorize(&request(&["no-such-tool"])));
    assert_eq!(
        (present, absent),
        (AccessDenied(Part::Program), AccessDenied(Part::Program))
    );
}

#[test]
fn a_name_that_is_a_path_is_refused_even_where_it_leads_to_an_allowed_program() {
    let host = Host::new();
    let policy = host.bound(GIT);
    let absolute = host.path("bin/git");
    for name in [
        "./git",
        "../git",
        "/git",
        "git/",
        "bin/git",
        absolute.to_str().unwrap(),
    ] {
        let decision = policy.authorize(&request(&[name, "status", "--porcelain"]));
        assert_eq!(code(decision), AccessDenied(Part::Program), "{name}");
    }
}

#[test]
fn names_that_only_resemble_an_allowed_one_are_refused() {
    let policy = Host::new().bound(GIT);
    for name in ["Git", "git ", " git", "git\n", "gi", "gitt", "."] {
        let decision = policy.authorize(&request(&[name, "status", "--porcelain"]));
        assert_eq!(code(decision), AccessDenied(Part::Program), "{name:?}");
    }
}

#[test]
fn a_program_of_the_same_name_in_a_guest_directory_is_never_the_one_that_runs() {
    let host = Host::new();
    host.program("guest/git", b"\x7fELF");
    let policy = host.bound(GIT);
    let plan = policy
        .authorize(&request(&["git", "status", "--porcelain"]))
        .unwrap();
    assert_eq!(plan.program().path(), host.path("bin/git"));
}

#[test]
fn argument_zero_is_the_guests_to_choose_only_where_the_policy_says_so() {
    let host = Host::new();
    let mut request = request(&["tool"]);
    request.arg0 = Some(b"sh".to_vec());
    let text = "[[program]]\nname = \"tool\"\nargs = [[]]\n";
    assert_eq!(
        code(host.bound(text).authorize(&request)),
        AccessDenied(Part::Arguments)
    );
    let widened = host.bound(&format!("{text}allow-arg0 = true"));
    assert_eq!(widened.authorize(&request).unwrap().arg0(), b"sh");
}

#[test]
fn a_user_or_group_is_the_guests_to_choose_only_where_the_policy_says_so() {
    let host = Host::new();
    let asks: [fn(&mut SpawnRequest); 3] = [
        |request| request.user = Some(Identity::Id(0)),
        |request| request.group = Some(Identity::Name("root".into())),
        |request| request.extra_groups = Some(Vec::new()),
    ];
    let text = "[[program]]\nname = \"tool\"\nargs = [[]]\n";
    for ask in asks {
        let mut request = request(&["tool"]);
        ask(&mut request);
        assert_eq!(
            code(host.bound(text).authorize(&request)),
            AccessDenied(Part::Identity)
        );
        let widened = host.bound(&format!("{text}allow-identity = true"));
        assert!(widened.authorize(&request).is_ok());
    }
}

#[test]
fn a_command_line_is_refused_where_the_policy_has_no_shell() {
    let policy = Host::new().bound("[[program]]\nname = \"sh\"\nargs = [[\"{any}...\"]]");
    let line = SpawnRequest::new(ProgramRequest::Shell(b"true".to_vec()));
    assert_eq!(code(policy.authorize(&line)), AccessDenied(Part::Program));
}

#[test]
fn the_shell_is_not_a_program_that_a_guest_can_name() {
    let policy = Host::new().bound("[shell]");
    assert_eq!(
        code(policy.authorize(&request(&["sh", "-c", "x"]))),
        AccessDenied(Part::Program)
    );
    let line = SpawnRequest::new(ProgramRequest::Shell(b"echo a; echo b".to_vec()));
    let plan = policy.authorize(&line).unwrap();
    assert_eq!(plan.args(), [b"-c".to_vec(), b"echo a; echo b".to_vec()]);
}

#[test]
fn a_denial_names_the_rule_and_no_path_of_the_host() {
    let host = Host::new();
    let denial = host
        .bound(GIT)
        .authorize(&request(&["git", "push"]))
        .unwrap_err();
    assert!(!denial.to_string().contains(host.path("").to_str().unwrap()));
    assert!(
        denial
            .to_string()
            .starts_with("policy.toml:3:1: the rule for `git`"),
        "{denial}"
    );
}
