//! What operators are told: warnings, denials and explanations.

use crate::common::{Host, request, request_with_env};
use offspring_policy::{ParsedPolicy, ProgramRequest, SpawnRequest};

/// The warnings about a policy whose first line is `confinement`.
fn warnings(text: &str) -> Vec<String> {
    let text = format!("confinement = \"none\"\n{text}");
    let policy = ParsedPolicy::parse(&text, "p.toml").unwrap();
    policy.lints().iter().map(ToString::to_string).collect()
}

fn warning(name: &str, rest: &str) -> String {
    let all = warnings(&format!("[[program]]\nname = \"{name}\"\n{rest}"));
    assert_eq!(all.len(), 1, "{all:?}");
    all.into_iter().next().unwrap()
}

#[test]
fn a_shell_is_said_to_mean_any_command() {
    let all = warnings("[shell]\npath = \"/bin/sh\"");
    assert_eq!(all.len(), 1);
    assert!(
        all[0].starts_with("p.toml:2:1: warning: a shell means any command"),
        "{all:?}"
    );
}

#[test]
fn free_arguments_of_programs_that_run_others_are_said_to_mean_any_command() {
    for name in [
        "sh",
        "bash",
        "python",
        "python3.11",
        "env",
        "xargs",
        "find",
        "busybox",
        "ssh",
    ] {
        let text = warning(name, "args = [[\"-c\", \"{any}\"]]");
        assert!(
            text.starts_with("p.toml:4:9: warning:") && text.contains("any command"),
            "{text}"
        );
    }
    let by_path = warning(
        "friendly",
        "path = \"/usr/bin/perl5.36\"\nargs = [[\"{any}...\"]]",
    );
    assert!(by_path.contains("any command"), "{by_path}");
}

#[test]
fn free_arguments_are_warned_about() {
    let text = warning("tool", "args = [[\"x\", \"{any}...\"]]");
    assert!(text.contains("every option that `tool` has"), "{text}");
    let text = warning("tool", "args = [[\"{any}\"]]");
    assert!(text.contains("begins with `-`"), "{text}");
    let text = warning("tool", "args = [[\"-{word}\"]]");
    assert!(text.contains("the guest chooses the option"), "{text}");
}

#[test]
fn dangerous_variables_and_free_identities_are_warned_about() {
    assert!(warning("t", "args = [[]]\nallow-dangerous-env = [\"LD_PRELOAD\"]").contains("LD_PRE"));
    assert!(warning("t", "args = [[]]\nallow-arg0 = true").contains("argument 0"));
    assert!(warning("t", "args = [[]]\nallow-identity = true").contains("the user"));
}

#[test]
fn whole_shapes_are_not_warned_about() {
    let rule = "[[program]]\nname = \"git\"\nargs = [[\"log\", \"-n\", \"{int}\"], [\"diff\", \"--\", \"{path}...\"]]\n";
    assert_eq!(warnings(rule), [""; 0]);
    let after_dashes = "[[program]]\nname = \"tool\"\nargs = [[\"--\", \"{any}\"]]";
    assert_eq!(warnings(after_dashes), [""; 0]);
}

const GIT: &str = "[[program]]\nname = \"git\"\nargs = [[\"status\"], [\"log\", \"-n\", \"{int}\"]]\n\
                   env = { TZ = \"UTC\" }\nallow-env = [\"LANG\"]\n";

#[test]
fn a_denial_names_the_rule_its_line_and_what_to_do() {
    let policy = Host::new().bound(GIT);
    let denial = |request| policy.authorize(&request).unwrap_err().to_string();
    assert_eq!(
        denial(request(&["git", "log", "-n", "x"])),
        "policy.toml:2:1: the rule for `git`: the arguments have none of the allowed shapes (at \
         the closest one, argument 3, x, is not `{int}`); add one to \
         `args` to allow them"
    );
    assert_eq!(
        denial(request(&["hg"])),
        "no rule is for hg; add [[program]] name = \"…\" to allow it"
    );
    let variable = denial(request_with_env(&["git", "status"], &[("PAGER", "sh")]));
    assert!(variable.contains("`allow-dangerous-env`"), "{variable}");
}

#[test]
fn an_explanation_of_a_denial_goes_through_every_shape_and_variable() {
    let host = Host::new();
    let policy = host.bound(GIT);
    let request = request_with_env(
        &["git", "log", "-n", "x\u{1b}"],
        &[("LANG", "C"), ("TZ", "")],
    );
    let text = policy.explain(&request).to_string();
    let expected = format!(
        "request    git log -n 'x\\u{{1b}}'\n\
         rule       git at policy.toml:2:1\n\
         program    {}\n\
         shape  no  status\n\
         \u{20}          policy.toml:4:9: argument 1, log, is not `status`\n\
         shape  no  log -n {{int}}\n\
         \u{20}          policy.toml:4:21: argument 3, 'x\\u{{1b}}', is not `{{int}}`\n\
         env    yes LANG\n\
         env    no  TZ: the guest set TZ, which the policy sets in `env`\n\
         denied     policy.toml:2:1: the rule for `git`: the arguments have none of the allowed \
         shapes (at the closest one, argument 3, 'x\\u{{1b}}', is not `{{int}}`); \
         add one to `args` to allow them\n",
        host.path("bin/git").display()
    );
    assert_eq!(text, expected);
}

#[test]
fn an_explanation_of_a_permission_says_what_will_run() {
    let host = Host::new();
    let request = request_with_env(&["git", "log", "-n", "3"], &[("LANG", "C")]);
    let text = host.bound(GIT).explain(&request).to_string();
    let program = host.path("bin/git");
    let program = program.display();
    let end = format!(
        "shape  yes log -n {{int}}\n\
         env    yes LANG\n\
         directory  . in the guest's directory 1\n\
         variable   LANG=C\n\
         variable   TZ=UTC\n\
         limits     deadline none, output none, drain 5s\n\
         allowed    {program}\n"
    );
    assert!(text.ends_with(&end), "{text}");
}

#[test]
fn requests_that_come_to_no_rule_are_explained_too() {
    let policy = Host::new().bound(GIT);
    let text = policy.explain(&request(&["hg"])).to_string();
    assert!(text.starts_with("request    hg\nrule       none\ndenied     no rule is for hg"));
    let line = SpawnRequest::new(ProgramRequest::Shell(b"true".to_vec()));
    let text = policy.explain(&line).to_string();
    assert!(
        text.starts_with("request    '(shell)' -c true\nrule       none\ndenied"),
        "{text}"
    );
}
