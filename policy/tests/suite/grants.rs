//! What a rule may grant, and what no confinement would keep.

use crate::common::{Host, request, tool_with};
use offspring_policy::{
    Confinement, Network, ParsedPolicy, PinnedPolicy, PolicyError, Problem, ProgramBuilder,
};
use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

/// Reads a policy whose line 5 is `line`, in a rule that is sound otherwise.
fn read(first: &str, line: &str) -> Result<ParsedPolicy, PolicyError> {
    let text = format!("{first}\n[[program]]\nname = \"tool\"\nargs = [[]]\n{line}");
    ParsedPolicy::parse(&text, "p.toml")
}

fn fault(first: &str, line: &str) -> PolicyError {
    read(first, line).expect_err("the policy was taken")
}

fn assert_begins(error: &PolicyError, beginning: &str) {
    let text = error.to_string();
    assert!(
        text.starts_with(beginning),
        "\n  got {text}\n  not {beginning}"
    );
}

#[test]
fn networks_that_do_not_exist_are_refused() {
    assert_begins(
        &fault("", "network = \"all\""),
        "p.toml:5:11: `all` is no network",
    );
    assert_begins(
        &fault("", "network = true"),
        "p.toml:5:11: expected \"none\"",
    );
    assert_begins(
        &fault("", "network = { listen = [80] }"),
        "p.toml:5:11: expected \"none\"",
    );
}

#[test]
fn ports_that_cannot_be_connected_to_are_refused() {
    for ports in ["", "0", "443, 0", "65536", "-1", "70000"] {
        let error = fault("", &format!("network = {{ connect = [{ports}] }}"));
        assert_begins(&error, "p.toml:5:11: `connect` is a list of TCP ports");
    }
    let rule = ProgramBuilder::new("tool").path("/bin/sh").shape([]);
    let rule = rule.network(Network::Connect(BTreeSet::new()));
    let policy = PinnedPolicy::builder(Confinement::Namespace).program(rule);
    assert!(matches!(
        policy.build().unwrap_err().problem(),
        Problem::BadPorts
    ));
}

#[test]
fn sizes_of_a_private_tmp_that_are_none_or_boundless_are_refused() {
    for size in ["", "64", "none", "0B", "0GiB", "1025GiB", "17179869183GiB"] {
        let error = fault("", &format!("tmp = \"{size}\""));
        assert_begins(&error, &format!("p.toml:5:7: `{size}` is no size for a pr"));
    }
}

#[test]
fn what_would_show_the_kernels_or_everybodys_files_is_refused() {
    for path in [
        "/",
        "//",
        "/proc",
        "/proc/self/root",
        "/dev/null",
        "/sys",
        "/run",
        "/tmp/",
        "/etc/.",
        "/etc/passwd",
    ] {
        let error = fault("", &format!("runtime = [\"/opt/x\", \"{path}\"]"));
        assert!(matches!(error.problem(), Problem::NotRuntime(_)), "{error}");
        assert_begins(&error, "p.toml:5:22: ");
    }
    assert_begins(
        &fault("", "runtime = [\"opt/x\"]"),
        "p.toml:5:12: `opt/x` is not absolute",
    );
}

#[test]
fn a_link_to_the_kernels_files_is_refused_when_it_is_followed() {
    let host = Host::new();
    symlink("/proc/self", host.path("link")).unwrap();
    for path in [host.path("link"), "/usr/../proc".into(), "/usr/..".into()] {
        let error = tool_with(&host, "bin/tool", &format!("runtime = [{path:?}]")).unwrap_err();
        assert!(matches!(error.problem(), Problem::NotRuntime(_)), "{error}");
        assert_eq!(error.place().line(), Some(6));
    }
}

#[test]
fn what_does_not_exist_or_is_no_file_is_not_shown() {
    let host = Host::new();
    let problem = |path| {
        let line = format!("runtime = [{:?}]", host.path(path));
        tool_with(&host, "bin/tool", &line).unwrap_err()
    };
    let error = problem("none");
    assert!(matches!(error.problem(), Problem::NotFound(_)), "{error}");
    let socket = UnixListener::bind(host.path("socket")).unwrap();
    let error = problem("socket");
    assert!(matches!(error.problem(), Problem::NoRuntime(_)), "{error}");
    drop(socket);
}

