//! Holds one generation to the rules of documentation.

use std::collections::BTreeSet;

use super::{Contract, Item, Kind};

/// Functions that deliver an `error-code` of another function, which documents it.
pub const DELIVERS_ANOTHERS_ERROR: &[&str] = &[
    "process/future-child.get",
    "process/future-exit.get",
    "process/future-output.get",
    "process/stream-error-code",
];

const SECTION: &str = "# Typical errors";

/// Everything in which the documentation of `contract` breaks a rule. Empty is good.
pub fn faults(contract: &Contract) -> Vec<String> {
    let mut found = Vec::new();
    for (path, item) in &contract.items {
        if item.kind != Kind::Mention && item.docs.is_empty() {
            found.push(format!("{path}: has no documentation"));
        }
        if item.kind != Kind::Part && item.since.as_ref() != Some(&contract.version) {
            found.push(format!(
                "{path}: has no `@since(version = {})`",
                contract.version
            ));
        }
        if item.kind == Kind::Function {
            typical_errors(contract, path, item, &mut found);
        }
    }
    found
}

fn typical_errors(contract: &Contract, path: &str, item: &Item, found: &mut Vec<String>) {
    let listed = listed_cases(&item.docs);
    let fails = item.shape.contains("error-code");
    let needs = fails && !DELIVERS_ANOTHERS_ERROR.contains(&path);
    if needs && listed.is_empty() {
        found.push(format!(
            "{path}: returns an error-code and lists no typical errors"
        ));
    }
    if fails && !needs && !listed.is_empty() {
        found.push(format!(
            "{path}: lists typical errors of its own, so it is no exception"
        ));
    }
    let mut seen = BTreeSet::new();
    for case in listed {
        if !contract
            .items
            .contains_key(&format!("process/error-code.{case}"))
        {
            found.push(format!("{path}: `{case}` is no case of error-code"));
        }
        if !seen.insert(case) {
            found.push(format!("{path}: lists `{case}` twice"));
        }
    }
}

/// The cases of a `# Typical errors` section, which are its bullets' first words.
fn listed_cases(docs: &str) -> Vec<&str> {
    let lines = docs.lines().skip_while(|line| *line != SECTION).skip(1);
    let lines = lines.take_while(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            line.strip_prefix("- `")?
                .split_once("`:")
                .map(|(case, _)| case)
        })
        .collect()
}
