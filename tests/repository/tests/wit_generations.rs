//! `wit/0.2` and `wit/0.3` are one contract, told twice.

use offspring_repository_tests::contract::generations::Step;
use offspring_repository_tests::contract::{Contract, Texts};

fn differences(old: &Texts, new: &Texts) -> Vec<String> {
    let old = Contract::parse(old).expect("0.2 is valid WIT");
    let new = Contract::parse(new).expect("0.3 is valid WIT");
    Step::of_this_contract().differences(&old, &new)
}

fn texts() -> (Texts, Texts) {
    let read = |generation| Texts::read(generation).expect("the contract can be read");
    (read("0.2"), read("0.3"))
}

#[test]
fn the_two_generations_are_in_step() {
    let (old, new) = texts();
    let found = differences(&old, &new);
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

/// Changes 0.3 alone, and expects to be told of `path`.
fn a_change_is_noticed(before: &str, after: &str, path: &str) {
    let (old, new) = texts();
    let found = differences(&old, &new.with(before, after));
    assert!(
        found.iter().any(|line| line.starts_with(path)),
        "{path} not in {found:#?}"
    );
}

#[test]
fn a_changed_word_of_documentation_is_noticed() {
    a_change_is_noticed(
        "Send a signal.",
        "Send any signal.",
        "process/child.send-signal",
    );
}

#[test]
fn a_changed_result_is_noticed() {
    a_change_is_noticed("id: func() -> u32", "id: func() -> u64", "process/child.id");
}

#[test]
fn a_changed_parameter_is_noticed() {
    a_change_is_noticed(
        "umask: func(mask: u32)",
        "umask: func(bits: u32)",
        "process/command.umask",
    );
}

#[test]
fn a_changed_order_of_cases_is_noticed() {
    a_change_is_noticed(
        "/// The program's name, or its file on the host.\n    program,\n    /// The arguments, `arg0` among them.\n    arguments,",
        "/// The arguments, `arg0` among them.\n    arguments,\n    /// The program's name, or its file on the host.\n    program,",
        "process/part",
    );
}

#[test]
fn a_changed_payload_is_noticed() {
    a_change_is_noticed("realtime(u8)", "realtime(u16)", "process/signal.realtime");
}

#[test]
fn a_function_that_only_one_generation_has_is_noticed() {
    a_change_is_noticed("kill: func()", "end: func()", "process/child.end");
    a_change_is_noticed("kill: func()", "end: func()", "process/child.kill");
}

#[test]
fn a_future_without_its_resource_is_noticed() {
    let (old, new) = texts();
    let changed = old.with(
        "get: func() -> option<result<exit, error-code>>",
        "get: func() -> option<exit>",
    );
    let found = differences(&changed, &new);
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("process/future-exit.get")),
        "{found:#?}"
    );
}

#[test]
fn an_exception_that_nothing_needs_is_noticed() {
    let (old, new) = texts();
    let (old, new) = (
        Contract::parse(&old).unwrap(),
        Contract::parse(&new).unwrap(),
    );
    let step = Step {
        only_in_old: &[("process/nothing", "for this test")],
        ..Step::of_this_contract()
    };
    let found = step.differences(&old, &new);
    assert!(
        found.iter().any(|line| line.contains("process/nothing")),
        "{found:#?}"
    );
}

#[test]
fn text_that_is_not_wit_is_refused() {
    let (_, new) = texts();
    assert!(Contract::parse(&new.with("resource child {", "resource child [")).is_err());
    assert!(
        Contract::parse(&new.with("-> result<_, error-code>", "-> result<_, mistake>")).is_err()
    );
}
