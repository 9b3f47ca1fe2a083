//! Files that no guest is given.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A small tree beside the guests' directories, and how it was.
pub(super) struct Canary {
    directory: TempDir,
    before: BTreeMap<PathBuf, String>,
}

impl Canary {
    pub(super) fn new() -> Self {
        let directory = TempDir::with_prefix("canary-").expect("a temporary directory can be made");
        let root = directory.path();
        fs::create_dir(root.join("empty")).expect("a directory can be made");
        fs::write(root.join("secret"), "not for guests\n").expect("a file can be written");
        symlink("secret", root.join("link")).expect("a link can be made");
        let before = look(root);
        Self { directory, before }
    }

    /// What is different now.
    pub(super) fn changes(&self) -> Vec<String> {
        let now = look(self.directory.path());
        let paths = self
            .before
            .keys()
            .chain(now.keys().filter(|path| !self.before.contains_key(*path)));
        let changed = paths.filter(|path| self.before.get(*path) != now.get(*path));
        changed
            .map(|path| {
                format!(
                    "{}: {:?}, was {:?}",
                    path.display(),
                    now.get(path),
                    self.before.get(path)
                )
            })
            .collect()
    }
}

/// Each file with all that a write, a chmod, a touch or a rename would change.
fn look(path: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let data = fs::symlink_metadata(path).expect("the canary can be seen");
    let contents = if data.is_file() {
        fs::read(path).expect("the canary can be read")
    } else {
        Vec::new()
    };
    let what = format!(
        "inode {} mode {:o} owner {} changed {}.{:09} holds {}",
        data.ino(),
        data.mode(),
        data.uid(),
        data.ctime(),
        data.ctime_nsec(),
        contents.escape_ascii(),
    );
    found.insert(path.to_owned(), what);
    if data.is_dir() {
        for entry in fs::read_dir(path).expect("the canary can be read") {
            found.extend(look(&entry.expect("the canary can be read").path()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untouched_canary_has_no_changes() {
        assert_eq!(Canary::new().changes(), Vec::<String>::new());
    }

    #[test]
    fn a_written_a_new_and_a_removed_file_are_found() {
        let canary = Canary::new();
        let root = canary.directory.path();
        fs::write(root.join("secret"), "taken").unwrap();
        fs::write(root.join("empty/new"), "").unwrap();
        fs::remove_file(root.join("link")).unwrap();
        let changes = canary.changes().join("\n");
        for path in ["secret", "empty/new", "link"] {
            assert!(
                changes.contains(&format!("/{path}: ")),
                "{path} not in {changes}"
            );
        }
    }
}
