//! `offspring doctor`, and what a machine that cannot confine is told.

use crate::offspring::Offspring;
use serde_json::Value;

/// A machine on which nobody can make a user namespace.
const NO_NAMESPACES: &str = "echo 0 > /proc/sys/user/max_user_namespaces";

/// A machine on which a part of /proc is hidden, as it is in most containers.
const HIDDEN_PROC: &str = "mount -t tmpfs tmpfs /proc/sys";

#[test]
fn the_text_names_each_tier_and_what_is_the_default() {
    let done = Offspring::new().run(&["doctor"]);
    done.ends(0, &[]);
    for part in [
        "\n  namespace   yes  the default",
        "\n  landlock    yes  ",
        "\n  none        yes  ",
        "\n  connect     yes  ",
        "\n  proc        yes  ",
        "\n  processes   yes  ",
        "\n  Landlock         version ",
        "run in tier namespace.\n",
    ] {
        assert!(done.stdout.contains(part), "no {part:?} in {done:#?}");
    }
}

#[test]
fn the_json_has_every_key_that_the_help_lists() {
    let offspring = Offspring::new();
    let done = offspring.run(&["doctor", "--json"]);
    done.ends(0, &[]);
    let report: Value = serde_json::from_str(&done.stdout).unwrap();
    let keys: Vec<_> = report.as_object().unwrap().keys().collect();
    let expected = [
        "architecture",
        "container",
        "default_tier",
        "features",
        "kernel",
        "landlock",
        "memfd_noexec",
        "schema",
        "seccomp",
        "strongest_tier",
        "superuser",
        "tiers",
        "user_namespaces",
        "version",
    ];
    assert_eq!(keys, expected);
    let help = offspring.run(&["doctor", "--help"]).stdout;
    for key in expected {
        assert!(help.contains(&format!("\n  {key} ")) || help.contains(&format!("\n  {key}\n")));
    }
    for (path, value) in [
        ("/schema", Value::from(1)),
        ("/default_tier", "namespace".into()),
        ("/strongest_tier", "namespace".into()),
        ("/landlock/status", "active".into()),
        ("/seccomp/filters", true.into()),
        ("/tiers/0/name", "namespace".into()),
        ("/tiers/0/available", true.into()),
        ("/tiers/0/problem", Value::Null),
        ("/tiers/1/name", "landlock".into()),
        ("/tiers/2/name", "none".into()),
        ("/features/0/name", "connect".into()),
        ("/features/1/name", "proc".into()),
    ] {
        assert_eq!(report.pointer(path), Some(&value), "{path} in {report:#}");
    }
    for path in ["most", "unprivileged", "apparmor_restricts"] {
        let path = format!("/user_namespaces/{path}");
        assert!(report.pointer(&path).is_some(), "{path}");
    }
}

#[test]
fn a_machine_without_user_namespaces_is_told_which_setting_changes_that() {
    let offspring = Offspring::new();
    let done = offspring.run_on(NO_NAMESPACES, &["doctor"]);
    done.ends(1, &[]);
    for part in [
        "\n  namespace   no   ",
        "why: namespaces could not be made: No space left",
        "sysctl user.max_user_namespaces=",
        "\n  landlock    yes  ",
        "fallback = \"landlock\"",
    ] {
        assert!(done.stdout.contains(part), "no {part:?} in {done:#?}");
    }
    let done = offspring.run_on(NO_NAMESPACES, &["doctor", "--json"]);
    done.ends(1, &[]);
    let report: Value = serde_json::from_str(&done.stdout).unwrap();
    let problem = &report["tiers"][0]["problem"];
    assert_eq!(
        (&problem["step"], &problem["errno"]),
        (&"namespaces".into(), &28.into())
    );
    let advice = problem["advice"][0].as_str().unwrap();
    assert!(advice.contains("user.max_user_namespaces"), "{advice}");
    assert_eq!(report["strongest_tier"], "landlock");
}

#[test]
fn a_machine_that_hides_parts_of_proc_grants_no_proc() {
    let done = Offspring::new().run_on(HIDDEN_PROC, &["doctor"]);
    done.ends(0, &[]);
    for part in [
        "\n  connect     yes  ",
        "\n  proc        no   ",
        "(/proc)",
        "all of /proc",
    ] {
        assert!(done.stdout.contains(part), "no {part:?} in {done:#?}");
    }
}

#[test]
fn a_guest_whose_children_cannot_be_confined_does_not_start() {
    let offspring = Offspring::new().hold();
    let done = offspring.run_on(NO_NAMESPACES, &["run", "--allow", "sleep", "hold.wasm"]);
    done.ends(
        125,
        &[
            "error: children cannot be confined in tier namespace: namespaces could not be made",
            "note: let there be more namespaces: sysctl user.max_user_namespaces=",
            "note: `offspring doctor` says",
        ],
    );
    assert_eq!(done.stdout, "");
    let done = offspring.run_on(NO_NAMESPACES, &["demo"]);
    done.ends(
        125,
        &["sysctl user.max_user_namespaces=", "--confinement landlock"],
    );
}

#[test]
fn a_fallback_is_taken_with_a_note_where_it_has_to_be_and_not_elsewhere() {
    let run = ["run", "--timeout", "1s", "--allow", "sleep"];
    let fallback = ["--fallback", "landlock", "hold.wasm"];
    let offspring = Offspring::new().hold();
    let done = offspring.run_on(NO_NAMESPACES, &[&run[..], &fallback].concat());
    done.ends(
        124,
        &[
            "note: children cannot be confined in tier namespace: ",
            "in tier landlock",
        ],
    );
    let quiet = offspring.run_on(NO_NAMESPACES, &[&run[..], &["-q"], &fallback].concat());
    quiet.ends(124, &[]);
    let done = offspring.run(&[&run[..], &fallback].concat());
    done.ends(124, &[]);
    for done in [quiet, done] {
        assert!(!done.stderr.contains("note:"), "{done:#?}");
    }
}

#[test]
fn a_grant_that_cannot_be_kept_is_refused_before_the_guest_starts() {
    let run = ["run", "--allow", "sleep", "--proc", "hold.wasm"];
    let done = Offspring::new().hold().run_on(HIDDEN_PROC, &run);
    let told = "error: children cannot be confined in tier namespace: \
                the tree of mounts could not be built (/proc)";
    done.ends(125, &[told]);
}

#[test]
fn the_warden_can_be_an_ordinary_file_and_no_other() {
    let offspring = Offspring::new().file("other", b"\x7fELF");
    let write = offspring.run(&["doctor", "--write-warden", "warden"]);
    write.ends(0, &[]);
    let doctor = |file: &str| {
        let mut command = offspring.command(&["doctor"]);
        command.env("OFFSPRING_WARDEN", file);
        Offspring::finish(&mut command)
    };
    doctor("warden").ends(0, &[]);
    doctor("other").ends(
        125,
        &["OFFSPRING_WARDEN=other", "not the warden of this version"],
    );
    doctor("gone").ends(125, &["OFFSPRING_WARDEN=gone", "No such file"]);
    // What is there may be in use.
    let again = offspring.run(&["doctor", "--write-warden", "warden"]);
    again.ends(125, &["warden cannot be written: File exists"]);
}
