//! Patterns as finite automata: one step for each byte of an argument, whatever it holds.

use super::PatternError;
use super::text::{Piece, Slot};
use crate::defaults::{AUTOMATON_BYTES, AUTOMATON_WORK_BYTES, REGEX_NESTING};
use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input};
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// `{int}`: digits. A sign would make it an option.
const INT: &str = "[0-9]{1,20}";

/// `{word}`: text without control characters, that no program takes for an option (`-`, `+`)
/// or for a file to read options from (`@`).
const WORD: &str = r"[^\-+@\p{Cc}][^\p{Cc}]*";

/// `{any}`: bytes.
const ANY: &str = "(?s-u:.*)";

/// A compiled pattern, which matches whole arguments only.
#[derive(Clone)]
pub(super) struct Automaton(Arc<dense::DFA<Vec<u32>>>);

impl Automaton {
    pub(super) fn new(pieces: &[Piece]) -> Result<Self, PatternError> {
        let mut regex = String::from(r"\A");
        for piece in pieces {
            regex.push_str(&expression(piece)?);
        }
        regex.push_str(r"\z");
        compile(&regex).map(|automaton| Self(Arc::new(automaton)))
    }

    pub(super) fn matches(&self, argument: &[u8]) -> bool {
        let input = Input::new(argument).anchored(Anchored::Yes);
        matches!(self.0.try_search_fwd(&input), Ok(Some(_)))
    }
}

impl fmt::Debug for Automaton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Automaton({} bytes)", self.0.memory_usage())
    }
}

/// The regular expression of one piece, in a group of its own.
fn expression(piece: &Piece) -> Result<String, PatternError> {
    let group = |regex: &str| format!("(?:{regex})");
    Ok(match piece {
        Piece::Literal(text) => escape(text),
        Piece::Slot(Slot::Int) => group(INT),
        Piece::Slot(Slot::Word) => group(WORD),
        Piece::Slot(Slot::Path) => return Err(PatternError::PathBesideSlot),
        Piece::Slot(Slot::Any) => group(ANY),
        Piece::Slot(Slot::OneOf(words)) => {
            let words: Vec<_> = words.iter().map(|word| escape(word)).collect();
            group(&words.join("|"))
        }
        Piece::Slot(Slot::Regex(regex)) => {
            // Valid both bare and grouped, it is closed in itself: `a)(b` fails bare, and an
            // open comment (`(?x)a #`) fails grouped.
            compile(regex)?;
            compile(&group(regex))?;
            group(regex)
        }
    })
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        // `\<` and `\>` are the edges of words, and bare they are themselves.
        if character.is_ascii_punctuation() && !matches!(character, '<' | '>') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn compile(regex: &str) -> Result<dense::DFA<Vec<u32>>, PatternError> {
    dense::Builder::new()
        .configure(
            dense::Config::new()
                .start_kind(StartKind::Anchored)
                .dfa_size_limit(Some(AUTOMATON_BYTES))
                .determinize_size_limit(Some(AUTOMATON_WORK_BYTES)),
        )
        .syntax(syntax::Config::new().utf8(false).nest_limit(REGEX_NESTING))
        .thompson(
            thompson::Config::new()
                .utf8(false)
                .nfa_size_limit(Some(AUTOMATON_BYTES)),
        )
        .build(regex)
        .map_err(|error| failure(&error))
}

fn failure(error: &dense::BuildError) -> PatternError {
    let mut root: &dyn Error = error;
    let mut too_large = error.is_size_limit_exceeded();
    while let Some(source) = root.source() {
        too_large |= source
            .downcast_ref::<thompson::BuildError>()
            .is_some_and(|error| error.size_limit().is_some());
        root = source;
    }
    if too_large {
        PatternError::TooComplicated
    } else {
        PatternError::Regex {
            reason: root.to_string(),
        }
    }
}
