//! What the children of each rule have, for one guest.

use super::place::label;
use crate::locate::{Directories, Words};
use crate::pin::PinnedRule;
use crate::plan::ProgramIdentity;
use crate::profile::{Confinement, Network, PinnedPlace, ProcessBound, Profile};
use crate::request::FileIdentity;
use crate::rule::Rules;
use crate::{PolicyError, Problem, view};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;

/// The profile of each program's children, and of the shell's.
#[derive(Debug)]
pub(crate) struct Profiles {
    pub programs: BTreeMap<String, Arc<Profile>>,
    pub shell: Option<Arc<Profile>>,
}

impl Profiles {
    /// The profiles for a guest with these directories.
    pub(super) fn new(
        rules: &Rules<PinnedRule>,
        confinement: Confinement,
        directories: &Directories,
    ) -> Result<Self, PolicyError> {
        Self::with(rules, confinement, |pinned| execute(pinned, directories))
    }

    /// The profiles where no guest is known. Nobody can say then whether it has the directories in
    /// which files may be executed, so none is granted.
    pub(super) fn without_guest(rules: &Rules<PinnedRule>, confinement: Confinement) -> Self {
        let Ok(profiles) = Self::with::<Infallible>(rules, confinement, |_| Ok(Vec::new()));
        profiles
    }

    fn with<E>(
        rules: &Rules<PinnedRule>,
        confinement: Confinement,
        execute: impl Fn(&PinnedRule) -> Result<Vec<usize>, E>,
    ) -> Result<Self, E> {
        // The files of a program that is not where programs mostly are are shown to all children,
        // so that profiles differ no more than they must, and programs find each other.
        let all = rules.programs.values().chain(&rules.shell);
        let files: Vec<_> = all.flat_map(files).collect();
        let profile = |pinned: &PinnedRule| {
            let execute = execute(pinned)?;
            Ok(match confinement {
                Confinement::None => unconfined(),
                confinement => Profile {
                    confinement,
                    network: pinned.rule.grants.network.clone(),
                    tmp: pinned.rule.grants.tmp,
                    proc: pinned.rule.grants.proc,
                    processes: processes(rules, confinement),
                    runtime: runtime(pinned, &files),
                    execute,
                },
            })
        };
        let mut known = Vec::<Arc<Profile>>::new();
        let mut shared = |pinned: &PinnedRule| {
            let profile = profile(pinned)?;
            if let Some(same) = known.iter().find(|known| ***known == profile) {
                return Ok(Arc::clone(same));
            }
            let profile = Arc::new(profile);
            known.push(Arc::clone(&profile));
            Ok(profile)
        };
        let mut programs = BTreeMap::new();
        for (name, pinned) in &rules.programs {
            programs.insert(name.clone(), shared(pinned)?);
        }
        Ok(Self {
            programs,
            shell: rules.shell.as_ref().map(shared).transpose()?,
        })
    }

    /// Refuses directories in which the guest could have programs executed, though no rule grants
    /// it, because they are in what children see anyway.
    pub(super) fn check_executable(
        &self,
        rules: &Rules<PinnedRule>,
        directories: &Directories,
    ) -> Result<(), PolicyError> {
        let pinned = rules.programs.values().chain(&rules.shell);
        for (pinned, profile) in pinned.zip(self.iter()) {
            if profile.confinement == Confinement::None {
                continue;
            }
            let usual = view::RUNTIME_DIRECTORIES.iter().map(Path::new);
            let shown: Vec<_> = usual
                .chain(profile.runtime.iter().map(|shown| shown.path.as_path()))
                .collect();
            for (index, directory) in directories.all.iter().enumerate() {
                let host = &directory.host;
                let mut shown = shown.iter();
                let shown = shown.find(|shown| host.starts_with(shown) || shown.starts_with(host));
                if let (Some(shown), true) = (shown, directory.writable)
                    && !profile.execute.contains(&index)
                {
                    let problem = Problem::ExecutableDirectory {
                        name: directory.guest.clone(),
                        program: pinned.rule.name.clone(),
                        runtime: (*shown).to_owned(),
                    };
                    return Err(PolicyError::new(label(&directory.guest), problem));
                }
            }
        }
        Ok(())
    }

    /// All of them: those of the programs in the order of the rules, and the shell's.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Profile> {
        let all = self.programs.values().chain(&self.shell);
        all.map(|profile| &**profile)
    }
}

/// How many processes share a world. Landlock makes none, and a policy that names a number is not
/// read with it.
fn processes(rules: &Rules<PinnedRule>, confinement: Confinement) -> Option<ProcessBound> {
    let world = confinement == Confinement::Namespace;
    rules.limits.processes.filter(|_| world)
}

