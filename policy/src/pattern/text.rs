//! The text of a pattern, cut into pieces.

use super::PatternError;

/// A part of a pattern. Two literals never stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(String),
    Slot(Slot),
}

/// What stands between braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Int,
    Word,
    Path,
    Any,
    OneOf(Vec<String>),
    Regex(String),
}

/// Cuts a pattern into its pieces.
pub(super) fn pieces(mut rest: &str) -> Result<Vec<Piece>, PatternError> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    while let Some(brace) = rest.find(['{', '}']) {
        literal.push_str(&rest[..brace]);
        rest = &rest[brace..];
        if let Some(after) = rest.strip_prefix("{{") {
            literal.push('{');
            rest = after;
        } else if let Some(after) = rest.strip_prefix("}}") {
            literal.push('}');
            rest = after;
        } else {
            let (slot, after) = slot(rest)?;
            if !literal.is_empty() {
                pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            }
            pieces.push(Piece::Slot(slot));
            rest = after;
        }
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

/// Whether the last piece is a slot.
pub(super) fn ends_with_slot(text: &str) -> Result<bool, PatternError> {
    Ok(matches!(pieces(text)?.last(), Some(Piece::Slot(_))))
}

/// Reads the slot that `text` begins with, and returns what follows it.
fn slot(text: &str) -> Result<(Slot, &str), PatternError> {
    let inner = text.strip_prefix('{').ok_or(PatternError::Unopened)?;
    if let Some(regex) = inner.strip_prefix('/') {
        let (regex, after) = regex.split_once("/}").ok_or(PatternError::UnclosedRegex)?;
        return Ok((Slot::Regex(regex.to_owned()), after));
    }
    let (name, after) = inner.split_once('}').ok_or(PatternError::Unclosed)?;
    let slot = match name {
        "int" => Slot::Int,
        "word" => Slot::Word,
        "path" => Slot::Path,
        "any" => Slot::Any,
        _ if name.contains('{') => return Err(PatternError::Unclosed),
        _ if name.contains('|') => one_of(name)?,
        _ => return Err(PatternError::UnknownSlot(name.to_owned())),
    };
    Ok((slot, after))
}

fn one_of(name: &str) -> Result<Slot, PatternError> {
    let words: Vec<_> = name.split('|').map(str::to_owned).collect();
    if words.iter().any(String::is_empty) {
        return Err(PatternError::EmptyAlternative(name.to_owned()));
    }
    Ok(Slot::OneOf(words))
}
