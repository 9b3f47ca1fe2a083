//! What the children of each rule have in the end.

use crate::common::{Host, request, tool_with};
use offspring_policy::{
    BoundPolicy, Confinement, Network, PinnedPolicy, Preopen, Problem, Profile, ProgramRequest,
    SpawnRequest,
};
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::PathBuf;
use std::sync::Arc;

fn profile(policy: &BoundPolicy, name: &str) -> Arc<Profile> {
    let plan = policy.authorize(&request(&[name])).unwrap();
    assert_eq!(plan.confinement(), plan.profile().confinement);
    Arc::clone(plan.profile())
}

fn shown(profile: &Profile) -> Vec<(PathBuf, PathBuf)> {
    let places = profile.runtime.iter();
    places
        .map(|place| (place.name.clone(), place.path.clone()))
        .collect()
}

fn same(paths: &[PathBuf]) -> Vec<(PathBuf, PathBuf)> {
    paths
        .iter()
        .map(|path| (path.clone(), path.clone()))
        .collect()
}

#[test]
fn executing_in_a_directory_that_the_guest_does_not_have_is_refused() {
    let host = Host::new();
    let policy = tool_with(&host, "bin/tool", "execute = [\"/data\", \"/work\"]").unwrap();
    let error = policy.bind(&[host.preopen("/data", true)]).unwrap_err();
    assert_eq!(error.place().line(), Some(6));
    assert_eq!(error.place().column(), Some(21));
    let text = error.to_string();
    assert!(text.contains("but `/data`"), "{text}");
    let error = policy.bind(&[]).unwrap_err();
    assert!(error.to_string().contains("but none at all"), "{error}");
    // A name of another kind, or a directory within one, is another directory.
    for name in ["data", "/data/sub", ".", ""] {
        let policy = tool_with(&host, "bin/tool", &format!("execute = [{name:?}]")).unwrap();
        let error = policy.bind(&[host.preopen("/data", true)]).unwrap_err();
        assert!(
            matches!(error.problem(), Problem::NoSuchDirectory { .. }),
            "{error}"
        );
    }
}

#[test]
fn where_no_guest_is_known_nothing_may_be_executed_in_its_directories() {
    let host = Host::new();
    let policy = tool_with(&host, "bin/tool", "execute = [\"/data\"]\nproc = true").unwrap();
    let profile = profile(&policy.without_guest(), "tool");
    assert_eq!(profile.execute, [0; 0]);
    assert!(profile.proc);
}

#[test]
fn what_is_granted_to_one_rule_is_not_granted_to_another() {
    let host = Host::new();
    let rules = "[[program]]\nname = \"tool\"\nargs = [[]]\nproc = true\n\
                 execute = [\".\"]\nnetwork = \"host\"\nruntime = [\"/usr/share\"]\n\
                 [[program]]\nname = \"git\"\nargs = [[]]\n[shell]\n";
    let policy = host.bound(rules);
    let granted = profile(&policy, "tool");
    assert_eq!(granted.network, Network::Host);
    assert!(granted.proc);
    assert_eq!(granted.execute, [0]);
    let plain = profile(&policy, "git");
    assert_eq!(plain.network, Network::None);
    assert!(!plain.proc);
    assert_eq!(plain.execute, [0; 0]);
    assert_eq!(shown(&granted).len(), shown(&plain).len() + 1);
}

#[test]
fn rules_that_grant_the_same_share_one_profile() {
    let host = Host::new();
    let policy = host.bound(
        "[[program]]\nname = \"tool\"\nargs = [[]]\n[[program]]\nname = \"git\"\nargs = [[]]\n\
         [shell]",
    );
    let one = profile(&policy, "tool");
    assert!(Arc::ptr_eq(&one, &profile(&policy, "git")));
    let line = SpawnRequest::new(ProgramRequest::Shell(b"x".to_vec()));
    assert!(Arc::ptr_eq(
        &one,
        policy.authorize(&line).unwrap().profile()
    ));
}

#[test]
fn every_program_that_is_not_where_programs_are_is_shown_to_all_children() {
    let host = Host::new();
    host.program("bin/script", b"#!/nowhere\n");
    let interpreter = host.path("bin/sh");
    let policy = host.bound(&format!(
        "[[program]]\nname = \"true\"\npath = \"/bin/sh\"\nargs = [[]]\n\
         [[program]]\nname = \"script\"\ninterpreter = {interpreter:?}\nargs = [[]]\n\
         [[program]]\nname = \"tool\"\nargs = [[]]"
    ));
    let files = ["bin/script", "bin/sh", "bin/tool"].map(|path| host.path(path));
    let profile = profile(&policy, "true");
    assert_eq!(shown(&profile), same(&files));
    let metadata = fs::metadata(host.path("bin/tool")).unwrap();
    let tool = profile.runtime.last().unwrap();
    assert_eq!(
        (tool.file.device, tool.file.inode, tool.directory),
        (metadata.dev(), metadata.ino(), false)
    );
}