/// What children have that nothing holds back.
fn unconfined() -> Profile {
    Profile {
        confinement: Confinement::None,
        network: Network::Host,
        tmp: None,
        proc: false,
        processes: None,
        runtime: Vec::new(),
        execute: Vec::new(),
    }
}

/// The directories in which files may be executed.
fn execute(pinned: &PinnedRule, directories: &Directories) -> Result<Vec<usize>, PolicyError> {
    let rule = &pinned.rule;
    let mut execute = Vec::new();
    for (name, place) in rule.grants.execute.iter().zip(&rule.granted.execute) {
        let words = Words::of(if name.is_empty() { "." } else { name });
        let all = &directories.all;
        let found = all
            .iter()
            .position(|directory| Some(&directory.name) == words.as_ref());
        let Some(found) = found else {
            let problem = Problem::NoSuchDirectory {
                name: name.clone(),
                known: all.iter().map(|known| known.guest.clone()).collect(),
            };
            return Err(PolicyError::new(place.clone(), problem));
        };
        execute.push(found);
    }
    execute.sort_unstable();
    execute.dedup();
    Ok(execute)
}

/// What a rule shows, and those files of programs that it does not show already.
fn runtime(pinned: &PinnedRule, files: &[PinnedPlace]) -> Vec<PinnedPlace> {
    let mut places: Vec<_> = pinned
        .runtime
        .iter()
        .map(|shown| shown.place.clone())
        .collect();
    let names: Vec<_> = places.iter().map(|place| place.name.clone()).collect();
    for place in &mut places {
        let beneath = |name: &Path| place.name != name && place.name.starts_with(name);
        // The other place has whatever is there, a link too.
        if names.iter().any(|name| beneath(name)) {
            place.name.clone_from(&place.path);
        }
    }
    places.sort();
    places.dedup();
    let mut whole = places.clone();
    whole.extend_from_slice(files);
    whole.sort();
    whole.dedup();
    let is_beneath = |inner: &PinnedPlace, outer: &PinnedPlace| {
        inner.name == inner.path && inner.path != outer.path && inner.path.starts_with(&outer.path)
    };
    whole.retain(|place| !places.iter().any(|outer| is_beneath(place, outer)));
    whole
}

/// The files of a program that children do not see anyway.
fn files(pinned: &PinnedRule) -> impl Iterator<Item = PinnedPlace> {
    let program = &pinned.program;
    let interpreter = program.interpreter.as_ref();
    let interpreter = interpreter.map(|file| (&file.path, &file.identity));
    let files = std::iter::once((&program.path, &program.identity)).chain(interpreter);
    let outside = files.filter(|(path, _)| {
        let mut usual = view::RUNTIME_DIRECTORIES.iter();
        !usual.any(|directory| path.starts_with(directory))
    });
    outside.map(|(path, identity)| file(path, identity))
}

fn file(path: &Path, identity: &ProgramIdentity) -> PinnedPlace {
    PinnedPlace {
        name: path.to_owned(),
        path: path.to_owned(),
        file: FileIdentity {
            device: identity.device,
            inode: identity.inode,
        },
        directory: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParsedPolicy;
    use crate::locate::Directory;

    /// Whether a guest may have this directory of the host, where programs are in `/usr` alone.
    fn checked(host: &str, writable: bool) -> Result<(), PolicyError> {
        let text = "[[program]]\nname = \"sh\"\npath = \"/bin/sh\"\nargs = [[]]";
        let policy = ParsedPolicy::parse(text, "p").and_then(ParsedPolicy::pin)?;
        let directory = Directory {
            guest: "/data".into(),
            name: Words::of("/data").unwrap(),
            place: "/data".into(),
            host: host.into(),
            file: None,
            writable,
            same_on_host: false,
        };
        let all = vec![directory];
        let bound = policy.without_guest();
        let profiles = &bound.profiles;
        profiles.check_executable(&bound.rules, &Directories { all })
    }

    #[test]
    fn a_writable_directory_in_or_above_those_of_programs_is_refused() {
        for host in ["/usr", "/usr/src/app", "/nix", "/nix/store/x", "/"] {
            let error = checked(host, true).unwrap_err();
            let problem = error.problem();
            assert!(
                matches!(problem, Problem::ExecutableDirectory { .. }),
                "{host}: {error}"
            );
            assert!(checked(host, false).is_ok(), "{host} may be read");
        }
        for host in ["/usrs", "/nix-build", "/srv"] {
            assert!(checked(host, true).is_ok(), "{host}");
        }
    }
}