#[test]
fn grants_to_unconfined_children_are_refused() {
    for (line, column) in [
        ("network = \"none\"", 11),
        ("network = { connect = [443] }", 11),
        ("tmp = \"1MiB\"", 7),
        ("proc = true", 8),
        ("runtime = [\"/opt/x\"]", 12),
        ("execute = [\".\"]", 12),
    ] {
        let error = fault("confinement = \"none\"", line);
        assert!(
            matches!(error.problem(), Problem::NotConfined(_)),
            "{error}"
        );
        assert_eq!(error.place().column(), Some(column), "{error}");
    }
    for line in ["network = \"host\"", "proc = false", "runtime = []"] {
        assert!(read("confinement = \"none\"", line).is_ok(), "{line}");
    }
}

#[test]
fn mounts_that_landlock_has_not_are_refused() {
    for line in ["tmp = \"1MiB\"", "proc = true"] {
        let error = fault("confinement = \"landlock\"", line);
        assert!(
            matches!(error.problem(), Problem::NeedsNamespace(_)),
            "{error}"
        );
        for fallback in ["landlock", "none"] {
            let error = fault(&format!("fallback = \"{fallback}\""), line);
            assert!(
                matches!(error.problem(), Problem::LostInFallback { .. }),
                "{error}"
            );
        }
        assert!(read("", line).is_ok());
    }
    for line in [
        "network = { connect = [443] }",
        "runtime = [\"/opt/x\"]",
        "execute = [\".\"]",
        "proc = false",
    ] {
        assert!(read("confinement = \"landlock\"", line).is_ok(), "{line}");
    }
}

#[test]
fn a_shell_is_granted_what_a_program_is_and_refused_what_it_is() {
    let shell = |line: &str| ParsedPolicy::parse(&format!("[shell]\n{line}"), "p.toml");
    assert!(shell("network = \"all\"").is_err());
    assert!(shell("tmp = \"0B\"").is_err());
    assert!(shell("runtime = [\"/\"]").is_err());
    let host = Host::new();
    let policy = host.pin("[shell]\nproc = true\nexecute = [\".\"]").unwrap();
    let grants = policy.shell_grants().unwrap();
    assert_eq!(grants.to_string(), "proc, execute .");
}

#[test]
fn a_rule_that_says_nothing_grants_nothing() {
    let host = Host::new();
    let policy = tool_with(&host, "bin/tool", "").unwrap();
    let grants = policy.grants("tool").unwrap();
    assert!(grants.is_empty());
    assert_eq!(grants.to_string(), "nothing");
    assert_eq!(policy.grants("git"), None);
    assert_eq!(policy.shell_grants(), None);
    let plan = policy.bind(&[]).unwrap().authorize(&request(&["tool"]));
    let plan = plan.unwrap();
    let profile = plan.profile();
    assert_eq!(profile.network, Network::None);
    assert_eq!((profile.tmp, profile.proc), (None, false));
    assert_eq!(profile.execute, [0; 0]);
}

#[test]
fn a_builder_grants_what_a_file_grants() {
    let host = Host::new();
    let rule = ProgramBuilder::new("tool")
        .path(host.path("bin/tool"))
        .shape([])
        .network(Network::Connect([443, 22].into()))
        .tmp(64 << 20)
        .proc()
        .runtime("/usr/share")
        .execute("/data");
    let built = PinnedPolicy::builder(Confinement::Namespace).program(rule);
    let built = built.build().unwrap();
    let line = "network = { connect = [443, 22, 443] }\ntmp = \"64MiB\"\nproc = true\n\
                runtime = [\"/usr/share/\"]\nexecute = [\"/data\"]";
    let read = tool_with(&host, "bin/tool", line).unwrap();
    assert_eq!(built.grants("tool"), read.grants("tool"));
    assert_eq!(
        read.grants("tool").unwrap().to_string(),
        "connect 22 443, tmp 64MiB, proc, runtime /usr/share, execute /data"
    );
}
