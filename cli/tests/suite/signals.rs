//! Signals to the command.

use crate::components::p2;
use crate::endings::ENDLESS;
use crate::offspring::{Done, Offspring};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

fn pid(child: &Child) -> Pid {
    Pid::from_raw(child.id().try_into().unwrap()).unwrap()
}

/// Waits until the command catches SIGINT.
fn until_it_listens(child: &Child) {
    let status = format!("/proc/{}/status", child.id());
    loop {
        let status = fs::read_to_string(&status).expect("the command runs");
        let caught = status
            .lines()
            .find_map(|line| line.strip_prefix("SigCgt:"))
            .unwrap();
        if u64::from_str_radix(caught.trim(), 16).unwrap() & (1 << (Signal::INT.as_raw() - 1)) != 0
        {
            return;
        }
        thread::yield_now();
    }
}

#[test]
fn a_guest_that_never_waits_ends_with_ctrl_c() {
    let offspring = Offspring::new().wat("a.wasm", &p2(ENDLESS));
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let child = offspring.command(&["run", "a.wasm"]).spawn().unwrap();
        until_it_listens(&child);
        kill_process(pid(&child), signal).unwrap();
        Done::of(child.wait_with_output().unwrap()).ends(code, &[]);
    }
}

#[test]
fn the_children_of_a_guest_end_with_it() {
    let offspring = Offspring::new().hold();
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let grant = [
            "run",
            "--allow",
            "sleep",
            "--confinement",
            "none",
            "hold.wasm",
        ];
        let mut child = offspring.command(&grant).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let sleep = Pid::from_raw(line.trim().parse().unwrap()).unwrap();
        test_kill_process(sleep).expect("the child runs");

        kill_process(pid(&child), signal).unwrap();
        Done::of(child.wait_with_output().unwrap()).ends(code, &[]);
        test_kill_process(sleep).expect_err("the child is gone, and reaped");
    }
}

#[test]
fn whoever_waits_for_children_to_end_is_told_and_need_not() {
    let policy = r#"confinement = "none"
[limits]
teardown = ["CONT", "1min"]
[[program]]
name = "sleep"
args = [["{any}..."]]
"#;
    let offspring = Offspring::new().hold().file("p.toml", policy);
    let begun = Instant::now();
    let mut child = offspring
        .command(&["run", "--policy", "p.toml", "hold.wasm"])
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let sleep = Pid::from_raw(line.trim().parse().unwrap()).unwrap();

    kill_process(pid(&child), Signal::INT).unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
    let told = stderr.any(|line| line.unwrap().contains("a second signal kills them"));
    assert!(told, "it has ended instead");
    test_kill_process(sleep).expect("the child runs, as the teardown says");

    kill_process(pid(&child), Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    test_kill_process(sleep).expect_err("the child is gone, and reaped");
    assert!(begun.elapsed() < Duration::from_secs(60));
}

#[test]
fn the_children_of_a_guest_end_when_its_time_is_over() {
    let offspring = Offspring::new().hold();
    let limit = [
        "run",
        "--timeout",
        "300ms",
        "--allow",
        "sleep",
        "--confinement",
        "none",
        "hold.wasm",
    ];
    let done = offspring.run(&limit);
    done.ends(124, &["did not end in 300ms"]);
    let sleep = Pid::from_raw(done.stdout.trim().parse().unwrap()).unwrap();
    test_kill_process(sleep).expect_err("the child is gone, and reaped");
}
