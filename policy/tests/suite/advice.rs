//! What operators are told: warnings, denials and explanations.

use crate::common::{Host, request, request_with_env};
use offspring_policy::{ParsedPolicy, PinnedPolicy, ProgramRequest, SpawnRequest};

/// The warnings about a policy whose first line is `confinement`.
fn warnings(text: &str) -> Vec<String> {
    let text = format!("confinement = \"namespace\"\n{text}");
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
fn what_is_not_confined_is_warned_about() {
    let all = |text: &str| {
        let text = format!("{text}[[program]]\nname = \"t\"\nargs = [[]]");
        let policy = ParsedPolicy::parse(&text, "p.toml").unwrap();
        let lints = policy.lints().iter().map(ToString::to_string);
        lints.collect::<Vec<_>>()
    };
    let none = all("confinement = \"none\"\n");
    assert_eq!(none.len(), 1, "{none:?}");
    assert!(none[0].starts_with("p.toml:1:15: warning: children run unconfined"));
    let fallback = all("\nfallback = \"none\"\n");
    assert_eq!(fallback.len(), 1, "{fallback:?}");
    assert!(fallback[0].starts_with("p.toml:2:12: warning: where this machine cannot confine"));
    assert_eq!(all("fallback = \"landlock\"\n"), [""; 0]);
    assert_eq!(all(""), [""; 0]);
}

#[test]
fn a_policy_that_launches_nothing_is_not_said_to_run_it_unconfined() {
    let policy = ParsedPolicy::parse("confinement = \"none\"", "p.toml").unwrap();
    assert_eq!(policy.lints(), []);
}

#[test]
fn the_hosts_network_and_execution_in_the_guests_directories_are_warned_about() {
    let text = warning("tool", "args = [[]]\nnetwork = \"host\"");
    assert!(
        text.starts_with("p.toml:5:11: warning: `tool` reaches"),
        "{text}"
    );
    let text = warning("tool", "args = [[]]\nexecute = [\"/work\"]");
    assert!(
        text.starts_with("p.toml:5:12: warning: the guest may put"),
        "{text}"
    );
    let quiet =
        "args = [[]]\ntmp = \"1MiB\"\nproc = true\nruntime = [\"/opt/x\"]\nnetwork.connect = [443]";
    assert_eq!(
        warnings(&format!("[[program]]\nname = \"tool\"\n{quiet}")),
        [""; 0]
    );
    let unconfined =
        "confinement = \"none\"\n[[program]]\nname = \"t\"\nargs = [[]]\nnetwork = \"host\"";
    let unconfined = ParsedPolicy::parse(unconfined, "p.toml").unwrap();
    assert_eq!(unconfined.lints().len(), 1, "it has everything");
}

#[test]
fn bounds_that_no_child_can_keep_are_warned_about() {
    let limits = |lines: &str| warnings(&format!("[limits]\n{lines}"));
    let ended = "every child is ended";
    for (line, column, what) in [
        ("children = 0", 12, "no child can run"),
        ("spawns = 0", 10, "no child can run"),
        ("deadline = \"0s\"", 12, ended),
        ("idle = \"0ms\"", 8, ended),
    ] {
        let key = line.split(' ').next().unwrap();
        let all = limits(line);
        let begins = format!("p.toml:3:{column}: warning: with `{key}` at 0 {what}");
        assert!(all.len() == 1 && all[0].starts_with(&begins), "{all:?}");
    }
    // What is left of these is of use.
    let quiet = "queue = \"0s\"\ndrain = \"0s\"\noutput = \"0B\"\nfile-size = \"0B\"\ncpu = \"0s\"";
    assert_eq!(limits(quiet), [""; 0]);
}

#[test]
fn bounds_that_are_never_reached_are_warned_about_where_they_are_written() {
    let rule = "[[program]]\nname = \"t\"\nargs = [[]]\n";
    let never = |text: &str, places: &[&str]| {
        let all = warnings(text);
        assert_eq!(all.len(), places.len(), "{text}: {all:?}");
        for (text, place) in all.iter().zip(places) {
            let begins = format!("p.toml:{place}: warning: `");
            assert!(text.starts_with(&begins), "{text}");
            assert!(text.contains("is never reached"), "{text}");
        }
    };
    never("[limits]\ndeadline = \"1min\"\nidle = \"60s\"", &["4:8"]);
    never(
        "[limits]\noutput = \"1MiB\"\noutput-per-stream = \"2MiB\"",
        &["4:21"],
    );
    never("[limits]\ndeadline = \"2min\"\nidle = \"60s\"", &[]);
    let limits = format!("[limits]\nidle = \"1min\"\n{rule}");
    never(
        &format!("{limits}[program.limits]\ndeadline = \"1s\""),
        &["8:12"],
    );
    never(&limits, &[]);
    let limits = format!("[limits]\ndeadline = \"1s\"\n{rule}");
    never(
        &format!("{limits}[program.limits]\nidle = \"1s\""),
        &["8:8"],
    );
    let lifted = "[program.limits]\nidle = \"1s\"\ndeadline = \"none\"";
    never(&format!("{limits}{lifted}"), &[]);
}

#[test]
fn a_signal_that_nothing_has_time_to_heed_is_warned_about() {
    let teardown = |steps: &str| warnings(&format!("[limits]\nteardown = [{steps}]"));
    for steps in ["\"5s\", \"term\"", "\"5s\", \"TERM\", \"kill\""] {
        let all = teardown(steps);
        let begins = "p.toml:3:19: warning: everything is killed";
        assert!(all.len() == 1 && all[0].starts_with(begins), "{all:?}");
        assert!(all[0].contains("so SIGTERM has no effect"), "{all:?}");
    }
    for steps in ["", "\"kill\"", "\"int\", \"5s\"", "\"5s\", \"kill\""] {
        assert_eq!(teardown(steps), [""; 0]);
    }
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
         confined   namespace\n\
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
         limits     deadline none, idle none, drain 5s\n\
         \u{20}          output none, output-per-stream none\n\
         process    cpu none, memory none, file-size none, open-files none\n\
         guest      children 16, spawns none, spawn-rate none, queue none\n\
         \u{20}          processes 1024 (up to 300 more where the host is root) where the machine can keep it\n\
         teardown   SIGTERM, 2s, kill\n\
         background kill\n\
         allowed    {program}\n"
    );
    assert!(text.ends_with(&end), "{text}");
}

