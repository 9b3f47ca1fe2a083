//! The way to a file, link by link.

use crate::defaults::LINKS;
use crate::request::FileIdentity;
use crate::{Problem, identity};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

/// A file, and everything on the way to it.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    /// The absolute path, with every link resolved.
    pub path: PathBuf,
    /// Every directory and link that the written path leads through, and the file. None of
    /// their own parents is a link.
    pub way: Vec<Waypoint>,
}

/// A directory, a link or a file on the way to a program.
#[derive(Clone, Debug)]
pub(crate) struct Waypoint {
    pub path: PathBuf,
    /// What it is, where the system can tell.
    pub file: Option<FileIdentity>,
}

/// Resolves an absolute path as path_resolution(7) describes, and keeps the way.
///
/// `std::fs::canonicalize` gives the end alone. A link on the way that a guest can write would
/// have let it choose the program.
pub(crate) fn resolve(written: &Path) -> Result<Resolved, Problem> {
    let mut path = PathBuf::new();
    let mut way = Vec::new();
    let mut rest = VecDeque::new();
    let mut links = 0;
    push_front(&mut rest, written);
    while let Some(step) = rest.pop_front() {
        match step {
            Step::Root(root) => path = root.into(),
            Step::Parent => drop(path.pop()),
            Step::Enter(name) => {
                let place = path.join(name);
                let failed = |error| failure(written, error);
                let metadata = std::fs::symlink_metadata(&place).map_err(failed)?;
                way.push(Waypoint {
                    path: place.clone(),
                    file: identity::file(&metadata),
                });
                if metadata.is_symlink() {
                    links += 1;
                    if links > LINKS {
                        return Err(Problem::TooManyLinks(written.into()));
                    }
                    push_front(&mut rest, &std::fs::read_link(&place).map_err(failed)?);
                } else {
                    path = place;
                }
            }
        }
    }
    Ok(Resolved { path, way })
}

/// What the system said of a program's path, as a problem.
pub(crate) fn failure(path: &Path, error: io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Problem::NotFound(path.into()),
        _ => Problem::Unreadable {
            path: path.into(),
            error,
        },
    }
}

enum Step {
    Root(OsString),
    Parent,
    Enter(OsString),
}

/// Puts the steps of `path` before those that are left.
fn push_front(rest: &mut VecDeque<Step>, path: &Path) {
    let mut root = OsString::new();
    let mut steps = Vec::new();
    for component in path.components() {
        match component {
            Component::Prefix(_) | Component::RootDir => {
                root.push(component.as_os_str());
                steps = vec![Step::Root(root.clone())];
            }
            Component::CurDir => {}
            Component::ParentDir => steps.push(Step::Parent),
            Component::Normal(name) => steps.push(Step::Enter(name.into())),
        }
    }
    steps
        .into_iter()
        .rev()
        .for_each(|step| rest.push_front(step));
}
