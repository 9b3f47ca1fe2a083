//! Finding a policy's programs on this host.

mod shown;

pub(crate) use shown::Shown;

use crate::defaults::SCRIPT_LINE_BYTES;
use crate::plan::{Interpreter, PinnedProgram, ProgramIdentity};
use crate::resolve::{Resolved, Waypoint, failure, resolve};
use crate::rule::{Rule, Rules};
use crate::script::{FirstLine, first_line};
use crate::{Lint, PolicyError, Problem, Warning, identity};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A rule whose program was found.
#[derive(Clone, Debug)]
pub(crate) struct PinnedRule {
    pub rule: Rule,
    pub program: PinnedProgram,
    /// What of the host is shown to children.
    pub runtime: Vec<Shown>,
    /// The files, directories and links through which program and interpreter are reached.
    pub way: Vec<Waypoint>,
}

pub(crate) fn pin(rules: Rules<Rule>, search: &OsStr) -> Result<Rules<PinnedRule>, PolicyError> {
    let mut lints = rules.lints;
    let mut pin = |rule: Rule| match Found::of(&rule, search) {
        Ok(Found {
            program,
            way,
            warnings,
        }) => {
            let place = &rule.place;
            lints.extend(warnings.into_iter().map(|warning| Lint {
                place: place.clone(),
                warning,
            }));
            Ok(PinnedRule {
                runtime: shown::find(&rule)?,
                rule,
                program,
                way,
            })
        }
        Err(problem) => Err(PolicyError::new(rule.place, problem)),
    };
    let mut programs = BTreeMap::new();
    for (name, rule) in rules.programs {
        programs.insert(name, pin(rule)?);
    }
    let shell = rules.shell.map(pin).transpose()?;
    Ok(Rules {
        confinement: rules.confinement,
        fallback: rules.fallback,
        limits: rules.limits,
        children: rules.children,
        programs,
        shell,
        lints,
    })
}

/// A program, the way to it, and what is strange about its files.
struct Found {
    program: PinnedProgram,
    way: Vec<Waypoint>,
    warnings: Vec<Warning>,
}

impl Found {
    fn of(rule: &Rule, search: &OsStr) -> Result<Self, Problem> {
        let written = match &rule.path {
            Some(path) => path.clone(),
            None => find(&rule.name, search)?,
        };
        let file = Examined::at(&written)?;
        let (line, by) = match &rule.interpreter {
            Some(interpreter) => (None, Some(interpreter.clone())),
            None if !file.executable => return Err(Problem::NotExecutable(written)),
            None => match file.first_line {
                FirstLine::Program => (None, None),
                FirstLine::Script {
                    interpreter,
                    argument,
                } => (argument, Some(interpreter)),
                FirstLine::Env => return Err(Problem::EnvScript(written)),
                FirstLine::Malformed => return Err(Problem::BadScriptLine(written)),
            },
        };
        let mut way = file.resolved.way;
        let mut warnings = file.warnings;
        let interpreter = match by {
            None => None,
            Some(path) => {
                let found = Examined::at(&path)?;
                if !found.executable {
                    return Err(Problem::NotExecutable(path));
                }
                if found.first_line != FirstLine::Program {
                    return Err(Problem::NestedScript(path));
                }
                way.extend(found.resolved.way);
                warnings.extend(found.warnings);
                Some(Interpreter {
                    path: found.resolved.path,
                    identity: found.identity,
                    args: line.into_iter().collect(),
                })
            }
        };
        let path = file.resolved.path;
        let program = PinnedProgram {
            path,
            identity: file.identity,
            interpreter,
        };
        Ok(Self {
            program,
            way,
            warnings,
        })
    }
}

/// A regular file that was opened and looked at.
struct Examined {
    resolved: Resolved,
    identity: ProgramIdentity,
    executable: bool,
    first_line: FirstLine,
    warnings: Vec<Warning>,
}

impl Examined {
    fn at(written: &Path) -> Result<Self, Problem> {
        let resolved = resolve(written)?;
        let failed = |error| failure(written, error);
        // Before it is opened: opening a FIFO would wait for a writer.
        let found = std::fs::symlink_metadata(&resolved.path).map_err(failed)?;
        if !found.is_file() {
            return Err(Problem::NotAFile(written.into()));
        }
        let file = File::open(&resolved.path).map_err(failed)?;
        let metadata: Metadata = file.metadata().map_err(failed)?;
        let mut beginning = Vec::new();
        let bytes = SCRIPT_LINE_BYTES as u64 + 1;
        file.take(bytes)
            .read_to_end(&mut beginning)
            .map_err(failed)?;
        let (writable, privileged) = identity::writable_and_privileged(&metadata);
        let path = || resolved.path.clone();
        let warnings = [
            writable.then(|| Warning::WritableByOthers(path())),
            privileged.then(|| Warning::Privileged(path())),
        ];
        Ok(Self {
            warnings: warnings.into_iter().flatten().collect(),
            resolved,
            identity: identity::of(&metadata),
            executable: identity::is_executable(&metadata),
            first_line: first_line(&beginning),
        })
    }
}

/// The first executable regular file of that name in an absolute directory of `search`.
fn find(name: &str, search: &OsStr) -> Result<PathBuf, Problem> {
    std::env::split_paths(search)
        .filter(|directory| directory.is_absolute())
        .map(|directory| directory.join(name))
        .find(|file| {
            let metadata = std::fs::metadata(file);
            metadata.is_ok_and(|found| found.is_file() && identity::is_executable(&found))
        })
        .ok_or_else(|| Problem::NotOnPath(name.to_owned()))
}