#[test]
fn an_explanation_says_what_bounds_the_child_and_its_guest_and_how_it_ends() {
    let limits = "[limits]\nchildren = 3\nspawns = 100\nspawn-rate = \"10/min\"\n\
                  queue = \"30s\"\nprocesses = 400\noutput = \"1GiB\"\ncpu = \"90s\"\n\
                  memory = \"1536MiB\"\nfile-size = \"1000B\"\nopen-files = 64\n";
    let rule = "[program.limits]\ndeadline = \"10min\"\nidle = \"60s\"\ndrain = \"500ms\"\n\
                output-per-stream = \"64MiB\"\nteardown = [\"int\", \"1500ms\", \"TERM\", \"5s\"]\n\
                background = \"keep\"";
    let text = format!("{GIT}{rule}\n{limits}");
    let text = Host::new()
        .bound(&text)
        .explain(&request(&["git", "status"]));
    let lines = "limits     deadline 10min, idle 1min, drain 500ms\n\
                 \u{20}          output 1GiB, output-per-stream 64MiB\n\
                 process    cpu 90s, memory 1536MiB, file-size 1000B, open-files 64\n\
                 guest      children 3, spawns 100, spawn-rate 10/min, queue 30s\n\
                 \u{20}          processes 400 (up to 300 more where the host is root)\n\
                 teardown   SIGINT, 1500ms, SIGTERM, 5s, kill\n\
                 background keep\n";
    assert!(text.to_string().contains(lines), "{text}");
}

#[test]
fn an_explanation_says_in_which_time_a_guest_wants_the_child_to_end() {
    let mut request = request(&["git", "status"]);
    request.deadline = Some(std::time::Duration::from_micros(1500));
    let text = Host::new().bound(GIT).explain(&request).to_string();
    assert!(
        text.contains("limits     deadline 1.5ms, idle none"),
        "{text}"
    );
}

#[test]
fn an_explanation_says_how_children_are_confined_and_what_they_are_granted() {
    let rule = "[[program]]\nname = \"sh\"\npath = \"/bin/sh\"\nargs = [[]]\n";
    let grants = "network = { connect = [5432, 443] }\ntmp = \"65536KiB\"\nproc = true\n\
                  runtime = [\"/usr/share\"]\nexecute = [\".\"]";
    let policy = Host::new().bound(&format!("{rule}{grants}"));
    let text = policy.explain(&request(&["sh"])).to_string();
    let lines = "confined   namespace\n\
                 granted    connect 443 5432, tmp 64MiB, proc, runtime /usr/share, execute .\n";
    assert!(text.contains(lines), "{text}");
}

#[test]
fn an_explanation_says_how_children_are_confined_at_worst_as_long_as_that_is_weaker() {
    let rule = "[[program]]\nname = \"sh\"\npath = \"/bin/sh\"\nargs = [[]]\n";
    let text = format!("fallback = \"landlock\"\n{rule}");
    let policy = ParsedPolicy::parse(&text, "p.toml").unwrap().pin().unwrap();
    let explain = |policy: &PinnedPolicy| {
        let bound = policy.without_guest();
        bound.explain(&request(&["sh"])).to_string()
    };
    let wanted = explain(&policy);
    assert!(
        wanted.contains("confined   namespace, at worst landlock\n"),
        "{wanted}"
    );
    let fallen = explain(&policy.fall_back().unwrap());
    assert!(fallen.contains("confined   landlock\n"), "{fallen}");
}

#[test]
fn an_explanation_of_an_unconfined_program_does_not_list_what_it_is_granted() {
    let rule = "[[program]]\nname = \"sh\"\npath = \"/bin/sh\"\nargs = [[]]\nnetwork = \"host\"";
    let text = format!("confinement = \"none\"\n{rule}");
    let policy = ParsedPolicy::parse(&text, "p.toml").unwrap().pin().unwrap();
    let text = policy
        .without_guest()
        .explain(&request(&["sh"]))
        .to_string();
    assert!(text.contains("confined   none\nshape"), "{text}");
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
