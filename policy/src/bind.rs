//! The third stage: a policy tied to a guest's directories.

mod place;
mod profiles;

use crate::locate::{ChildPaths, Directories, Directory, Words};
use crate::pin::PinnedRule;
use crate::profile::Confinement;
use crate::request::GuestPath;
use crate::rule::Rules;
use crate::{GuestLimits, Lint, PolicyError, Problem, identity, view};
use place::label;
use profiles::Profiles;
use std::path::PathBuf;
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
    pub(crate) profiles: Arc<Profiles>,
    confinement: Confinement,
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
        self.confinement
    }

    /// The bounds of the guest.
    pub fn guest_limits(&self) -> GuestLimits {
        self.rules.limits
    }

    /// What the policy says and perhaps should not.
    pub fn lints(&self) -> &[Lint] {
        &self.rules.lints
    }

    /// The directories as a child that starts in `cwd` reaches them.
    pub(crate) fn child_paths<'a>(&'a self, cwd: Option<&'a GuestPath>) -> ChildPaths<'a> {
        ChildPaths {
            directories: &self.directories,
            cwd,
            confinement: self.confinement,
        }
    }
}

pub(crate) fn bind(
    rules: Arc<Rules<PinnedRule>>,
    confinement: Confinement,
    preopens: &[Preopen],
) -> Result<BoundPolicy, PolicyError> {
    let directories = directories(preopens)?;
    let pinned = || rules.programs.values().chain(&rules.shell);
    pinned().try_for_each(|pinned| check_way(pinned, &directories))?;
    pinned().try_for_each(|pinned| check_runtime(pinned, &directories))?;
    let profiles = Profiles::new(&rules, confinement, &directories)?;
    profiles.check_executable(&rules, &directories)?;
    if confinement == Confinement::Namespace {
        place::check(&rules, &profiles, &directories)?;
    }
    let bound = BoundPolicy {
        profiles: Arc::new(profiles),
        directories: Arc::new(directories),
        rules: Arc::clone(&rules),
        confinement,
    };
    let start = bound.locate_cwd(None);
    // Without a directory there are no paths, and examples of them mean nothing.
    if start.is_some() {
        let paths = bound.child_paths(start.as_ref());
        pinned().try_for_each(|pinned| pinned.rule.check_examples(&paths))?;
    }
    Ok(bound)
}

/// The policy where no guest is known.
pub(crate) fn without_guest(
    rules: Arc<Rules<PinnedRule>>,
    confinement: Confinement,
) -> BoundPolicy {
    BoundPolicy {
        profiles: Arc::new(Profiles::without_guest(&rules, confinement)),
        directories: Arc::new(Directories { all: Vec::new() }),
        rules,
        confinement,
    }
}

fn directories(preopens: &[Preopen]) -> Result<Directories, PolicyError> {
    let mut all = Vec::<Directory>::new();
    for preopen in preopens {
        let fault = |problem| PolicyError::new(label(&preopen.guest), problem);
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
            guest: preopen.guest.clone(),
            name,
            place: view::place_in_child(&preopen.guest).into(),
            host,
            file: identity::file(&metadata),
            writable: preopen.writable,
            same_on_host,
        });
    }
    Ok(Directories { all })
}

/// Refuses a program that the guest could replace, or could have replaced before it was found.
fn check_way(pinned: &PinnedRule, directories: &Directories) -> Result<(), PolicyError> {
    for directory in directories.writable() {
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

/// Refuses to show what the guest could change.
fn check_runtime(pinned: &PinnedRule, directories: &Directories) -> Result<(), PolicyError> {
    let runtime = pinned.runtime.iter().zip(&pinned.rule.granted.runtime);
    for (shown, place) in runtime {
        let holds = |directory: &&Directory| shown.way.iter().any(|step| directory.holds(step));
        if let Some(directory) = directories.writable().find(holds) {
            let problem = Problem::WritableRuntime {
                runtime: shown.place.path.clone(),
                directory: directory.host.clone(),
            };
            return Err(PolicyError::new(place.clone(), problem));
        }
    }
    Ok(())
}
