//! Bounds that are refused.

use super::RULE;
use offspring_policy::{ParsedPolicy, PolicyError};

fn fault(text: &str) -> PolicyError {
    ParsedPolicy::parse(text, "p.toml").expect_err("the policy was taken")
}

/// What is wrong with a line of `[limits]`, which is at line 2.
fn fault_of(line: &str) -> String {
    fault(&format!("[limits]\n{line}")).to_string()
}

fn assert_begins(text: &str, beginning: &str) {
    assert!(
        text.starts_with(beginning),
        "\n  got {text}\n  not {beginning}"
    );
}

#[test]
fn what_bounds_a_guest_is_refused_in_the_table_of_a_rule() {
    for (line, column) in [
        ("children = 4", 12),
        ("spawns = \"none\"", 10),
        ("spawn-rate = \"1/s\"", 14),
        ("queue = \"1s\"", 9),
        ("processes = 100", 13),
    ] {
        let key = line.split(' ').next().unwrap();
        let expected = format!("p.toml:5:{column}: `{key}` bounds a guest with all its children");
        let error = fault(&format!("{RULE}[program.limits]\n{line}")).to_string();
        assert_begins(&error, &expected);
        assert!(error.ends_with("write it in [limits]"), "{error}");
        let error = fault(&format!("[shell]\n\n\n[shell.limits]\n{line}")).to_string();
        assert_begins(&error, &expected);
    }
}

#[test]
fn numbers_that_are_no_bound_are_refused() {
    for (line, expected) in [
        (
            "children = -1",
            "p.toml:2:12: `children` is a whole number from 0 to 4294967295, and -1 is not",
        ),
        (
            "children = 4294967296",
            "p.toml:2:12: `children` is a whole",
        ),
        (
            "children = \"none\"",
            "p.toml:2:12: `children` is a whole number from 0 to 4294967295, and \"none\" is not",
        ),
        ("spawns = -1", "p.toml:2:10: `spawns` is a whole number"),
        (
            "spawns = \"all\"",
            "p.toml:2:10: `spawns` is a whole number from 0 to 9223372036854775807 or \"none\", and \"all\" is not; write one",
        ),
        (
            "processes = 7",
            "p.toml:2:13: `processes` is a whole number from 8 to 4194304 or \"none\", and 7 is not",
        ),
        ("processes = 4194305", "p.toml:2:13: `processes` is"),
        (
            "open-files = 7",
            "p.toml:2:14: `open-files` is a whole number from 8 to 1048576 or",
        ),
        ("open-files = 1048577", "p.toml:2:14: `open-files` is"),
    ] {
        assert_begins(&fault_of(line), expected);
    }
}

#[test]
fn rates_times_and_sizes_that_are_none_are_refused() {
    for rate in ["10", "0/s", "1/0s", "-1/s", "1/month", "/s", "many", ""] {
        let expected = format!("p.toml:2:14: `{rate}` is not a rate; write how many");
        assert_begins(&fault_of(&format!("spawn-rate = \"{rate}\"")), &expected);
    }
    for key in ["deadline", "idle", "drain", "cpu", "queue"] {
        let expected = format!("p.toml:2:{}: `30` is not a time", key.len() + 4);
        assert_begins(&fault_of(&format!("{key} = \"30\"")), &expected);
    }
    for key in ["output", "output-per-stream", "memory", "file-size"] {
        let expected = format!("p.toml:2:{}: `64` is not a size", key.len() + 4);
        assert_begins(&fault_of(&format!("{key} = \"64\"")), &expected);
    }
    for memory in ["0B", "1023KiB"] {
        let expected = format!("p.toml:2:10: with `{memory}` of memory no program can be loaded");
        assert_begins(&fault_of(&format!("memory = \"{memory}\"")), &expected);
    }
    assert_begins(
        &fault_of("drain = \"none\""),
        "p.toml:2:9: `drain` needs an end",
    );
}

#[test]
fn steps_that_end_no_child_are_refused() {
    for word in [
        "SIGFOO",
        "",
        "5",
        "-1s",
        "15",
        "none",
        "SIGRTMIN+31",
        "4000d",
    ] {
        let expected = format!("p.toml:2:21: `{word}` is no step of `teardown`; write names");
        let line = format!("teardown = [\"TERM\", \"{word}\", \"1s\"]");
        assert_begins(&fault_of(&line), &expected);
    }
    for word in ["kill", "KILL", "SIGKILL"] {
        let line = format!("teardown = [\"TERM\", \"{word}\", \"1s\"]");
        let expected = format!("p.toml:2:21: nothing is left after `{word}`");
        assert_begins(&fault_of(&line), &expected);
    }
    assert_begins(
        &fault_of("teardown = [\"kill\", \"kill\"]"),
        "p.toml:2:13: nothing is left after",
    );
    assert_begins(
        &fault_of("teardown = [\"INT\", \"4min\", \"TERM\", \"61s\"]"),
        "p.toml:2:12: the times of `teardown` are 301s together, and a host that shuts down would \
         wait as long; write no more than 5min",
    );
    assert_begins(
        &fault_of("teardown = \"kill\""),
        "p.toml:2:12: invalid type: string",
    );
}

#[test]
fn words_that_say_nothing_of_background_processes_are_refused() {
    for word in ["", "Keep", "none", "true"] {
        let expected = format!("p.toml:2:14: `{word}` does not say what becomes");
        assert_begins(&fault_of(&format!("background = \"{word}\"")), &expected);
    }
}
