//! The part of the demonstration's policy whose programs are on this host.

use std::env;
use std::path::Path;

/// A policy without the rules for programs that this host lacks, and the names of these.
pub(super) struct Available {
    pub policy: String,
    pub missing: Vec<String>,
}

/// A policy whose program is missing is refused, as it should be; the demonstration goes on
/// without. What is left keeps its lines, which the transcript names.
pub(super) fn available(policy: &str) -> Available {
    let mut kept = String::new();
    let mut missing = Vec::new();
    for (index, rule) in policy.split("[[program]]").enumerate() {
        let name = rule
            .lines()
            .find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        match name {
            Some(name) if !is_on_path(name) => {
                missing.push(name.to_owned());
                kept.extend(rule.matches('\n'));
            }
            _ => {
                if index > 0 {
                    kept.push_str("[[program]]");
                }
                kept.push_str(rule);
            }
        }
    }
    Available {
        policy: kept,
        missing,
    }
}

fn is_on_path(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .filter(|entry| entry.is_absolute())
        .any(|entry| is_program(&entry.join(name)))
}

fn is_program(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
mod tests {
    use super::available;

    #[test]
    fn what_is_missing_is_left_out_and_the_rest_keeps_its_lines() {
        let policy = "confinement = \"none\"\n[[program]]\nname = \"no-such-program\"\nargs = []\n\n\
                      [[program]]\nname = \"sh\"\n";
        let found = available(policy);
        assert_eq!(found.missing, ["no-such-program"]);
        assert_eq!(
            found.policy,
            "confinement = \"none\"\n\n\n\n\n[[program]]\nname = \"sh\"\n"
        );
    }
}
