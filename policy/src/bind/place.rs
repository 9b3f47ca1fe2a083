//! Whether the guest's directories have a place in the world of its children.

use super::place as label;
use crate::locate::{Directories, Directory};
use crate::pin::PinnedRule;
use crate::rule::Rules;
use crate::view::{self, place_in_child};
use crate::{PolicyError, Preopen, Problem};
use std::path::{Path, PathBuf};

/// Refuse directories that would cover what children need, that would lie in it, or that lie in
/// each other where there is nothing to mount them on.
pub(super) fn check(
    rules: &Rules<PinnedRule>,
    directories: &Directories,
) -> Result<(), PolicyError> {
    let pinned = || rules.programs.values().chain(&rules.shell);
    if pinned().next().is_none() {
        return Ok(());
    }
    let taken = taken(pinned());
    let tmp = pinned().any(|pinned| pinned.rule.grants.tmp.is_some());
    for directory in &directories.all {
        let place = PathBuf::from(place_in_child(&directory.name.text()));
        let fault = |problem| PolicyError::new(label_of(directory), problem);
        let mut taken = taken.iter();
        let other = taken
            .find(|other| place.starts_with(other) || other.starts_with(&place))
            .cloned()
            .or_else(|| (tmp && place == Path::new(view::TMP)).then(|| place.clone()));
        if let Some(other) = other {
            return Err(fault(Problem::InTheWay {
                name: directory.name.text(),
                other,
            }));
        }
        if let Some((outer, beneath)) = outer(directories, directory, &place) {
            if beneath.as_os_str().is_empty() {
                return Err(fault(Problem::InTheWay {
                    name: directory.name.text(),
                    other: place,
                }));
            }
            let missing = outer.host.join(beneath);
            // A link would lead the mount elsewhere.
            let there = std::fs::symlink_metadata(&missing).is_ok_and(|found| found.is_dir());
            if !there {
                return Err(fault(Problem::NoPlaceForDirectory {
                    name: directory.name.text(),
                    outer: outer.name.text(),
                    missing,
                }));
            }
        }
    }
    Ok(())
}

/// What is in the world in any case.
fn taken<'a>(pinned: impl Iterator<Item = &'a PinnedRule>) -> Vec<PathBuf> {
    let usual = view::RUNTIME_DIRECTORIES.iter().chain(view::RESERVED);
    let shown = pinned.flat_map(|pinned| &pinned.runtime);
    let shown = shown.flat_map(|place| [place.name.clone(), place.path.clone()]);
    usual.map(PathBuf::from).chain(shown).collect()
}

/// The innermost other directory in which one lies, and where in it.
fn outer<'a>(
    directories: &'a Directories,
    inner: &Directory,
    place: &Path,
) -> Option<(&'a Directory, PathBuf)> {
    let others = directories
        .all
        .iter()
        .filter(|other| other.name != inner.name);
    let holding = others.filter_map(|other| {
        let outer = PathBuf::from(place_in_child(&other.name.text()));
        let beneath = place.strip_prefix(&outer).ok()?;
        Some((other, beneath.to_owned()))
    });
    holding.min_by_key(|(_, beneath)| beneath.as_os_str().len())
}

fn label_of(directory: &Directory) -> crate::Place {
    label(&Preopen {
        guest: directory.name.text(),
        host: directory.host.clone(),
        writable: directory.writable,
    })
}
