//! The files that the rules are about.

use std::fs;
use std::io;
use std::path::Path;

/// A text file of the repository.
pub struct Source {
    /// Its path from the root, with `/` between the parts.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// What is not ours to keep tidy: made by tools, or the words of others.
const NOT_OURS: &[&str] = &[
    ".git",
    "target",
    "node_modules",
    "__pycache__",
    ".venv",
    "Cargo.lock",
    "LICENSE-APACHE",
    "wit/0.2/deps",
    "wit/0.3/deps",
];

/// Every text file beneath `root` that is ours.
pub fn sources(root: &Path) -> io::Result<Vec<Source>> {
    let mut found = Vec::new();
    visit(root, "", &mut found)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn visit(directory: &Path, prefix: &str, found: &mut Vec<Source>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = format!("{prefix}{name}");
        if NOT_OURS
            .iter()
            .any(|not_ours| *not_ours == path || *not_ours == name)
        {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            visit(&entry.path(), &format!("{path}/"), found)?;
        } else if kind.is_file() {
            // What is not text, such as an image, has no lines to look at.
            found.extend(
                fs::read_to_string(entry.path())
                    .ok()
                    .map(|text| Source { path, text }),
            );
        }
    }
    Ok(())
}
