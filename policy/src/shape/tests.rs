use super::*;
use crate::pattern::PathRefusal;
use crate::source::Source;
use std::path::Path;
use std::time::{Duration, Instant};

struct Anywhere;

impl Paths for Anywhere {
    fn admit(&self, _: &str) -> Result<(), PathRefusal> {
        Ok(())
    }
}

fn shape(patterns: &[&str]) -> Shape {
    let place = Source::label(Path::new("test")).whole();
    Shape::parse(patterns.iter().copied(), place).unwrap()
}

fn words(words: &[&str]) -> Vec<Vec<u8>> {
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}

fn matches(patterns: &[&str], arguments: &[&str]) -> bool {
    shape(patterns).check(&words(arguments), &Anywhere).is_ok()
}

#[test]
fn the_whole_of_the_arguments_must_match() {
    assert!(!matches(&["log", "-n", "{int}"], &["log", "-n"]));
    assert!(!matches(&["log", "-n", "{int}"], &["log", "-n", "1", "2"]));
    assert!(!matches(
        &["log", "-n", "{int}"],
        &["-c", "x", "log", "-n", "1"]
    ));
    assert!(!matches(&["status"], &[]));
    assert!(!matches(&[], &["status"]));
    assert!(matches(&[], &[]));
    assert!(matches(&["log", "-n", "{int}"], &["log", "-n", "3"]));
}

#[test]
fn repetition_takes_none_one_and_many() {
    assert!(matches(&["diff", "--", "{path}..."], &["diff", "--"]));
    assert!(matches(&["diff", "--", "{path}..."], &["diff", "--", "a"]));
    assert!(matches(
        &["diff", "--", "{path}..."],
        &["diff", "--", "a", "b", "c"]
    ));
    assert!(!matches(
        &["diff", "--", "{path}..."],
        &["diff", "--", "a", "-O", "c"]
    ));
}

#[test]
fn what_follows_a_repetition_must_still_come() {
    assert!(matches(&["{word}...", "end"], &["end"]));
    assert!(matches(&["{word}...", "end"], &["a", "end", "end"]));
    assert!(!matches(&["{word}...", "end"], &["a", "end", "b"]));
}

#[test]
fn many_repetitions_and_a_hundred_thousand_arguments_are_quick() {
    let mut patterns = vec!["{word}..."; 20];
    patterns.push("end");
    let arguments = vec![b"a".to_vec(); 100_000];
    let started = Instant::now();
    assert!(shape(&patterns).check(&arguments, &Anywhere).is_err());
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_disagreement_says_which_argument_and_what_was_expected() {
    let check = |arguments| {
        let shape = shape(&["log", "{-n|-c}...", "{int}"]);
        shape
            .check(&words(arguments), &Anywhere)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(check(&["show"]), "argument 1, show, is not `log`");
    assert_eq!(
        check(&["log", "-n", "x y"]),
        "argument 3, 'x y', is not `{-n|-c}...`, or `{int}`"
    );
    assert_eq!(
        check(&["log"]),
        "argument 2 is missing: `{-n|-c}...`, or `{int}`"
    );
    assert_eq!(check(&["log", "1", "2"]), "argument 3, 2, is one too many");
    let path = shape(&["{path}"])
        .check(&words(&["-x"]), &Anywhere)
        .unwrap_err();
    assert!(
        path.to_string()
            .starts_with("argument 1, -x, is not `{path}` (it begins with `-`")
    );
}

/// What a shape means, in the plainest words: try everything.
fn means(patterns: &[Pattern], arguments: &[Vec<u8>]) -> bool {
    let Some((pattern, rest)) = patterns.split_first() else {
        return arguments.is_empty();
    };
    let first = arguments.split_first();
    let taken = first.filter(|(argument, _)| pattern.check(argument, &Anywhere).is_ok());
    if pattern.repeats() {
        means(rest, arguments) || taken.is_some_and(|(_, others)| means(patterns, others))
    } else {
        taken.is_some_and(|(_, others)| means(rest, others))
    }
}

#[test]
fn every_short_shape_decides_every_short_list_as_trying_everything_would() {
    const PATTERNS: [&str; 4] = ["a", "{int}", "{int}...", "{word}..."];
    const WORDS: [&str; 3] = ["a", "1", "-"];
    let lists = every_list(&WORDS, 4);
    for patterns in every_list(&PATTERNS, 4) {
        let shape = shape(&patterns);
        for list in &lists {
            let arguments = words(list);
            let decided = shape.check(&arguments, &Anywhere).is_ok();
            assert_eq!(
                decided,
                means(shape.patterns(), &arguments),
                "{patterns:?} {list:?}"
            );
        }
    }
}

/// Every list of up to `most` of the words.
fn every_list<'a>(words: &[&'a str], most: usize) -> Vec<Vec<&'a str>> {
    let mut lists = vec![Vec::new()];
    let mut longest = lists.clone();
    for _ in 0..most {
        let longer = |list: &Vec<&'a str>| {
            let list = list.clone();
            words
                .iter()
                .map(move |word| [list.as_slice(), &[*word]].concat())
                .collect::<Vec<_>>()
        };
        longest = longest.iter().flat_map(longer).collect();
        lists.extend(longest.iter().cloned());
    }
    lists
}
