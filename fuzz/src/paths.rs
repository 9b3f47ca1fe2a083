//! Where paths of a guest lead, and which arguments are paths, by POLICY.md and not by the code.

use crate::host::Directory;

/// A place: which of the guest's directories, and the path beneath it.
pub type Place = (usize, String);

/// The guest's directories as the oracle sees them.
#[derive(Clone, Copy, Debug)]
pub struct Paths<'a> {
    /// The directories, in the order in which they were bound.
    pub directories: &'a [Directory],
    /// Whether children see them by the guest's names.
    pub by_guest_names: bool,
}

impl Paths<'_> {
    /// Where `path` leads.
    pub fn locate(&self, path: &str) -> Option<Place> {
        let (absolute, words) = normal(path)?;
        self.locate_as(&words, absolute)
            .or_else(|| self.locate_as(&words, !absolute))
    }

    /// Where a child starts.
    pub fn start(&self, cwd: Option<&str>) -> Option<Place> {
        if let Some(path) = cwd {
            return self.locate(path);
        }
        let here = self.directories.iter().position(|it| it.name == ".");
        let first = (!self.directories.is_empty()).then_some(0);
        Some((here.or(first)?, ".".to_owned()))
    }

    /// Whether `argument` is what `{path}` admits, for a child that starts in `cwd`.
    pub fn admits(&self, argument: &[u8], cwd: Option<&Place>) -> bool {
        let Ok(path) = std::str::from_utf8(argument) else {
            return false;
        };
        if !is_word(argument) {
            return false;
        }
        let colon = path.find(':').unwrap_or(path.len());
        if colon < path.find('/').unwrap_or(path.len()) {
            return false;
        }
        if !path.starts_with('/') {
            return cwd.is_some_and(|(_, start)| normal(&format!("{start}/{path}")).is_some());
        }
        let place = normal(path).and_then(|(_, words)| self.locate_as(&words, true));
        place.is_some_and(|(index, _)| self.by_guest_names || self.directories[index].same_on_host)
    }

    fn locate_as(&self, words: &str, absolute: bool) -> Option<Place> {
        let mut best: Option<(usize, Place)> = None;
        for (index, directory) in self.directories.iter().enumerate() {
            let Some((true, name)) =
                normal(&directory.name).map(|(is, name)| (is == absolute, name))
            else {
                continue;
            };
            let rest = if name.is_empty() {
                Some(words)
            } else if words == name {
                Some("")
            } else {
                words
                    .strip_prefix(&name)
                    .and_then(|rest| rest.strip_prefix('/'))
            };
            let Some(rest) = rest else { continue };
            let rest = if rest.is_empty() { "." } else { rest };
            if best.as_ref().is_none_or(|(length, _)| name.len() > *length) {
                best = Some((name.len(), (index, rest.to_owned())));
            }
        }
        best.map(|(_, place)| place)
    }
}

/// Whether `argument` is what `{word}` admits.
pub fn is_word(argument: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(argument) else {
        return false;
    };
    !text.is_empty()
        && !text.starts_with(['-', '+', '@'])
        && !text
            .chars()
            .any(|it| matches!(it, '\0'..='\x1f' | '\x7f'..='\u{9f}'))
}

/// Whether a path is beneath a directory, without `..`, and written in one way only.
pub fn is_beneath(path: &str) -> bool {
    let written = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\0');
    path == "." || path.split('/').all(written)
}

/// Whether a path is absolute, and its components. `None` where it is no path, or climbs above
/// where it starts.
fn normal(path: &str) -> Option<(bool, String)> {
    if path.is_empty() || path.contains('\0') {
        return None;
    }
    let mut words = String::new();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        if part == ".." {
            if words.is_empty() {
                return None;
            }
            words.truncate(words.rfind('/').unwrap_or(0));
        } else {
            if !words.is_empty() {
                words.push('/');
            }
            words.push_str(part);
        }
    }
    Some((path.starts_with('/'), words))
}
