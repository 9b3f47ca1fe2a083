//! Tying a policy to a guest's directories.

use crate::common::{Host, request, tool_at, tool_with};
use offspring_policy::{PinnedPolicy, PolicyError, Problem};
use std::os::unix::fs::symlink;

fn bind_error(host: &Host, policy: &PinnedPolicy) -> PolicyError {
    policy
        .bind(&[host.preopen("/data", true)])
        .expect_err("the policy was bound")
}

#[test]
fn a_program_in_a_directory_that_the_guest_can_write_is_refused() {
    let host = Host::new();
    host.program("guest/tool", b"\x7fELF");
    let policy = tool_at(&host, "guest/tool").unwrap();
    let error = bind_error(&host, &policy);
    assert!(
        matches!(error.problem(), Problem::WritableProgram { .. }),
        "{error}"
    );
    assert!(
        policy.bind(&[host.preopen("/data", false)]).is_ok(),
        "it may be read"
    );
}

#[test]
fn a_program_reached_through_a_link_that_the_guest_can_write_is_refused() {
    let host = Host::new();
    symlink(host.path("bin/tool"), host.path("guest/file-link")).unwrap();
    symlink(host.path("bin"), host.path("guest/directory-link")).unwrap();
    symlink(host.path("guest/file-link"), host.path("bin/link-to-link")).unwrap();
    for path in [
        "guest/file-link",
        "guest/directory-link/tool",
        "bin/link-to-link",
    ] {
        let error = bind_error(&host, &tool_at(&host, path).unwrap());
        assert!(
            matches!(error.problem(), Problem::WritableProgram { .. }),
            "{path}: {error}"
        );
    }
}

#[test]
fn a_directory_above_the_programs_that_the_guest_can_write_is_refused() {
    let host = Host::new();
    let mut preopen = host.preopen("/data", true);
    preopen.host = host.path("");
    let error = tool_at(&host, "bin/tool")
        .unwrap()
        .bind(&[preopen])
        .unwrap_err();
    assert!(
        matches!(error.problem(), Problem::WritableProgram { .. }),
        "{error}"
    );
}

#[test]
fn a_link_to_the_guests_directory_does_not_hide_it() {
    let host = Host::new();
    symlink(host.path("bin"), host.path("elsewhere")).unwrap();
    let mut preopen = host.preopen("/data", true);
    preopen.host = host.path("elsewhere");
    let error = tool_at(&host, "bin/tool")
        .unwrap()
        .bind(&[preopen])
        .unwrap_err();
    assert!(
        matches!(error.problem(), Problem::WritableProgram { .. }),
        "{error}"
    );
}

#[test]
fn an_interpreter_that_the_guest_can_write_is_refused() {
    let host = Host::new();
    let interpreter = host.program("guest/interpreter", b"\x7fELF");
    let line = format!("interpreter = {interpreter:?}");
    let error = bind_error(&host, &tool_with(&host, "bin/tool", &line).unwrap());
    assert!(
        matches!(error.problem(), Problem::WritableProgram { .. }),
        "{error}"
    );
}

#[test]
fn two_directories_of_one_name_are_refused_however_it_is_written() {
    let host = Host::new();
    for (one, other) in [(".", "./"), (".", ""), ("/data", "/data/"), ("a/../b", "b")] {
        let preopens = [host.preopen(one, false), host.preopen(other, false)];
        let error = PinnedPolicy::deny_all().bind(&preopens).unwrap_err();
        assert!(
            matches!(error.problem(), Problem::DuplicateDirectory(_)),
            "{error}"
        );
    }
}

#[test]
fn a_directory_that_does_not_exist_or_has_an_impossible_name_is_refused() {
    let host = Host::new();
    let mut preopen = host.preopen("/data", false);
    preopen.host = host.path("none");
    let error = PinnedPolicy::deny_all().bind(&[preopen]).unwrap_err();
    assert!(
        matches!(error.problem(), Problem::BadDirectory { .. }),
        "{error}"
    );
    let error = PinnedPolicy::deny_all()
        .bind(&[host.preopen("/..", false)])
        .unwrap_err();
    assert!(
        matches!(error.problem(), Problem::BadDirectoryName(_)),
        "{error}"
    );
}

#[test]
fn an_example_that_fails_with_the_guests_directories_is_refused_at_its_line() {
    let host = Host::new();
    let rule = "[[program]]\nname = \"git\"\nargs = [[\"{path}\"]]\n";
    let accept = host
        .pin(&format!("{rule}accept = [[\"git\", \"../x\"]]"))
        .unwrap();
    let error = accept.bind(&[host.preopen(".", false)]).unwrap_err();
    assert!(
        matches!(error.problem(), Problem::NotAccepted(_)),
        "{error}"
    );
    assert_eq!(error.place().line(), Some(5));
    let refuse = host
        .pin(&format!("{rule}refuse = [[\"git\", \"x\"]]"))
        .unwrap();
    let error = refuse.bind(&[host.preopen(".", false)]).unwrap_err();
    assert!(matches!(error.problem(), Problem::NotRefused(_)), "{error}");
    assert!(
        accept.bind(&[]).is_ok(),
        "a guest without directories has no paths to try"
    );
}

#[test]
fn a_child_starts_in_the_guests_first_directory_and_keeps_to_the_shorter_deadline() {
    use std::time::Duration;
    let host = Host::new();
    let policy = tool_with(&host, "bin/tool", "[program.limits]\ndeadline = \"30s\"").unwrap();
    let policy = policy.bind(&[host.preopen("/data", true)]).unwrap();
    let mut request = request(&["tool"]);
    let deadline = |request: &_| policy.authorize(request).unwrap().limits().deadline;
    assert_eq!(deadline(&request), Some(Duration::from_secs(30)));
    request.deadline = Some(Duration::from_secs(60));
    assert_eq!(deadline(&request), Some(Duration::from_secs(30)));
    request.deadline = Some(Duration::from_secs(1));
    assert_eq!(deadline(&request), Some(Duration::from_secs(1)));
    let plan = policy.authorize(&request).unwrap();
    assert_eq!(
        plan.cwd().map(|cwd| (cwd.preopen, cwd.path.as_str())),
        Some((0, "."))
    );
    assert_eq!(plan.arg0(), b"tool");
}
