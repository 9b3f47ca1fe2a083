//! Whether the guest's directories have a place in the world of its children.

use super::profiles::Profiles;
use crate::locate::{Directories, Directory};
use crate::pin::PinnedRule;
use crate::profile::Profile;
use crate::rule::{Rule, Rules};
use crate::source::{Place, Source};
use crate::{PolicyError, Problem, view};
use std::fs;
use std::path::{Path, PathBuf};

/// Refuses directories that would cover what children need, that would lie in it, or that lie in
/// each other where there is nothing to mount them on.
pub(super) fn check(
    rules: &Rules<PinnedRule>,
    profiles: &Profiles,
    directories: &Directories,
) -> Result<(), PolicyError> {
    // A guest that launches nothing has no children to show anything to.
    if profiles.iter().next().is_none() {
        return Ok(());
    }
    let pinned = rules.programs.values().chain(&rules.shell);
    let mut both = pinned.zip(profiles.iter());
    both.try_for_each(|(pinned, profile)| check_tmp(&pinned.rule, profile))?;
    let taken = taken(profiles);
    for directory in &directories.all {
        let checked =
            check_free(directory, &taken).and_then(|()| check_outer(directory, directories));
        checked.map_err(|problem| PolicyError::new(label(&directory.guest), problem))?;
    }
    Ok(())
}

/// Errors about a directory name it, since no file does.
pub(super) fn label(guest: &str) -> Place {
    Source::label(Path::new(&format!("directory {guest}"))).whole()
}

/// A private `/tmp` is mounted over what of the host's would be there.
fn check_tmp(rule: &Rule, profile: &Profile) -> Result<(), PolicyError> {
    let Some(place) = &rule.granted.tmp else {
        return Ok(());
    };
    let paths = profile
        .runtime
        .iter()
        .flat_map(|shown| [&shown.name, &shown.path]);
    let mut hidden = paths.filter(|path| {
        let mut private = [view::TMP, view::SHARED_MEMORY].into_iter();
        private.any(|directory| path.starts_with(directory))
    });
    match hidden.next() {
        Some(path) => Err(PolicyError::new(
            place.clone(),
            Problem::HiddenByTmp(path.clone()),
        )),
        None => Ok(()),
    }
}

/// What is in the world in any case.
#[derive(Default)]
struct Taken {
    /// Nothing of the guest's can be above these, or in them.
    trees: Vec<PathBuf>,
    /// Nothing of the guest's can be here.
    places: Vec<PathBuf>,
}

fn taken(profiles: &Profiles) -> Taken {
    let mut taken = Taken::default();
    let usual = view::RUNTIME_DIRECTORIES.iter().chain(view::MADE);
    taken.trees.extend(usual.map(PathBuf::from));
    for profile in profiles.iter() {
        let shown = profile.runtime.iter();
        let paths = shown.flat_map(|shown| [&shown.name, &shown.path]);
        taken.trees.extend(paths.cloned());
        taken.places.extend(profile.tmp.map(|_| view::TMP.into()));
    }
    taken
}

fn check_free(directory: &Directory, taken: &Taken) -> Result<(), Problem> {
    let place = &directory.place;
    let trees = taken.trees.iter();
    let mut in_the_way = trees
        .filter(|tree| place.starts_with(tree) || tree.starts_with(place))
        .chain(taken.places.iter().filter(|taken| *taken == place));
    match in_the_way.next() {
        Some(other) => Err(Problem::InTheWay {
            name: directory.guest.clone(),
            other: other.clone(),
        }),
        None => Ok(()),
    }
}

/// Looks at the innermost other directory in which one lies.
fn check_outer(inner: &Directory, directories: &Directories) -> Result<(), Problem> {
    let others = directories
        .all
        .iter()
        .filter(|other| other.name != inner.name);
    let holding = others.filter(|other| inner.place.starts_with(&other.place));
    let Some(outer) = holding.max_by_key(|other| other.place.components().count()) else {
        return Ok(());
    };
    // A relative name and an absolute one are never one within the other for the guest.
    if outer.place == inner.place || outer.name.absolute != inner.name.absolute {
        return Err(Problem::SamePlace {
            name: inner.guest.clone(),
            other: outer.guest.clone(),
        });
    }
    let beneath = inner.place.strip_prefix(&outer.place);
    let mut reached = outer.host.clone();
    for component in beneath.into_iter().flatten() {
        reached.push(component);
        // Through a link, the mount would be elsewhere.
        let found = fs::symlink_metadata(&reached);
        if !found.is_ok_and(|found| found.is_dir()) {
            return Err(Problem::NoPlaceForDirectory {
                name: inner.guest.clone(),
                outer: outer.guest.clone(),
                missing: reached,
            });
        }
    }
    Ok(())
}
