//! The text of a policy file: an operator's, and so honest, but perhaps one that was generated, or
//! cut short.

#![no_main]

use libfuzzer_sys::fuzz_target;
use offspring_policy::{
    BoundPolicy, ParsedPolicy, PinnedPolicy, PolicyError, ProgramRequest, SpawnRequest,
};
use std::error::Error;
use std::ffi::OsStr;
use std::path::{Component, Path};

fuzz_target!(|text: &str| {
    let parsed = match ParsedPolicy::parse(text, "policy.toml") {
        Ok(parsed) => parsed,
        Err(error) => return judge(&error, text),
    };
    for lint in parsed.lints() {
        assert!(!lint.warning.to_string().is_empty());
        within(lint.place.line(), lint.place.column(), text);
    }
    let names: Vec<_> = parsed.program_names().map(str::to_owned).collect();
    if !may_be_pinned(text) {
        return;
    }
    match parsed.pin_with_search_path(OsStr::new("")) {
        Ok(pinned) => decide(&pinned, &names),
        Err(error) => judge(&error, text),
    }
});

/// An error says where it is and what is wrong.
fn judge(error: &PolicyError, text: &str) {
    assert!(error.to_string().starts_with("policy.toml:"));
    let mut reason: Option<&dyn Error> = Some(error.problem());
    while let Some(error) = reason {
        assert!(!error.to_string().is_empty());
        reason = error.source();
    }
    within(error.place().line(), error.place().column(), text);
}

/// A place is in the text, or right behind it.
fn within(line: Option<usize>, column: Option<usize>, text: &str) {
    let (line, column) = line.zip(column).expect("a file has lines");
    let found = text.split('\n').nth(line - 1).expect("the line is there");
    assert!((1..=found.chars().count() + 1).contains(&column));
}

/// Pinning opens the regular files that a policy names, and reads how they begin. In the kernel's
/// trees there are some for which that is no harmless thing: reading `/proc/kmsg` waits.
fn may_be_pinned(text: &str) -> bool {
    fn harmless(value: &toml::Value) -> bool {
        match value {
            toml::Value::String(text) => {
                let kernels = |part| {
                    matches!(part, Component::Normal(name)
                        if ["proc", "sys", "dev"].iter().any(|tree| name == *tree))
                };
                !Path::new(text).components().any(kernels)
            }
            toml::Value::Array(values) => values.iter().all(harmless),
            toml::Value::Table(values) => values.values().all(harmless),
            _ => true,
        }
    }
    toml::from_str::<toml::Table>(text).is_ok_and(|table| table.values().all(harmless))
}

/// What was pinned decides, without a guest and for one that has nothing.
fn decide(pinned: &PinnedPolicy, names: &[String]) {
    assert!(pinned.programs().map(|(name, _)| name).eq(names));
    for lint in pinned.lints() {
        assert!(!lint.to_string().is_empty());
    }
    ask(&pinned.without_guest(), names);
    if let Ok(bound) = pinned.bind(&[]) {
        ask(&bound, names);
    }
    if let Some(weaker) = pinned.clone().fall_back() {
        assert!(weaker.confinement() > pinned.confinement());
    }
}

fn ask(policy: &BoundPolicy, names: &[String]) {
    let mut programs: Vec<_> = names.iter().cloned().map(ProgramRequest::Named).collect();
    programs.push(ProgramRequest::Named("nobody-names-it".to_owned()));
    programs.push(ProgramRequest::Shell(b"true".to_vec()));
    for program in programs {
        let explanation = policy.explain(&SpawnRequest::new(program));
        assert!(!explanation.to_string().is_empty());
        if let Err(denial) = explanation.outcome {
            assert!(!denial.to_string().is_empty());
        }
    }
}
