//! Where a rule was written.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where in a policy something stands: its file, and the line and column in it. What was not
/// read from a file has a label only, such as `--allow`.
///
/// It prints as `policy.toml:3:8`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    origin: Arc<Path>,
    position: Option<(usize, usize)>,
}

impl Place {
    /// The file, or a label.
    pub fn origin(&self) -> &Path {
        &self.origin
    }

    /// The line, counted from 1.
    pub fn line(&self) -> Option<usize> {
        self.position.map(|(line, _)| line)
    }

    /// The column in characters, counted from 1.
    pub fn column(&self) -> Option<usize> {
        self.position.map(|(_, column)| column)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.origin.display())?;
        match self.position {
            Some((line, column)) => write!(f, ":{line}:{column}"),
            None => Ok(()),
        }
    }
}

/// The text that a policy is read from, which turns byte ranges into places.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    origin: Arc<Path>,
    text: Option<&'a str>,
}

impl<'a> Source<'a> {
    /// A file.
    pub(crate) fn file(origin: PathBuf, text: &'a str) -> Self {
        Self {
            origin: origin.into(),
            text: Some(text),
        }
    }

    /// Something without lines.
    pub(crate) fn label(origin: &Path) -> Self {
        Self {
            origin: origin.into(),
            text: None,
        }
    }

    /// The place where `span` begins.
    pub(crate) fn place(&self, span: Range<usize>) -> Place {
        let position = self.text.map(|text| position(text, span.start));
        Place {
            origin: Arc::clone(&self.origin),
            position,
        }
    }

    /// The whole of it.
    pub(crate) fn whole(&self) -> Place {
        self.place(0..0)
    }
}

fn position(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_start_at_one() {
        let source = Source::file("p.toml".into(), "aé\nbü = 1");
        assert_eq!(source.whole().to_string(), "p.toml:1:1");
        let offset = "aé\nbü".len();
        assert_eq!(source.place(offset..offset).to_string(), "p.toml:2:3");
    }

    #[test]
    fn a_label_has_no_line() {
        let place = Source::label(Path::new("--allow")).whole();
        assert_eq!(
            (place.line(), place.to_string().as_str()),
            (None, "--allow")
        );
    }
}
