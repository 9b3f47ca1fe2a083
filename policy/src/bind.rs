//! The third stage: a policy tied to a guest's directories.

mod place;
mod profiles;

use crate::locate::{ChildPaths, Directories, Directory, Words};
use crate::pin::PinnedRule;
use crate::profile::{Confinement, Profile};
use crate::request::{GuestPath, ProgramRequest};
use crate::rule::Rules;
use crate::source::{Place, Source};
use crate::{GuestLimits, Lint, PolicyError, Problem, identity};
use profiles::Profiles;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A directory that a guest was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preopen {
    /// The guest's name for it: `.`, `/data`.
    pub guest: String,
    /// Where it is on the host.
    pub host: PathBuf,
    /// Whether the guest may change what is in it.
    pub writable: bool,
}

/// A policy tied to a guest: it decides.
///
/// Deciding is pure. No file is touched, so the same request always gets the same answer.
#[derive(Clone, Debug)]
pub struct BoundPolicy {
    pub(crate) rules: Arc<Rules<PinnedRule>>,
    pub(crate) directories: Arc<Directories>,
    /// What each program's children have, and the shell's.
    profiles: Arc<Profiles>,
}

impl BoundPolicy {
    /// Where a path of the guest leads, by its words alone: `.` and `..` are followed, the
    /// directory with the longest name wins, and what leads out of every directory is `None`.
    /// Links are the launcher's to follow, and to refuse where they lead outside.
    pub fn locate(&self, path: &str) -> Option<GuestPath> {
        self.directories.locate(path)
    }

    /// Where a child starts: in `cwd`, or else in the guest's directory `.`, or else in its
    /// first one. `None` where `cwd` leads outside, or the guest has no directories.
    pub fn locate_cwd(&self, cwd: Option<&str>) -> Option<GuestPath> {
        match cwd {
            Some(path) => self.locate(path),
            None => self.directories.default_cwd(),
        }
    }

    /// How children are confined.
    pub fn confinement(&self) -> Confinement {
        self.rules.confinement
    }

    /// The bounds of the guest.
    pub fn guest_limits(&self) -> GuestLimits {
        self.rules.limits
    }

    /// What the policy says and perhaps should not.
    pub fn lints(&self) -> &[Lint] {
        &self.rules.lints
    }

    /// What the children of a program have, for which there is a rule.
    pub(crate) fn profile(&self, program: &ProgramRequest) -> Option<Arc<Profile>> {
        match program {
            ProgramRequest::Named(name) => self.profiles.programs.get(name).cloned(),
            ProgramRequest::Shell(_) => self.profiles.shell.clone(),
        }
    }

    /// The directories as a child that starts in `cwd` reaches them.
    pub(crate) fn child_paths<'a>(&'a self, cwd: Option<&'a GuestPath>) -> ChildPaths<'a> {
        ChildPaths {
            directories: &self.directories,
            cwd,
            confinement: self.rules.confinement,
        }
    }
}

pub(crate) fn bind(
    rules: Arc<Rules<PinnedRule>>,
    preopens: &[Preopen],
) -> Result<BoundPolicy, PolicyError> {
    let directories = directories(preopens)?;
    let pinned = || rules.programs.values().chain(&rules.shell);
    pinned().try_for_each(|pinned| check_way(pinned, &directories))?;
    if rules.confinement == Confinement::Namespace {
        place::check(&rules, &directories)?;
    }
    let bound = BoundPolicy {
        profiles: Arc::new(Profiles::new(&rules, &directories)?),
        directories: Arc::new(directories),
        rules: Arc::clone(&rules),
    };
    let start = bound.locate_cwd(None);
    // Without a directory there are no paths, and examples of them mean nothing.
    if start.is_some() {
        let paths = bound.child_paths(start.as_ref());
        pinned().try_for_each(|pinned| pinned.rule.check_examples(&paths))?;
    }
    Ok(bound)
}

fn directories(preopens: &[Preopen]) -> Result<Directories, PolicyError> {
    let mut all = Vec::<Directory>::new();
    for preopen in preopens {
        let fault = |problem| PolicyError::new(place(preopen), problem);
        let name = if preopen.guest.is_empty() {
            "."
        } else {
            &preopen.guest
        };
        let bad_name = || fault(Problem::BadDirectoryName(preopen.guest.clone()));
        let name = Words::of(name).ok_or_else(bad_name)?;
        if all.iter().any(|other| other.name == name) {
            return Err(fault(Problem::DuplicateDirectory(preopen.guest.clone())));
        }
        let bad = |error| {
            fault(Problem::BadDirectory {
                path: preopen.host.clone(),
                error,
            })
        };
        let host = std::fs::canonicalize(&preopen.host).map_err(bad)?;
        let metadata = std::fs::metadata(&host).map_err(bad)?;
        let by_name = name.absolute.then(|| std::fs::canonicalize(&preopen.guest));
        let same_on_host = matches!(by_name, Some(Ok(found)) if found == host);
        all.push(Directory {
            name,
            host,
            file: identity::file(&metadata),
            writable: preopen.writable,
            same_on_host,
        });
    }
    Ok(Directories { all })
}

/// Errors about a directory name it, since no file does.
fn place(preopen: &Preopen) -> Place {
    Source::label(Path::new(&format!("directory {}", preopen.guest))).whole()
}

/// Refuses a program that the guest could replace, or could have replaced before it was found.
fn check_way(pinned: &PinnedRule, directories: &Directories) -> Result<(), PolicyError> {
    let writable = directories
        .all
        .iter()
        .filter(|directory| directory.writable);
    for directory in writable {
        let Some(step) = pinned.way.iter().find(|step| directory.holds(step)) else {
            continue;
        };
        let problem = Problem::WritableProgram {
            name: pinned.rule.name.clone(),
            file: step.path.clone(),
            directory: directory.host.clone(),
        };
        return Err(PolicyError::new(pinned.rule.place.clone(), problem));
    }
    Ok(())
}