#[test]
fn what_lies_in_a_directory_that_a_rule_shows_is_not_shown_again() {
    let host = Host::new();
    let (bin, tool) = (host.path("bin"), host.path("bin/tool"));
    for runtime in [
        format!("[{bin:?}]"),
        format!("[{tool:?}, {bin:?}, {bin:?}]"),
    ] {
        let policy = tool_with(&host, "bin/tool", &format!("runtime = {runtime}")).unwrap();
        let profile = profile(&policy.bind(&[]).unwrap(), "tool");
        assert_eq!(shown(&profile), same(std::slice::from_ref(&bin)));
        assert!(profile.runtime[0].directory);
    }
}

#[test]
fn what_is_reached_through_a_link_is_shown_by_both_names() {
    let host = Host::new();
    symlink(host.path("bin"), host.path("link")).unwrap();
    let (link, bin) = (host.path("link"), host.path("bin"));
    let policy = tool_with(&host, "bin/tool", &format!("runtime = [{link:?}]")).unwrap();
    let by_link = profile(&policy.bind(&[]).unwrap(), "tool");
    assert_eq!(shown(&by_link), [(link.clone(), bin.clone())]);
    // The other's link is there already when this would be made.
    let through = link.join("git");
    let line = format!("runtime = [{link:?}, {through:?}]");
    let policy = tool_with(&host, "bin/tool", &line).unwrap();
    let by_link = profile(&policy.bind(&[]).unwrap(), "tool");
    assert_eq!(shown(&by_link), [(link, bin)]);
}

#[test]
fn a_place_that_was_written_with_two_dots_has_no_name_but_its_own() {
    let host = Host::new();
    let climbing = host.path("guest/../bin");
    let policy = tool_with(&host, "bin/tool", &format!("runtime = [{climbing:?}]")).unwrap();
    let profile = profile(&policy.bind(&[]).unwrap(), "tool");
    assert_eq!(shown(&profile), same(&[host.path("bin")]));
}

#[test]
fn unconfined_children_have_one_profile_whatever_was_granted() {
    let host = Host::new();
    let rule = offspring_policy::ProgramBuilder::new("tool")
        .path(host.path("bin/tool"))
        .shape([])
        .runtime("/usr/share")
        .execute(".");
    let policy = PinnedPolicy::builder(Confinement::Namespace).fallback(Confinement::None);
    let policy = policy.program(rule).build().unwrap();
    let landlock = policy.fall_back().unwrap();
    let guest = [host.preopen(".", true)];
    let bound = profile(&landlock.bind(&guest).unwrap(), "tool");
    assert_eq!(bound.execute, [0]);
    let none = landlock.fall_back().unwrap().bind(&guest).unwrap();
    let none = profile(&none, "tool");
    assert_eq!(none.confinement, Confinement::None);
    assert_eq!(none.network, Network::Host);
    assert!(none.runtime.is_empty() && none.execute.is_empty());
}

fn writable(host: &Host, path: &str) -> Preopen {
    Preopen {
        guest: "/data".to_owned(),
        host: host.path(path),
        writable: true,
    }
}

#[test]
fn what_is_shown_must_not_be_the_guests_to_change() {
    let host = Host::new();
    fs::create_dir_all(host.path("shown/inner")).unwrap();
    symlink(host.path("shown"), host.path("guest/link")).unwrap();
    for (runtime, directory) in [
        ("shown", "shown"),
        ("shown/inner", "shown"),
        ("guest/link", "guest"),
    ] {
        let line = format!("runtime = [{:?}]", host.path(runtime));
        let policy = tool_with(&host, "bin/tool", &line).unwrap();
        let error = policy.bind(&[writable(&host, directory)]).unwrap_err();
        assert!(
            matches!(error.problem(), Problem::WritableRuntime { .. }),
            "{error}"
        );
        assert_eq!(error.place().line(), Some(6));
        let mut readable = writable(&host, directory);
        readable.writable = false;
        assert!(policy.bind(&[readable]).is_ok(), "it may be read");
    }
}

#[test]
fn a_writable_directory_in_what_is_shown_needs_to_be_granted_for_execution() {
    let host = Host::new();
    fs::create_dir_all(host.path("shown/inner")).unwrap();
    let runtime = format!("runtime = [{:?}]\n", host.path("shown"));
    let inner = [writable(&host, "shown/inner")];
    let policy = tool_with(&host, "bin/tool", &runtime).unwrap();
    let error = policy.bind(&inner).unwrap_err();
    assert!(
        matches!(error.problem(), Problem::ExecutableDirectory { .. }),
        "{error}"
    );
    let granted = format!("{runtime}execute = [\"/data\"]");
    let policy = tool_with(&host, "bin/tool", &granted).unwrap();
    assert!(policy.bind(&inner).is_ok());
}
