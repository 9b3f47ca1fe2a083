//! `--dir`: a directory of the host for the guest.

use offspring_policy::Preopen;
use std::path::PathBuf;
use std::str::FromStr;

/// `HOST[::GUEST[::ro]]`, as wasmtime's `--dir` has it, and more: `ro` makes it read-only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DirectoryArg {
    pub host: PathBuf,
    pub guest: String,
    pub writable: bool,
}

impl DirectoryArg {
    pub(crate) const VALUE_NAME: &str = "HOST[::GUEST[::ro]]";

    pub(crate) fn preopen(&self) -> Preopen {
        Preopen {
            guest: self.guest.clone(),
            host: self.host.clone(),
            writable: self.writable,
        }
    }
}

impl FromStr for DirectoryArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<_> = text.split("::").collect();
        let (host, guest, writable) = match parts[..] {
            [host] => (host, host, true),
            [host, guest] => (host, guest, true),
            [host, guest, "ro"] => (host, guest, false),
            [_, _, other] => {
                return Err(format!(
                    "`{other}` stands where only `ro` can: write HOST::GUEST::ro"
                ));
            }
            _ => return Err("write HOST, HOST::GUEST or HOST::GUEST::ro".to_owned()),
        };
        if host.is_empty() || guest.is_empty() {
            return Err("the name of a directory is missing: write HOST::GUEST".to_owned());
        }
        Ok(Self {
            host: host.into(),
            guest: guest.to_owned(),
            writable,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::DirectoryArg;

    fn parse(text: &str) -> Option<(String, String, bool)> {
        let directory: DirectoryArg = text.parse().ok()?;
        Some((
            directory.host.display().to_string(),
            directory.guest,
            directory.writable,
        ))
    }

    #[test]
    fn a_missing_name_or_an_unknown_right_is_refused() {
        for text in ["", "::/data", "a::", "a::b::rw", "a::b::ro::c"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_guest_sees_the_name_of_the_host_unless_told_otherwise() {
        assert_eq!(parse("src"), Some(("src".into(), "src".into(), true)));
        assert_eq!(
            parse("src::/data"),
            Some(("src".into(), "/data".into(), true))
        );
    }

    #[test]
    fn ro_makes_it_read_only() {
        assert_eq!(parse(".::.::ro"), Some((".".into(), ".".into(), false)));
    }
}
