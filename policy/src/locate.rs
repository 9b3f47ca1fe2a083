//! Places in the guest's world, found by their words alone.

use crate::pattern::{PathRefusal, Paths};
use crate::profile::Confinement;
use crate::request::{FileIdentity, GuestPath};
use crate::resolve::Waypoint;
use std::path::PathBuf;

/// A guest's directories.
#[derive(Clone, Debug)]
pub(crate) struct Directories {
    pub all: Vec<Directory>,
}

/// A preopened directory.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    /// The guest's name for it, as it was given.
    pub guest: String,
    pub name: Words,
    /// Where it is in the world of confined children.
    pub place: PathBuf,
    /// Where it is on the host, with every link resolved.
    pub host: PathBuf,
    /// What it is, where the system can tell.
    pub file: Option<FileIdentity>,
    pub writable: bool,
    /// Whether a child that sees the host's paths finds the same directory by the guest's name.
    pub same_on_host: bool,
}

/// The components of a path, normalised: no empty one, no `.`, and `..` only at the beginning
/// of a relative path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub absolute: bool,
    components: Vec<String>,
}

impl Words {
    /// Normalises a path. `None` where it is empty, holds a NUL, or leads above the root.
    pub(crate) fn of(path: &str) -> Option<Self> {
        if path.is_empty() || path.contains('\0') {
            return None;
        }
        let none = Self {
            absolute: path.starts_with('/'),
            components: Vec::new(),
        };
        none.join(path)
    }

    /// Follows `path` from here.
    fn join(mut self, path: &str) -> Option<Self> {
        for component in path.split('/') {
            match component {
                "" | "." => {}
                ".." if self.components.last().is_some_and(|last| last != "..") => {
                    self.components.pop();
                }
                ".." if self.absolute => return None,
                name => self.components.push(name.to_owned()),
            }
        }
        Some(self)
    }

    /// What is left of this path beneath a directory; `.` for the directory itself.
    fn beneath(&self, directory: &Self) -> Option<String> {
        let rest = self
            .components
            .strip_prefix(directory.components.as_slice())?;
        if rest.iter().any(|component| component == "..") {
            return None;
        }
        Some(if rest.is_empty() {
            ".".to_owned()
        } else {
            rest.join("/")
        })
    }

    fn is_here(&self) -> bool {
        !self.absolute && self.components.is_empty()
    }
}

impl Directory {
    /// Whether something on the host is this directory or lies in it. A directory may have
    /// several paths, through bind mounts for example, and is itself by each of them.
    pub(crate) fn holds(&self, waypoint: &Waypoint) -> bool {
        let same = self.file.is_some() && self.file == waypoint.file;
        same || waypoint.path.starts_with(&self.host)
    }
}

impl Directories {
    /// Those that the guest can write to.
    pub(crate) fn writable(&self) -> impl Iterator<Item = &Directory> {
        self.all.iter().filter(|directory| directory.writable)
    }

    /// Where a path leads, by its words alone: the directory whose name is its longest
    /// beginning, and what follows.
    ///
    /// As in wasi-libc, whose working directory is `/`, the name `data` also answers for
    /// `/data` and the other way round, where there is no exact one.
    pub(crate) fn locate(&self, path: &str) -> Option<GuestPath> {
        let words = Words::of(path)?;
        self.locate_as(&words, words.absolute)
            .or_else(|| self.locate_as(&words, !words.absolute))
    }

    /// Where a path leads among the directories with absolute, or relative, names.
    fn locate_as(&self, words: &Words, absolute: bool) -> Option<GuestPath> {
        let candidates = self.all.iter().enumerate();
        let fitting = candidates.filter(|(_, directory)| directory.name.absolute == absolute);
        let located = fitting.filter_map(|(preopen, directory)| {
            let path = words.beneath(&directory.name)?;
            Some((directory.name.components.len(), GuestPath { preopen, path }))
        });
        located
            .max_by_key(|(length, _)| *length)
            .map(|(_, place)| place)
    }

    /// Where a child starts that was told no directory.
    pub(crate) fn default_cwd(&self) -> Option<GuestPath> {
        let here = self
            .all
            .iter()
            .position(|directory| directory.name.is_here());
        let preopen = here.or((!self.all.is_empty()).then_some(0))?;
        Some(GuestPath {
            preopen,
            path: ".".to_owned(),
        })
    }
}

/// The guest's directories as a child with this working directory reaches them.
pub(crate) struct ChildPaths<'a> {
    pub directories: &'a Directories,
    pub cwd: Option<&'a GuestPath>,
    pub confinement: Confinement,
}

impl Paths for ChildPaths<'_> {
    fn admit(&self, path: &str) -> Result<(), PathRefusal> {
        if path.starts_with('/') {
            let words = Words::of(path).ok_or(PathRefusal::Outside)?;
            let place = self
                .directories
                .locate_as(&words, true)
                .ok_or(PathRefusal::Outside)?;
            let directory = &self.directories.all[place.preopen];
            return match self.confinement {
                // It is where the guest has it.
                Confinement::Namespace => Ok(()),
                Confinement::Landlock | Confinement::None if directory.same_on_host => Ok(()),
                Confinement::Landlock | Confinement::None => Err(PathRefusal::AnotherFile),
            };
        }
        let cwd = self.cwd.ok_or(PathRefusal::Outside)?;
        let root = Words {
            absolute: true,
            components: Vec::new(),
        };
        let reached = root.join(&cwd.path).and_then(|cwd| cwd.join(path));
        reached.map(drop).ok_or(PathRefusal::Outside)
    }
}

#[cfg(test)]
mod tests;
