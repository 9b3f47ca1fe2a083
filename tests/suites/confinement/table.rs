//! Golden tables: what the probe is to find, a line for each attempt.
//!
//! A table that stands against another holds only the lines that differ from it. With
//! `GOLDEN=write` in the environment a test writes its tables instead of comparing them; what
//! they say at their heads stays.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// What was found, by the attempts' names.
pub type Findings = BTreeMap<String, String>;

/// The outcome of an attempt that is not made.
const NOT_TRIED: &str = "not tried";

/// The findings in the probe's output, as far as they are the same on every machine.
pub fn findings(output: &str, tier: &str) -> Findings {
    let (excepted, by_machine) = (Patterns::read("excepted"), Patterns::read("machines"));
    let lines = output.lines().filter_map(|line| line.split_once(": "));
    let mut found = Findings::new();
    for (name, outcome) in lines {
        if excepted.reason(tier, name).is_some() {
            continue;
        }
        let closed = !is_open(outcome) && by_machine.reason(tier, name).is_some();
        let outcome = if closed { CLOSED } else { outcome };
        found.insert(name.to_owned(), outcome.to_owned());
    }
    found
}

/// What is closed one way on one machine and another way on another.
const CLOSED: &str = "closed";

/// Whether nothing stood in the way of an attempt.
pub fn is_open(outcome: &str) -> bool {
    outcome.starts_with("allowed") || outcome.starts_with("reached")
}

/// Names of attempts, and something that is said of them. A name may end with an asterisk, and have
/// a tier and a slash before it.
pub struct Patterns(Findings);

impl Patterns {
    pub fn read(file: &str) -> Self {
        Self(read(file))
    }

    /// What is said of an attempt, and the pattern for which it is. The longest counts.
    pub fn reason(&self, tier: &str, name: &str) -> Option<(&str, &str)> {
        let whole = format!("{tier}/{name}");
        let fits = |pattern: &str| {
            let name = if pattern.contains('/') {
                whole.as_str()
            } else {
                name
            };
            match pattern.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => name == pattern,
            }
        };
        let fitting = self.0.iter().filter(|(pattern, _)| fits(pattern));
        let longest = fitting.max_by_key(|(pattern, _)| pattern.len());
        longest.map(|(pattern, reason)| (pattern.as_str(), reason.as_str()))
    }

    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Holds what was found against tables, the first of which is whole, and each other against those
/// before it.
#[track_caller]
pub fn compare(tables: &[&str], found: &Findings) {
    let (last, before) = tables.split_last().expect("there is a table");
    if std::env::var_os("GOLDEN").is_some_and(|it| it == "write") {
        write(last, &difference(&expected(before), found));
        return;
    }
    let differences = difference(&expected(tables), found);
    let mut text = String::new();
    for (name, outcome) in &differences {
        let wanted = expected(tables);
        let wanted = wanted.get(name).map_or(NOT_TRIED, String::as_str);
        let _ = writeln!(
            text,
            "  {name}\n    golden: {wanted}\n    found:  {outcome}"
        );
    }
    assert!(
        differences.is_empty(),
        "{} lines differ from {}:\n{text}\nIf that is right, run the tests with GOLDEN=write, as \
         the superuser and as an ordinary user, and read what has changed.",
        differences.len(),
        tables.join(" with "),
    );
}

/// What tables say together.
pub fn expected(tables: &[&str]) -> Findings {
    let mut all = Findings::new();
    for table in tables {
        all.extend(read(table));
    }
    all.retain(|_, outcome| outcome != NOT_TRIED);
    all
}

/// What is not as it was expected, with an outcome for what was not tried.
fn difference(expected: &Findings, found: &Findings) -> Findings {
    let missing = expected.keys().filter(|name| !found.contains_key(*name));
    let missing = missing.map(|name| (name.clone(), NOT_TRIED.to_owned()));
    let others = found.iter();
    let others = others.filter(|(name, outcome)| expected.get(*name) != Some(outcome));
    let others = others.map(|(name, outcome)| (name.clone(), outcome.clone()));
    missing.chain(others).collect()
}

fn path(table: &str) -> PathBuf {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites/confinement/golden");
    golden.join(table).with_extension("txt")
}

/// The lines of a file: a name, a colon, and the rest.
pub fn read(table: &str) -> Findings {
    let text = fs::read_to_string(path(table)).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once(": "));
    pairs
        .map(|(name, rest)| (name.to_owned(), rest.to_owned()))
        .collect()
}

fn write(table: &str, findings: &Findings) {
    let old = fs::read_to_string(path(table)).unwrap_or_default();
    let head = old.lines().take_while(|line| line.starts_with('#'));
    let mut text = String::new();
    for line in head {
        let _ = writeln!(text, "{line}");
    }
    for (name, outcome) in findings {
        let _ = writeln!(text, "{name}: {outcome}");
    }
    fs::write(path(table), text).expect("the golden tables can be written");
}
