//! How quick grants are confined, and what they can be granted.

use crate::components::p2;
use crate::offspring::{Done, Offspring};
use std::io::{BufRead, BufReader};

const POLICY: &str = "confinement = \"landlock\"\n\n[[program]]\nname = \"true\"\nargs = [[]]\n";

fn run(offspring: &Offspring, options: &[&str]) -> Done {
    offspring.run(&[&["run"], options, &["a.wasm"]].concat())
}

fn guest() -> Offspring {
    Offspring::new().wat("a.wasm", &p2("i32.const 0"))
}

#[test]
fn quick_grants_live_in_a_world_of_the_guests_own() {
    let offspring = Offspring::new().hold();
    let mut command = offspring.command(&["run", "--allow", "sleep", "hold.wasm"]);
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let ended = rustix::process::kill_process(
        rustix::process::Pid::from_child(&child),
        rustix::process::Signal::TERM,
    );
    ended.unwrap();
    Done::of(child.wait_with_output().unwrap()).ends(143, &[]);
    // The first process there, of two threads, is what holds it, and it tries whether there can be
    // another.
    let number: u32 = line.trim().parse().unwrap();
    assert!((3..10).contains(&number), "{number}");
}

#[test]
fn a_grant_that_its_tier_cannot_keep_is_refused() {
    let offspring = guest();
    let grant = |tier, more: &[&str]| {
        let options = ["--allow", "true", "--confinement", tier];
        run(&offspring, &[&options, more].concat())
    };
    grant("landlock", &["--tmp", "1MiB"]).ends(125, &["--allow: `tmp` needs mounts"]);
    grant("landlock", &["--proc"]).ends(125, &["--allow: `proc` needs mounts"]);
    grant("none", &["--network", "443"]).ends(125, &["nothing would keep `network`"]);
    grant("none", &["--fallback", "landlock"]).ends(125, &["not weaker than none"]);
    grant("namespace", &["--execute", "build"]).ends(125, &["`execute` names `build`"]);
    grant("namespace", &["--runtime", "no-such-file"]).ends(125, &["no-such-file"]);
}

#[test]
fn grants_are_taken() {
    let offspring = guest();
    let grants = [
        "--allow",
        "true",
        "--dir",
        ".",
        "--execute",
        ".",
        "--network",
        "80,443",
        "--tmp",
        "1MiB",
        "--proc",
        "--runtime",
        "/etc/hostname",
    ];
    run(&offspring, &grants).ends(0, &["into `.`"]);
    run(&offspring, &["--allow", "true", "--network", "host"]).ends(0, &["whatever the host"]);
}

#[test]
fn bounds_that_no_program_can_keep_are_refused() {
    let offspring = guest();
    let bound = |more: &[&str]| run(&offspring, &[&["--allow", "true"], more].concat());
    bound(&["--memory", "64KiB"]).ends(125, &["--allow: with `65536B` of memory no program"]);
    bound(&["--memory", "64"]).ends(2, &["`64` is not a size"]);
    bound(&["--cpu", "soon"]).ends(2, &["`soon` is not a time"]);
    bound(&["--child-timeout", "1y"]).ends(2, &["`1y` is not a time"]);
    bound(&["--max-children", "many"]).ends(2, &["--max-children"]);
    run(&offspring, &["--cpu", "1s"]).ends(2, &["--allow"]);
}

#[test]
fn how_many_children_a_guest_has_is_the_policys_to_say() {
    let offspring = guest().file("p.toml", POLICY);
    let beside = ["--policy", "p.toml", "--allow", "sleep"];
    let most = [&beside[..], &["--max-children", "2"]].concat();
    run(&offspring, &most).ends(2, &["--max-children", "--policy"]);
    // The others are about the programs of --allow alone.
    let others = ["--child-timeout", "10s", "--memory", "1GiB", "--cpu", "1m"];
    run(&offspring, &[&beside[..], &others].concat()).ends(0, &[]);
}

#[test]
fn the_bounds_of_a_policy_hold_for_quick_grants_beside_it() {
    let offspring = Offspring::new()
        .hold()
        .file("p.toml", "[limits]\ndeadline = \"100ms\"");
    let beside = ["run", "--policy", "p.toml", "--allow", "sleep"];
    let done = offspring.run(&[&beside[..], &["hold.wasm"]].concat());
    done.ends(0, &[]);
    assert!(done.stdout.contains("its deadline passed"), "{done:?}");
}

#[test]
fn bounds_are_taken() {
    let bounds = [
        "--allow",
        "true",
        "--child-timeout",
        "10s",
        "--max-children",
        "2",
        "--memory",
        "1GiB",
        "--cpu",
        "500ms",
    ];
    run(&guest(), &bounds).ends(0, &[]);
    run(&guest(), &["--allow", "true", "--cpu", "0"]).ends(0, &[]);
    let never = ["--allow", "true", "--max-children", "0"];
    run(&guest(), &never).ends(0, &["with `children` at 0 no child can run"]);
}

#[test]
fn quick_grants_beside_a_policy_are_confined_as_it_has_it() {
    let offspring = guest().file("p.toml", POLICY);
    let beside = |more: &[&str]| {
        run(
            &offspring,
            &[&["--policy", "p.toml", "--allow", "sleep"], more].concat(),
        )
    };
    beside(&[]).ends(0, &[]);
    beside(&["--confinement", "landlock"]).ends(0, &[]);
    beside(&["--confinement", "namespace"]).ends(125, &["--allow: ", "landlock", "namespace"]);
    // Grants are taken with the tier that the policy has.
    beside(&["--tmp", "1MiB"]).ends(125, &["`tmp` needs mounts"]);
}

#[test]
fn a_directory_in_the_way_of_what_children_need_is_refused_with_another_name() {
    let offspring = guest();
    for directory in [".::/", ".::/usr", ".::/usr/local/x", ".::/etc"] {
        let done = run(&offspring, &["--allow", "true", "--dir", directory]);
        done.ends(125, &["error: directory /", "in the way of", "/work"]);
    }
    run(&offspring, &["--allow", "true", "--dir", ".::/work"]).ends(0, &[]);
    // Nothing is launched, so nothing is in the way.
    run(&offspring, &["--dir", ".::/"]).ends(0, &[]);
}
