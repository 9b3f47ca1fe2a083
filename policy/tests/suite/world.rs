//! Where the guest's directories are in the world of its children, and where they cannot be.

use crate::common::{Host, tool_at, tool_with};
use offspring_policy::{Confinement, PinnedPolicy, PolicyError, Preopen, Problem, ProgramBuilder};
use std::fs;
use std::os::unix::fs::symlink;

fn bind(host: &Host, names: &[&str]) -> Result<(), PolicyError> {
    let preopens: Vec<_> = names.iter().map(|name| host.preopen(name, false)).collect();
    tool_at(host, "bin/tool").unwrap().bind(&preopens).map(drop)
}

fn in_the_way(error: &PolicyError) -> bool {
    matches!(error.problem(), Problem::InTheWay { .. })
}

#[test]
fn a_directory_in_the_way_of_the_system_is_refused() {
    let host = Host::new();
    for name in [
        "/",
        "/.",
        "..",
        "/usr",
        "/usr/local",
        "/bin/",
        "/lib64",
        "/nix",
        "/nix/store/x",
        "/gnu",
        "/etc",
        "/etc/app",
        "/dev",
        "/dev/shm",
        "/proc/1",
        "/sys",
        "../usr",
        "/.offspring-host",
        "/.offspring-landlock/x",
    ] {
        let error = bind(&host, &[name]).unwrap_err();
        assert!(in_the_way(&error), "{name}: {error}");
        assert_eq!(error.place().to_string(), format!("directory {name}"));
        assert!(error.to_string().contains("such as /work"), "{error}");
    }
    for name in ["/work", ".", "usr", "/users", "/home/u", "../x", "/nixos"] {
        bind(&host, &[name]).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn a_directory_in_the_way_of_a_program_or_of_what_is_shown_is_refused() {
    let host = Host::new();
    fs::create_dir(host.path("shown")).unwrap();
    symlink(host.path("shown"), host.path("link")).unwrap();
    let line = format!("runtime = [{:?}]", host.path("link"));
    let policy = tool_with(&host, "bin/tool", &line).unwrap();
    for path in ["", "bin", "bin/tool", "shown", "shown/x", "link"] {
        let name = host.path(path);
        let preopen = host.preopen(name.to_str().unwrap(), false);
        let error = policy.bind(&[preopen]).unwrap_err();
        assert!(in_the_way(&error), "{path}: {error}");
    }
    let beside = host.path("guest");
    let beside = host.preopen(beside.to_str().unwrap(), false);
    assert!(policy.bind(&[beside]).is_ok());
}

#[test]
fn a_private_tmp_takes_the_place_of_the_guests_and_hides_no_program() {
    let host = Host::new();
    let rule = "[[program]]\nname = \"sh\"\npath = \"/bin/sh\"\nargs = [[]]\ntmp = \"1MiB\"\n";
    let policy = host.pin(&rule.replace("tmp = ", "# ")).unwrap();
    assert!(policy.bind(&[host.preopen("/tmp", true)]).is_ok());
    let policy = host.pin(rule).unwrap();
    let error = policy.bind(&[host.preopen("/tmp", true)]).unwrap_err();
    assert!(in_the_way(&error), "{error}");
    assert!(policy.bind(&[host.preopen("/tmp/x", true)]).is_ok());
    let file = PinnedPolicy::builder(Confinement::Namespace);
    let hidden = |rule: ProgramBuilder| {
        let policy = file.clone().program(rule.path("/bin/sh").shape([]));
        policy.build().unwrap().bind(&[])
    };
    let shown = tempfile::tempdir_in("/tmp").unwrap();
    let tool = || ProgramBuilder::new("tool").runtime(shown.path());
    assert!(hidden(tool()).is_ok());
    let error = hidden(tool().tmp(1 << 20)).unwrap_err();
    assert!(
        matches!(error.problem(), Problem::HiddenByTmp(_)),
        "{error}"
    );
}

#[test]
fn names_that_are_one_place_for_a_child_and_two_for_the_guest_are_refused() {
    let host = Host::new();
    fs::create_dir_all(host.path("guest/data")).unwrap();
    for (one, other) in [
        (".", "/guest"),
        ("data", "/guest/data"),
        (".", "/guest/data"),
        ("/guest", "data"),
        ("../x", "/x"),
        ("../x", "/x/data"),
    ] {
        for names in [[one, other], [other, one]] {
            let error = bind(&host, &names).unwrap_err();
            assert!(
                matches!(error.problem(), Problem::SamePlace { .. }),
                "{names:?}: {error}"
            );
        }
    }
    assert!(bind(&host, &["/guest"]).is_ok(), "it is alone");
}

#[test]
fn a_directory_in_another_needs_a_directory_to_be_mounted_on() {
    let host = Host::new();
    fs::create_dir_all(host.path("guest/real/deep")).unwrap();
    fs::write(host.path("guest/file"), "").unwrap();
    symlink("real", host.path("guest/link")).unwrap();
    for (outer, inner) in [
        ("/work", "/work/none"),
        ("/work", "/work/file"),
        ("/work", "/work/link"),
        ("/work", "/work/link/deep"),
        (".", "none"),
        ("a", "a/link"),
    ] {
        for names in [[outer, inner], [inner, outer]] {
            let error = bind(&host, &names).unwrap_err();
            assert!(
                matches!(error.problem(), Problem::NoPlaceForDirectory { .. }),
                "{names:?}: {error}"
            );
            assert_eq!(error.place().to_string(), format!("directory {inner}"));
        }
    }
    for names in [["/work", "/work/real/deep"], [".", "real"], ["a", "a/real"]] {
        bind(&host, &names).unwrap_or_else(|error| panic!("{names:?}: {error}"));
    }
}

#[test]
fn the_innermost_directory_around_another_is_the_one_that_counts() {
    let host = Host::new();
    fs::create_dir_all(host.path("guest/sub")).unwrap();
    fs::create_dir_all(host.path("other/deep")).unwrap();
    let other = Preopen {
        guest: "/work/sub".to_owned(),
        host: host.path("other"),
        writable: true,
    };
    let (outer, inner) = (
        host.preopen("/work", true),
        host.preopen("/work/sub/deep", true),
    );
    let policy = tool_at(&host, "bin/tool").unwrap();
    assert!(policy.bind(&[outer.clone(), inner.clone()]).is_err());
    assert!(policy.bind(&[inner, outer, other]).is_ok());
}

#[test]
fn where_children_see_the_hosts_paths_or_none_are_launched_any_name_will_do() {
    let host = Host::new();
    let names = ["/", "/usr", ".", "/guest", "none"];
    let preopens = names.map(|name| host.preopen(name, false));
    assert!(PinnedPolicy::deny_all().bind(&preopens).is_ok());
    for confinement in [Confinement::Landlock, Confinement::None] {
        let rule = ProgramBuilder::new("tool").path(host.path("bin/tool"));
        let policy = PinnedPolicy::builder(confinement).program(rule.shape([]));
        assert!(policy.build().unwrap().bind(&preopens).is_ok());
    }
}
