//! What the operator is told of what a guest may launch, and of what it was refused.

use crate::components::p2;
use crate::offspring::Offspring;

const POLICY: &str = "confinement = \"none\"\n\n[[program]]\nname = \"sleep\"\nargs = [[\"1\"]]\n";

#[test]
fn without_a_policy_everything_is_refused_and_the_way_to_allow_it_is_told() {
    let done = Offspring::new().hold().run(&["run", "hold.wasm"]);
    done.ends(
        1,
        &[
            "offspring: refused: no rule is for sleep",
            "--policy",
            "access denied",
        ],
    );
}

#[test]
fn a_refusal_names_the_line_of_the_policy() {
    let offspring = Offspring::new().hold().file("p.toml", POLICY);
    let done = offspring.run(&["run", "--policy", "p.toml", "hold.wasm"]);
    done.ends(
        1,
        &[
            "offspring: refused: p.toml:3:1: the rule for `sleep`",
            "add one to `args`",
        ],
    );
}

#[test]
fn quiet_leaves_the_guests_own_words() {
    let offspring = Offspring::new().hold().file("p.toml", POLICY);
    let done = offspring.run(&["run", "-q", "--policy", "p.toml", "hold.wasm"]);
    assert_eq!(done.code, Some(1));
    assert!(!done.stderr.contains("offspring:"), "{done:#?}");
}

#[test]
fn the_operator_is_told_once_that_children_run_unconfined() {
    let offspring = Offspring::new()
        .wat("a.wasm", &p2("i32.const 0"))
        .file("p.toml", POLICY);
    let done = offspring.run(&["run", "--policy", "p.toml", "a.wasm"]);
    assert_eq!(done.stderr.matches("unconfined").count(), 1, "{done:#?}");
    // What is confined is nothing to be told of, and neither is what cannot be launched.
    let offspring = offspring.file("q.toml", POLICY.replace("confinement = \"none\"", ""));
    let done = offspring.run(&["run", "--policy", "q.toml", "a.wasm"]);
    assert_eq!(done.stderr, "");
    let done = offspring.run(&["run", "a.wasm"]);
    assert_eq!(done.stderr, "");
}

#[test]
fn a_quick_grant_warns_of_what_it_means() {
    let offspring = Offspring::new().wat("a.wasm", &p2("i32.const 0"));
    let done = offspring.run(&["run", "--allow", "sh", "--confinement", "none", "a.wasm"]);
    done.ends(0, &["warning: --allow", "any command", "unconfined"]);
    let done = offspring.run(&["run", "--allow", "sh", "a.wasm"]);
    done.ends(0, &["warning: --allow", "any command"]);
    assert!(!done.stderr.contains("unconfined"), "{done:#?}");
}

#[test]
fn a_policy_that_does_not_load_keeps_the_guest_from_starting() {
    let offspring = Offspring::new()
        .wat("a.wasm", &p2("i32.const 0"))
        .file("toml.toml", "confinement = \"none\"\n[[program]\n")
        .file("key.toml", "confinement = \"none\"\nprogramme = 1\n")
        .file(
            "missing.toml",
            format!("{POLICY}path = \"/no/such/sleep\"\n"),
        );
    let run = |policy| offspring.run(&["run", "--policy", policy, "a.wasm"]);
    run("toml.toml").ends(125, &["error: toml.toml:2:"]);
    run("key.toml").ends(125, &["error: key.toml:2:1", "programme"]);
    run("missing.toml").ends(
        125,
        &["error: missing.toml:3:1", "`/no/such/sleep` does not exist"],
    );
    run("gone.toml").ends(125, &["gone.toml cannot be read"]);
}

#[test]
fn a_program_in_a_writable_directory_of_the_guest_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let offspring = Offspring::new()
        .wat("a.wasm", &p2("i32.const 0"))
        .file("tool", "#!/bin/sh\n");
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(offspring.path("tool"), executable).unwrap();
    let run = |directory| {
        let grant = ["--allow", "tool=tool"];
        offspring.run(&[&["run", "--dir", directory], &grant[..], &["a.wasm"]].concat())
    };
    run(".").ends(125, &["could replace it"]);
    run(".::.::ro").ends(0, &[]);
}
