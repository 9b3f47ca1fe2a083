//! Every item of the contract says what it is and when it came.

use offspring_repository_tests::contract::documentation::{DELIVERS_ANOTHERS_ERROR, faults};
use offspring_repository_tests::contract::{Contract, Texts};

fn texts(generation: &str) -> Texts {
    Texts::read(generation).expect("the contract can be read")
}

fn parse(texts: &Texts) -> Contract {
    Contract::parse(texts).expect("the contract is valid WIT")
}

#[test]
fn every_item_of_both_generations_is_documented() {
    for generation in ["0.2", "0.3"] {
        let found = faults(&parse(&texts(generation)));
        assert!(found.is_empty(), "{generation}:\n{}", found.join("\n"));
    }
}

#[test]
fn the_versions_are_those_of_the_wasi_releases() {
    assert!(parse(&texts("0.2")).version.starts_with("0.2."));
    assert!(parse(&texts("0.3")).version.starts_with("0.3."));
}

#[test]
fn every_function_that_delivers_anothers_error_exists() {
    let old = parse(&texts("0.2"));
    for path in DELIVERS_ANOTHERS_ERROR {
        assert!(
            old.items.contains_key(*path),
            "{path} is gone: strike it from the list"
        );
    }
}

fn a_fault_is_noticed(before: &str, after: &str, fault: &str) {
    let found = faults(&parse(&texts("0.3").with(before, after)));
    assert!(
        found.iter().any(|line| line == fault),
        "{fault:?} not in {found:#?}"
    );
}

#[test]
fn a_missing_sentence_is_noticed() {
    a_fault_is_noticed(
        "/// The arguments, `arg0` among them.",
        "",
        "process/part.arguments: has no documentation",
    );
}

#[test]
fn a_missing_since_is_noticed() {
    a_fault_is_noticed(
        "@since(version = 0.3.0)\n    id: func()",
        "id: func()",
        "process/child.id: has no `@since(version = 0.3.0)`",
    );
}

#[test]
fn a_missing_list_of_errors_is_noticed() {
    a_fault_is_noticed(
        "/// - `io`: the host lost track of the child (`ECHILD`).",
        "///",
        "process/child.wait: returns an error-code and lists no typical errors",
    );
}

#[test]
fn an_error_that_does_not_exist_is_noticed() {
    a_fault_is_noticed(
        "- `program-changed`: the program",
        "- `program-swapped`: the program",
        "process/spawn: `program-swapped` is no case of error-code",
    );
}
