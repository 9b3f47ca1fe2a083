//! Patterns, and arguments that match or nearly do.

use crate::oracle::{Pattern, Piece};
use arbitrary::{Result, Unstructured};

const LITERALS: &[&str] = &[
    "-", "--file=", ":", "...", ".", "{", "}", "^", "$", "[a", "\\", "(?i)", "#", " ", "é", "|",
    "*",
];
const WORDS: &[&str] = &[
    "a", "one", "-r", ".*", "[", "(", "x ", "é", "\\d", "int", "a.b",
];
const SAMPLES: &[&str] = &[
    "1",
    "007",
    "123456789012345678901",
    "word",
    "-x",
    "+",
    "@",
    "a b",
    "\n",
    "\u{85}",
    "é",
    "",
    "a/b",
    "..",
    "a/../..",
    "/offered/x",
    "/offered/../x",
    "/etc",
    "host:a",
    "./a:b",
    ":",
    "...",
    "٣",
];

/// The longest argument, because the oracle takes its time.
const ARGUMENT: usize = 48;

/// A pattern.
pub fn pattern(input: &mut Unstructured<'_>) -> Result<Pattern> {
    let count = input.int_in_range(0..=4)?;
    let pieces = (0..count)
        .map(|_| piece(input))
        .collect::<Result<Vec<_>>>()?;
    Ok(Pattern(joined(pieces)))
}

/// Literals side by side are one.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut all = Vec::<Piece>::new();
    for piece in pieces {
        match (all.last_mut(), piece) {
            (Some(Piece::Literal(text)), Piece::Literal(more)) => text.push_str(&more),
            (_, piece) => all.push(piece),
        }
    }
    all
}

fn piece(input: &mut Unstructured<'_>) -> Result<Piece> {
    Ok(match input.int_in_range(0..=7)? {
        0 => Piece::Int,
        1 => Piece::Word,
        2 => Piece::Path,
        3 => Piece::Any,
        4 => Piece::OneOf(words(input)?),
        5 => {
            let text: String = input.arbitrary()?;
            let kept = |it: &char| *it != '\0';
            let text: String = text.chars().filter(kept).take(16).collect();
            Piece::Literal(if text.is_empty() {
                "-".to_owned()
            } else {
                text
            })
        }
        _ => Piece::Literal((*input.choose(LITERALS)?).to_owned()),
    })
}

fn words(input: &mut Unstructured<'_>) -> Result<Vec<String>> {
    let count = input.int_in_range(2..=3)?;
    let word = |input: &mut Unstructured<'_>| Ok((*input.choose(WORDS)?).to_owned());
    (0..count).map(|_| word(input)).collect()
}

/// Arguments for it: mostly one.
pub fn arguments(input: &mut Unstructured<'_>, pattern: &Pattern) -> Result<Vec<Vec<u8>>> {
    let count = match input.ratio(1, 4)? {
        true => input.int_in_range(0..=3)?,
        false => 1,
    };
    (0..count).map(|_| argument(input, pattern)).collect()
}

fn argument(input: &mut Unstructured<'_>, pattern: &Pattern) -> Result<Vec<u8>> {
    let mut argument = Vec::new();
    for piece in &pattern.0 {
        match piece {
            _ if input.ratio(1, 8)? => argument.extend(input.arbitrary::<Vec<u8>>()?),
            Piece::Literal(text) => argument.extend(text.as_bytes()),
            Piece::OneOf(words) if !input.ratio(1, 4)? => {
                argument.extend(input.choose(words)?.as_bytes());
            }
            _ => argument.extend(input.choose(SAMPLES)?.as_bytes()),
        }
    }
    argument.truncate(ARGUMENT);
    Ok(argument)
}
