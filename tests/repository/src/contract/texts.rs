//! The files of one generation.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use wit_parser::{PackageId, Resolve, SourceMap, UnresolvedPackageGroup};

/// The texts of one generation: the package's own files in memory, and where
/// the packages are that it builds on.
#[derive(Clone)]
pub struct Texts {
    files: BTreeMap<PathBuf, String>,
    deps: PathBuf,
}

impl Texts {
    /// Reads a generation, `0.2` or `0.3`, from the repository.
    pub fn read(generation: &str) -> anyhow::Result<Self> {
        let directory = crate::root().join("wit").join(generation);
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(&directory)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "wit") {
                files.insert(path.clone(), fs::read_to_string(&path)?);
            }
        }
        Ok(Self {
            files,
            deps: directory.join("deps"),
        })
    }

    /// A copy in which the first occurrence of `old` is `new`.
    ///
    /// # Panics
    ///
    /// Where `old` occurs in none of the files: the test that asked for the
    /// change would prove nothing.
    #[must_use]
    pub fn with(&self, old: &str, new: &str) -> Self {
        let mut changed = self.clone();
        let text = changed.files.values_mut().find(|text| text.contains(old));
        let text = text.unwrap_or_else(|| panic!("nothing in the contract says {old:?}"));
        *text = text.replacen(old, new, 1);
        changed
    }

    pub(super) fn resolve(&self) -> anyhow::Result<(Resolve, PackageId)> {
        let mut deps = Vec::new();
        for entry in fs::read_dir(&self.deps)? {
            deps.push(group(&entry?.path())?);
        }
        let mut resolve = Resolve::default();
        let main = parse(
            self.files
                .iter()
                .map(|(path, text)| (path.as_path(), text.clone())),
        )?;
        let package = resolve
            .push_groups(main, deps)
            .context("the contract does not resolve")?;
        Ok((resolve, package))
    }
}

fn group(path: &Path) -> anyhow::Result<UnresolvedPackageGroup> {
    if path.is_dir() {
        return UnresolvedPackageGroup::parse_dir(path);
    }
    parse([(path, fs::read_to_string(path)?)].into_iter())
}

fn parse<'a>(
    files: impl Iterator<Item = (&'a Path, String)>,
) -> anyhow::Result<UnresolvedPackageGroup> {
    let mut map = SourceMap::default();
    for (path, text) in files {
        map.push(path, text);
    }
    map.parse().map_err(|(map, error)| {
        let place = error.render(&map);
        anyhow::Error::from(error).context(place)
    })
}
