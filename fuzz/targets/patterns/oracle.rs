//! What a pattern of simple slots is and admits, by POLICY.md and not by the code.

use offspring_fuzz::paths::{Paths, is_word};
use std::collections::BTreeSet;

/// A pattern in pieces.
#[derive(Clone, Debug)]
pub struct Pattern(pub Vec<Piece>);

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Literal(String),
    Int,
    Word,
    Path,
    Any,
    OneOf(Vec<String>),
}

impl Pattern {
    /// The pattern as a policy has it.
    pub fn text(&self) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Literal(text) => text.replace('{', "{{").replace('}', "}}"),
            Piece::Int => "{int}".to_owned(),
            Piece::Word => "{word}".to_owned(),
            Piece::Path => "{path}".to_owned(),
            Piece::Any => "{any}".to_owned(),
            Piece::OneOf(words) => format!("{{{}}}", words.join("|")),
        };
        self.0.iter().map(text).collect()
    }

    /// Whether it is a pattern.
    pub fn is_sound(&self) -> bool {
        let slots = || {
            self.body()
                .iter()
                .filter(|it| !matches!(it, Piece::Literal(_)))
        };
        let paths = slots().filter(|it| **it == Piece::Path).count();
        paths == 0 || slots().count() == 1
    }

    /// Whether any number of arguments may match: it ends with a slot and three dots.
    pub fn repeats(&self) -> bool {
        match self.0.as_slice() {
            [.., Piece::Literal(_), Piece::Literal(_)] => false,
            [.., slot, Piece::Literal(text)] => !matches!(slot, Piece::Literal(_)) && text == "...",
            _ => false,
        }
    }

    fn body(&self) -> &[Piece] {
        &self.0[..self.0.len() - usize::from(self.repeats())]
    }

    /// Whether an argument matches, all of it.
    pub fn admits(&self, argument: &[u8], paths: Paths<'_>) -> bool {
        let mut reached = BTreeSet::from([0]);
        for piece in self.body() {
            let ends = reached.iter().flat_map(|start| {
                let fits = move |end: &usize| piece.admits(&argument[*start..*end], paths);
                (*start..=argument.len()).filter(fits)
            });
            reached = ends.collect();
        }
        reached.contains(&argument.len())
    }
}

impl Piece {
    fn admits(&self, part: &[u8], paths: Paths<'_>) -> bool {
        match self {
            Self::Literal(text) => part == text.as_bytes(),
            Self::Int => (1..=20).contains(&part.len()) && part.iter().all(u8::is_ascii_digit),
            Self::Word => is_word(part),
            Self::Path => paths.admits(part, paths.start(None).as_ref()),
            Self::Any => true,
            Self::OneOf(words) => words.iter().any(|word| word.as_bytes() == part),
        }
    }
}
