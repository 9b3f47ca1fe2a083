//! Names of interfaces with versions: `wasi:cli/run@0.2.6`.

/// An interface's name, and its version if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InterfaceName<'a> {
    /// `wasi:cli/run`.
    pub path: &'a str,
    /// `0.2.6`, or nothing.
    pub version: &'a str,
}

impl<'a> InterfaceName<'a> {
    pub(crate) fn parse(name: &'a str) -> Self {
        let (path, version) = name.split_once('@').unwrap_or((name, ""));
        Self { path, version }
    }

    /// `wasi:cli`.
    pub(crate) fn package(&self) -> &'a str {
        self.path
            .split_once('/')
            .map_or(self.path, |(package, _)| package)
    }

    /// The release that this version belongs to, such as `0.2`: what is alike in it fits together.
    /// Drafts (`0.3.0-rc-…`) belong to none, since each differs from the next.
    pub(crate) fn release(&self) -> Option<&'a str> {
        if self.version.contains('-') {
            return None;
        }
        let mut dots = self.version.match_indices('.').map(|(at, _)| at);
        let (major, minor) = (dots.next()?, dots.next()?);
        let end = if &self.version[..major] == "0" {
            minor
        } else {
            major
        };
        Some(&self.version[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::InterfaceName;

    fn release(name: &str) -> Option<&str> {
        InterfaceName::parse(name).release()
    }

    #[test]
    fn a_draft_and_a_name_without_a_version_belong_to_no_release() {
        assert_eq!(release("wasi:cli/run@0.3.0-rc-2026-01-06"), None);
        assert_eq!(release("wasi:cli/run"), None);
    }

    #[test]
    fn a_release_is_what_semantic_versions_keep_compatible() {
        assert_eq!(release("wasi:cli/run@0.2.99"), Some("0.2"));
        assert_eq!(release("acme:db/store@1.4.2"), Some("1"));
    }
}
