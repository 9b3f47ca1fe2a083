//! Words of a guest, made fit to print.

use std::borrow::Cow;
use std::fmt;

/// The most characters of a word that are printed.
const PRINTED: usize = 200;

/// A word as a person would type it, quoted where it must be, cut where it is long, and with
/// nothing that could move a terminal's cursor.
pub(crate) fn quoted(word: &[u8]) -> impl fmt::Display + use<> {
    let text = String::from_utf8_lossy(word);
    let plain =
        |character: char| character.is_alphanumeric() || "-_=+./:,@%{}|~^".contains(character);
    if !text.is_empty() && text.chars().count() <= PRINTED && text.chars().all(plain) {
        return text.into_owned();
    }
    let mut shown: String = text.chars().take(PRINTED).flat_map(escaped).collect();
    if text.chars().count() > PRINTED {
        shown.push('…');
    }
    format!("'{shown}'")
}

fn escaped(character: char) -> impl Iterator<Item = char> {
    let shown: Cow<'static, str> = match character {
        '\'' => "\\'".into(),
        ' '..='~' => character.to_string().into(),
        _ if character.is_alphanumeric() => character.to_string().into(),
        _ => character.escape_default().to_string().into(),
    };
    shown.chars().collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_escapes_and_direction_marks_are_never_printed() {
        let word = "\u{1b}[31m\u{202e}\n";
        assert_eq!(
            quoted(word.as_bytes()).to_string(),
            r"'\u{1b}[31m\u{202e}\n'"
        );
    }

    #[test]
    fn long_words_are_cut() {
        assert!(quoted(&vec![b'a'; 100_000]).to_string().chars().count() < PRINTED + 10);
    }

    #[test]
    fn ordinary_words_are_printed_as_they_are() {
        assert_eq!(
            quoted(b"--max-count={int}").to_string(),
            "--max-count={int}"
        );
        assert_eq!(quoted(b"two words").to_string(), "'two words'");
        assert_eq!(quoted(b"").to_string(), "''");
    }
}
