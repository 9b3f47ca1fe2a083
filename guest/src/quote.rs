//! Quoting for the shell.

use crate::{Error, OsBytes, Part, Result};

/// Quote one word, so that a shell reads it as that word and nothing else.
///
/// ```
/// # use offspring::quote;
/// assert_eq!(quote("two words")?, "'two words'");
/// assert_eq!(quote("it's; rm -rf /")?, "\"it's; rm -rf /\"");
/// # Ok::<(), offspring::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::InvalidArgument`] if the word holds a NUL byte, which no argument
/// can. Bytes that are no text belong in [`quote_bytes`].
pub fn quote(word: &str) -> Result<String> {
    match shlex::try_quote(word) {
        Ok(quoted) => Ok(quoted.into_owned()),
        Err(_) => Err(Error::InvalidArgument(Part::Arguments)),
    }
}

/// Quote one word of any bytes, as [`quote`] does text.
///
/// # Errors
///
/// [`Error::InvalidArgument`] if the word holds a NUL byte.
pub fn quote_bytes(word: impl OsBytes) -> Result<Vec<u8>> {
    match shlex::bytes::try_quote(word.os_bytes()) {
        Ok(quoted) => Ok(quoted.into_owned()),
        Err(_) => Err(Error::InvalidArgument(Part::Arguments)),
    }
}

/// Quote words and join them with spaces, so that a shell reads these words and
/// nothing else.
///
/// ```
/// # use offspring::join;
/// assert_eq!(join(["git", "commit", "-m", "a b"])?, "git commit -m 'a b'");
/// # Ok::<(), offspring::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::InvalidArgument`] if a word holds a NUL byte.
pub fn join<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<String> {
    match shlex::try_join(words) {
        Ok(line) => Ok(line),
        Err(_) => Err(Error::InvalidArgument(Part::Arguments)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_byte_is_refused() {
        assert_eq!(quote("a\0b"), Err(Error::InvalidArgument(Part::Arguments)));
        assert_eq!(
            quote_bytes(b"a\0"),
            Err(Error::InvalidArgument(Part::Arguments))
        );
        assert_eq!(
            join(["a", "\0"]),
            Err(Error::InvalidArgument(Part::Arguments))
        );
    }

    #[test]
    fn what_is_quoted_splits_back_into_the_same_words() {
        for word in [
            "",
            "plain",
            "two words",
            "$HOME `id` \"x\"",
            "it's",
            "a\nb",
            "*?[",
            "!x",
            "-n",
        ] {
            let line = join(["echo", word]).expect("no NUL");
            assert_eq!(
                shlex::split(&line),
                Some(vec!["echo".into(), word.to_owned()]),
                "{line}"
            );
        }
    }

    #[test]
    fn bytes_that_are_no_text_survive() {
        let quoted = quote_bytes(b"\xff z").expect("no NUL");
        assert!(quoted.windows(2).any(|it| it == b"\xff "));
    }
}
