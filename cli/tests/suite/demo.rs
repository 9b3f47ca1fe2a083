//! `offspring demo`.

use crate::offspring::{Done, Offspring};
use std::fs;

#[test]
fn the_demonstration_shows_its_steps_and_both_refusals() {
    let done = Offspring::new().run(&["demo"]);
    done.ends(0, &[]);
    let expected = [
        "A guest: Begin a project",
        "3 apple",
        "return codes: 0 0 0",
        "18446744073709551616",
        "linking",
        "signal: 15 (SIGTERM), return code -15",
        "because its deadline passed",
        "    bin  dev  etc  guest  lib",
        "private.txt: No such file or directory",
        "cli/demo/policy.toml: no rule is for curl",
        "the rule for `git`: the arguments have none of the allowed shapes",
        "What to try next:",
    ];
    for part in expected {
        assert!(done.stdout.contains(part), "no {part:?} in {done:#?}");
    }
    assert!(!done.stdout.contains('\x1b'), "there is no terminal");
}

#[test]
fn the_demonstration_shows_the_difference_that_confinement_makes() {
    for (tier, reached) in [
        ("namespace", "private.txt: No such file or directory"),
        ("landlock", "private.txt: Permission denied"),
        ("none", "was read all the same"),
    ] {
        let done = Offspring::new().run(&["demo", "--confinement", tier]);
        done.ends(0, &[]);
        assert!(done.stdout.contains(reached), "no {reached:?} in {done:#?}");
    }
}

#[test]
fn what_is_not_installed_is_named_and_left_out() {
    let offspring = Offspring::new();
    let output = offspring
        .command(&["demo"])
        .env("PATH", "")
        .output()
        .unwrap();
    let done = Done::of(output);
    done.ends(0, &[]);
    for part in [
        "left out: git is not installed here",
        "left out: sort and uniq are not",
    ] {
        assert!(done.stdout.contains(part), "no {part:?} in {done:#?}");
    }
}

#[test]
fn the_demonstration_leaves_nothing_behind() {
    let offspring = Offspring::new();
    let output = offspring
        .command(&["demo"])
        .env("TMPDIR", offspring.path(""))
        .output()
        .unwrap();
    Done::of(output).ends(0, &[]);
    let left: Vec<_> = fs::read_dir(offspring.path("")).unwrap().collect();
    assert!(
        left.iter()
            .all(|it| it.as_ref().unwrap().file_name() == "cache"),
        "{left:?}"
    );
}

#[test]
fn the_policy_of_the_demonstration_is_sound_and_without_warnings() {
    let offspring = Offspring::new();
    let printed = offspring.run(&["demo", "--print-policy"]);
    let offspring = offspring.file("policy.toml", printed.stdout);
    offspring
        .run(&["policy", "check", "--strict", "--dir", ".", "policy.toml"])
        .ends(0, &[]);
}
