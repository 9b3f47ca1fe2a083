//! What one argument may be.

mod automaton;
mod path_slot;
mod text;

pub use path_slot::PathRefusal;
pub(crate) use path_slot::Paths;

use crate::defaults::PATTERN_BYTES;
use automaton::Automaton;
use text::{Piece, Slot};

/// One argument of a shape: literal text, slots, or a mixture, and whether it may repeat.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    text: String,
    matcher: Matcher,
    repeats: bool,
    unbounded: bool,
    after_dash: bool,
}

#[derive(Clone, Debug)]
enum Matcher {
    Literal(Vec<u8>),
    Any,
    /// Text, then a path, then text. The text around it is literal, so that there is only one
    /// way to tell the path from the rest.
    Path {
        before: String,
        after: String,
    },
    Automaton(Automaton),
}

/// Why an argument does not match a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// It is other text, or text of another form.
    #[error("it differs")]
    Differs,
    /// The argument is not a path that the pattern admits.
    #[error("as a path, {0}")]
    Path(PathRefusal),
}

/// Why the text of a pattern is not a pattern.
#[derive(Debug, thiserror::Error)]
pub enum PatternError {
    /// A `{` without its `}`.
    #[error("`{{` has no `}}`; write `{{{{` for the character itself")]
    Unclosed,
    /// A `}` without its `{`.
    #[error("`}}` has no `{{`; write `}}}}` for the character itself")]
    Unopened,
    /// A `{/` without its `/}`.
    #[error("`{{/` has no `/}}` to end the regular expression")]
    UnclosedRegex,
    /// A slot of a name that does not exist.
    #[error(
        "there is no slot `{{{0}}}`; the slots are {{int}}, {{word}}, {{path}}, {{any}}, \
         {{one|or|another}} and {{/regular expression/}}"
    )]
    UnknownSlot(String),
    /// An empty alternative.
    #[error("an alternative of `{{{0}}}` is empty; write a shape without the argument instead")]
    EmptyAlternative(String),
    /// `{path}` beside another slot.
    #[error("beside `{{path}}` there can only be literal text; make it an argument of its own")]
    PathBesideSlot,
    /// A NUL byte.
    #[error("no argument can hold a NUL character; take it out")]
    Nul,
    /// A text above the bound.
    #[error("it is longer than {PATTERN_BYTES} bytes; shorten it")]
    TooLong,
    /// A regular expression that is malformed or not supported.
    #[error("{reason}; look-around and back-references do not exist here")]
    Regex {
        /// The regular expression engine's own words.
        reason: String,
    },
    /// A pattern that would make too large an automaton.
    #[error(
        "it is too complicated; use smaller counts such as `{{2,8}}`, `[0-9]` in place of \
         `\\d`, or `(?-u:…)`"
    )]
    TooComplicated,
}

impl Pattern {
    /// Reads a pattern. See POLICY.md, "Argument patterns".
    pub(crate) fn parse(written: &str) -> Result<Self, PatternError> {
        if written.len() > PATTERN_BYTES {
            return Err(PatternError::TooLong);
        }
        if written.contains('\0') {
            return Err(PatternError::Nul);
        }
        let (body, repeats) = match written.strip_suffix("...") {
            Some(body) if text::ends_with_slot(body)? => (body, true),
            _ => (written, false),
        };
        let pieces = text::pieces(body)?;
        let after_dash = match pieces.as_slice() {
            [
                Piece::Literal(text),
                Piece::Slot(Slot::Any | Slot::Word),
                ..,
            ] => text == "-",
            _ => false,
        };
        Ok(Self {
            text: written.to_owned(),
            repeats,
            after_dash,
            unbounded: pieces
                .iter()
                .any(|piece| matches!(piece, Piece::Slot(Slot::Any))),
            matcher: Matcher::new(&pieces)?,
        })
    }

    /// The pattern as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether zero or more arguments in a row may match it.
    pub(crate) fn repeats(&self) -> bool {
        self.repeats
    }

    /// Whether it holds `{any}`.
    pub(crate) fn unbounded(&self) -> bool {
        self.unbounded
    }

    /// Whether the guest chooses what follows a lone dash, and so the option.
    pub(crate) fn chooses_option(&self) -> bool {
        self.after_dash
    }

    /// Whether `argument` matches, in time linear in its length.
    pub(crate) fn check(&self, argument: &[u8], paths: &dyn Paths) -> Result<(), Mismatch> {
        let matches = match &self.matcher {
            Matcher::Any => true,
            Matcher::Literal(text) => text == argument,
            Matcher::Automaton(automaton) => automaton.matches(argument),
            Matcher::Path { before, after } => {
                let path = argument
                    .strip_prefix(before.as_bytes())
                    .and_then(|rest| rest.strip_suffix(after.as_bytes()))
                    .ok_or(Mismatch::Differs)?;
                return path_slot::check(path, paths).map_err(Mismatch::Path);
            }
        };
        matches.then_some(()).ok_or(Mismatch::Differs)
    }
}

impl Matcher {
    fn new(pieces: &[Piece]) -> Result<Self, PatternError> {
        let path = |before: &str, after: &str| {
            Ok(Self::Path {
                before: before.to_owned(),
                after: after.to_owned(),
            })
        };
        match pieces {
            [] => Ok(Self::Literal(Vec::new())),
            [Piece::Literal(text)] => Ok(Self::Literal(text.clone().into_bytes())),
            [Piece::Slot(Slot::Any)] => Ok(Self::Any),
            [Piece::Slot(Slot::Path)] => path("", ""),
            [Piece::Literal(before), Piece::Slot(Slot::Path)] => path(before, ""),
            [Piece::Slot(Slot::Path), Piece::Literal(after)] => path("", after),
            [
                Piece::Literal(before),
                Piece::Slot(Slot::Path),
                Piece::Literal(after),
            ] => path(before, after),
            pieces => Automaton::new(pieces).map(Self::Automaton),
        }
    }
}

#[cfg(test)]
mod tests;
