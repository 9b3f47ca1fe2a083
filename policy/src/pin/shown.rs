//! Finding what a rule shows to children.

use crate::profile::PinnedPlace;
use crate::resolve::{Waypoint, failure, resolve};
use crate::rule::Rule;
use crate::{PolicyError, Problem, identity, view};
use std::path::{Component, Path};

/// A file or directory of the host that is shown to children.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub place: PinnedPlace,
    /// What it is reached through.
    pub way: Vec<Waypoint>,
}

/// Finds what a rule shows.
pub(super) fn find(rule: &Rule) -> Result<Vec<Shown>, PolicyError> {
    let written = rule.grants.runtime.iter().zip(&rule.granted.runtime);
    let shown = written.map(|(path, place)| {
        Shown::at(path).map_err(|problem| PolicyError::new(place.clone(), problem))
    });
    shown.collect()
}

impl Shown {
    fn at(written: &Path) -> Result<Self, Problem> {
        let resolved = resolve(written)?;
        let path = resolved.path;
        if !view::can_be_shown(&path) {
            return Err(Problem::NotRuntime(path));
        }
        let metadata = std::fs::symlink_metadata(&path).map_err(|error| failure(written, error))?;
        let file = match identity::file(&metadata) {
            Some(file) if metadata.is_file() || metadata.is_dir() => file,
            _ => return Err(Problem::NoRuntime(path)),
        };
        let climbs = written
            .components()
            .any(|part| part == Component::ParentDir);
        Ok(Self {
            place: PinnedPlace {
                name: if climbs { path.clone() } else { written.into() },
                file,
                directory: metadata.is_dir(),
                path,
            },
            way: resolved.way,
        })
    }
}
