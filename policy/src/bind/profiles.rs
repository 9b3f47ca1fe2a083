//! What the children of each rule have, for one guest.

use crate::locate::{Directories, Words};
use crate::pin::PinnedRule;
use crate::profile::{PinnedPlace, Profile};
use crate::request::FileIdentity;
use crate::rule::Rules;
use crate::{PolicyError, Problem, view};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// The profile of each program's children, and of the shell's.
#[derive(Debug)]
pub(super) struct Profiles {
    pub programs: BTreeMap<String, Arc<Profile>>,
    pub shell: Option<Arc<Profile>>,
}

impl Profiles {
    pub fn new(rules: &Rules<PinnedRule>, directories: &Directories) -> Result<Self, PolicyError> {
        // The files of a program that is not where programs mostly are is shown to all children, so
        // that profiles differ no more than they must.
        let all = rules.programs.values().chain(&rules.shell);
        let files = all.flat_map(files).collect::<Vec<_>>();
        let profile = |pinned: &PinnedRule| {
            let grants = &pinned.rule.grants;
            let mut runtime = pinned.runtime.clone();
            for file in &files {
                let shown = |place: &PinnedPlace| file.path.starts_with(&place.path);
                if !runtime.iter().any(shown) {
                    runtime.push(file.clone());
                }
            }
            let profile = Profile {
                confinement: rules.confinement,
                network: grants.network.clone(),
                tmp: grants.tmp,
                proc: grants.proc,
                runtime,
                execute: execute(pinned, directories)?,
            };
            Ok(Arc::new(profile))
        };
        let programs = rules.programs.iter();
        Ok(Self {
            programs: programs
                .map(|(name, pinned)| Ok((name.clone(), profile(pinned)?)))
                .collect::<Result<_, PolicyError>>()?,
            shell: rules.shell.as_ref().map(profile).transpose()?,
        })
    }
}

/// The directories in which files may be executed.
fn execute(pinned: &PinnedRule, directories: &Directories) -> Result<Vec<usize>, PolicyError> {
    let mut execute = Vec::new();
    for (name, place) in &pinned.rule.grants.execute {
        let words = Words::of(if name.is_empty() { "." } else { name });
        let mut all = directories.all.iter();
        let found = all.position(|directory| Some(&directory.name) == words.as_ref());
        let missing = || PolicyError::new(place.clone(), Problem::NoSuchDirectory(name.clone()));
        execute.push(found.ok_or_else(missing)?);
    }
    execute.sort_unstable();
    execute.dedup();
    Ok(execute)
}

/// The files of a program that children do not see anyway.
fn files(pinned: &PinnedRule) -> Vec<PinnedPlace> {
    let interpreter = pinned.program.interpreter.as_ref();
    let interpreter = interpreter.map(|file| (&file.path, &file.identity));
    let files = [(&pinned.program.path, &pinned.program.identity)];
    let outside = |path: &Path| {
        let mut usual = view::RUNTIME_DIRECTORIES.iter();
        !usual.any(|directory| path.starts_with(directory))
    };
    files
        .into_iter()
        .chain(interpreter)
        .filter(|(path, _)| outside(path))
        .map(|(path, identity)| PinnedPlace {
            name: path.clone(),
            path: path.clone(),
            file: FileIdentity {
                device: identity.device,
                inode: identity.inode,
            },
            directory: false,
        })
        .collect()
}
