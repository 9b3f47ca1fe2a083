//! What the arguments of a program may be, all together.

use crate::pattern::{Mismatch, Paths, Pattern, PatternError};
use crate::quote::quoted;
use crate::source::Place;
use std::fmt;

/// A whole shape: one pattern for each argument, some of which may repeat.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    patterns: Vec<Pattern>,
    place: Place,
}

/// How far arguments agreed with a shape, and what it wanted there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// Which argument disagreed, counted from 1. It may be one more than there are.
    pub argument: usize,
    /// The argument, quoted to be printed and cut where it is long; `None` where it is missing.
    pub found: Option<String>,
    /// What could have stood there; empty where the shape had ended.
    pub expected: Vec<Expected>,
}

/// A pattern that an argument did not match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The pattern, as the policy has it.
    pub pattern: String,
    /// Why the argument does not match; `None` where it is missing.
    pub mismatch: Option<Mismatch>,
}

impl Shape {
    /// Reads the patterns of a shape. The error comes with the index of its pattern.
    pub(crate) fn parse<'a>(
        texts: impl IntoIterator<Item = &'a str>,
        place: Place,
    ) -> Result<Self, (usize, PatternError)> {
        let parse = |(index, text)| Pattern::parse(text).map_err(|error| (index, error));
        let patterns = texts
            .into_iter()
            .enumerate()
            .map(parse)
            .collect::<Result<_, _>>()?;
        Ok(Self { patterns, place })
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    pub(crate) fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Whether `arguments` have this shape.
    ///
    /// The patterns are the states of an automaton without memory, so the time is bounded by
    /// arguments times patterns.
    pub(crate) fn check(
        &self,
        arguments: &[Vec<u8>],
        paths: &dyn Paths,
    ) -> Result<(), Disagreement> {
        let mut states = self.closure([0]);
        for (index, argument) in arguments.iter().enumerate() {
            let mut expected = Vec::new();
            let mut next = Vec::new();
            for state in states {
                let Some(pattern) = self.patterns.get(state) else {
                    continue;
                };
                match pattern.check(argument, paths) {
                    Ok(()) => next.push(if pattern.repeats() { state } else { state + 1 }),
                    Err(mismatch) => expected.push((pattern, mismatch)),
                }
            }
            if next.is_empty() {
                let expected = expected.into_iter().map(|(pattern, mismatch)| Expected {
                    pattern: pattern.text().to_owned(),
                    mismatch: Some(mismatch),
                });
                return Err(Disagreement {
                    argument: index + 1,
                    found: Some(quoted(argument).to_string()),
                    expected: expected.collect(),
                });
            }
            states = self.closure(next);
        }
        if states.contains(&self.patterns.len()) {
            return Ok(());
        }
        let expected = states.into_iter().map(|state| Expected {
            pattern: self.patterns[state].text().to_owned(),
            mismatch: None,
        });
        Err(Disagreement {
            argument: arguments.len() + 1,
            found: None,
            expected: expected.collect(),
        })
    }

    /// The states that `states` stand for, where a pattern that repeats may also be over.
    fn closure(&self, states: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let mut all = Vec::new();
        for mut state in states {
            while !all.contains(&state) {
                all.push(state);
                if !self.patterns.get(state).is_some_and(Pattern::repeats) {
                    break;
                }
                state += 1;
            }
        }
        all
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.patterns.is_empty() {
            return f.write_str("(no arguments)");
        }
        for (index, pattern) in self.patterns.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{}", quoted(pattern.text().as_bytes()))?;
        }
        Ok(())
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "argument {}", self.argument)?;
        match (&self.found, self.expected.is_empty()) {
            (Some(found), true) => return write!(f, ", {found}, is one too many"),
            (Some(found), false) => write!(f, ", {found}, is not")?,
            (None, _) => f.write_str(" is missing:")?,
        }
        for (index, expected) in self.expected.iter().enumerate() {
            let or = if index == 0 { "" } else { ", or" };
            write!(f, "{or} `{}`", expected.pattern)?;
            if let Some(Mismatch::Path(refusal)) = &expected.mismatch {
                write!(f, " ({refusal})")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
