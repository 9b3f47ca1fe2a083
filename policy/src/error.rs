//! Why a policy was not taken.

mod limits;

pub use limits::LimitProblem;

use crate::pattern::PatternError;
use crate::profile::Confinement;
use crate::shape::Disagreement;
use crate::signal::UnknownSignal;
use crate::source::Place;
use crate::view::RELATIVE_BASE;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// A fault of a policy: where it is, what is wrong, and what to do.
///
/// It prints as `policy.toml:3:8: what is wrong; what to do`.
#[derive(Debug)]
pub struct PolicyError(Box<(Place, Problem)>);

impl PolicyError {
    pub(crate) fn new(place: Place, problem: Problem) -> Self {
        Self(Box::new((place, problem)))
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.0.0
    }

    /// What is wrong.
    pub fn problem(&self) -> &Problem {
        &self.0.1
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.problem())
    }
}

impl std::error::Error for PolicyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self.problem())
    }
}

/// What to write instead of a value of another type.
fn remedy(message: &str) -> &'static str {
    let Some((found, expected)) = message
        .strip_prefix("invalid type: ")
        .and_then(|types| types.split_once(", expected "))
    else {
        return "";
    };
    let kind = found.split(' ').next();
    match (kind, expected) {
        (Some("integer" | "floating"), "a string") => {
            "; write it in quotes, and a time or a size with its unit, such as \"30s\" or \"64MiB\""
        }
        (Some("map"), "a sequence") => "; write its name in two pairs of brackets: [[program]]",
        (_, "a sequence") => "; write a list, in brackets",
        _ => "",
    }
}

/// What is wrong with a policy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Not TOML, an unknown key, a missing one, or a value of another type.
    #[error("{}{}", .0.message(), remedy(.0.message()))]
    Toml(toml::de::Error),
    /// A word that is no confinement.
    #[error("`{0}` is no confinement; write \"namespace\", \"landlock\" or \"none\"")]
    UnknownConfinement(String),
    /// A fallback that is not weaker than what it is a fallback for.
    #[error(
        "`fallback` names the weakest confinement that will do, and {fallback} is not weaker than \
         {confinement}; take it out, or write \"landlock\" or \"none\""
    )]
    NoFallback {
        /// What is wanted.
        confinement: Confinement,
        /// What was written.
        fallback: Confinement,
    },
    /// A promise that nothing would keep.
    #[error(
        "children are not confined, so nothing would keep `{0}`; take it out, or change \
         `confinement`"
    )]
    NotConfined(&'static str),
    /// A grant that landlock does not have.
    #[error(
        "`{}` needs {} of the child's own, which landlock has not; take it out, or write \
         confinement = \"namespace\"", .0, needed(.0)
    )]
    NeedsNamespace(&'static str),
    /// A grant that children would lose where the policy falls back.
    #[error(
        "`{key}` needs {} of the child's own, which would be lost with fallback = \
         \"{fallback}\"; take one of the two out", needed(.key)
    )]
    LostInFallback {
        /// The grant.
        key: &'static str,
        /// The weakest confinement that may be used.
        fallback: Confinement,
    },
    /// Two policies that cannot both be kept.
    #[error(
        "this asks for the confinement {theirs}, and the policy that it is added to for {ours}; \
         write the same in both"
    )]
    TwoConfinements {
        /// That of the policy that was added to.
        ours: Confinement,
        /// That of the policy that was added.
        theirs: Confinement,
    },
    /// A size that no file system can have.
    #[error(
        "`{0}` is no size for a private /tmp, which is 1B to 1024GiB; write a number with KiB, MiB \
         or GiB, such as \"64MiB\", or leave `tmp` out"
    )]
    BadTmp(String),
    /// A word that is no network.
    #[error("`{0}` is no network; write \"none\", \"host\" or {{ connect = [443] }}")]
    UnknownNetwork(String),
    /// Ports that cannot be connected to.
    #[error("`connect` is a list of TCP ports from 1 to 65535, one at least")]
    BadPorts,
    /// A path that cannot be shown to children.
    #[error(
        "`{}` cannot be shown to children: it belongs to the kernel or to everybody, or is made for \
         the child; name the file or directory that the program needs", .0.display()
    )]
    NotRuntime(PathBuf),
    /// A path at which there is neither a file nor a directory.
    #[error("`{}` is neither a file nor a directory, so it cannot be shown to children", .0.display())]
    NoRuntime(PathBuf),
    /// What would be hidden by a private `/tmp`.
    #[error(
        "`{}` would be hidden by the private /tmp that a rule has; install it elsewhere, or take \
         `tmp` out", .0.display()
    )]
    HiddenByTmp(PathBuf),
    /// A directory for executing that the guest does not have.
    #[error(
        "`execute` names `{name}`, and the guest has no directory of this name, but {}; correct the \
         name, or take it out", names(.known)
    )]
    NoSuchDirectory {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// A directory that would cover what a program needs.
    #[error(
        "the guest's directory `{name}` would be in the way of `{other}`, which its children need; \
         give it to the guest under another name, such as /work"
    )]
    InTheWay {
        /// The guest's name for its directory.
        name: String,
        /// What it covers, or lies in.
        other: PathBuf,
    },
    /// Two directories of the guest of which a child would see one in the place of the other.
    #[error(
        "the guest's directories `{name}` and `{other}` would be in one place of its children's \
         world, where relative names are beneath {}; rename one",
        RELATIVE_BASE
    )]
    SamePlace {
        /// The guest's name for one.
        name: String,
        /// The guest's name for the other.
        other: String,
    },
    /// A directory that is to be shown in another, which has no place for it.
    #[error(
        "the guest's directory `{name}` lies in its directory `{outer}`, where there is no \
         directory of that name to show it in; make the directory `{}`, or rename one of the two",
        missing.display()
    )]
    NoPlaceForDirectory {
        /// The guest's name for the inner directory.
        name: String,
        /// The guest's name for the outer one.
        outer: String,
        /// What is missing on the host.
        missing: PathBuf,
    },
    /// A name that no program can have.
    #[error(
        "`{0}` cannot name a program; a name is not empty, holds no `/`, space or control \
         character, does not begin with `-`, and is not `.` or `..`"
    )]
    BadName(String),
    /// Two rules for one name.
    #[error("`{name}` has a rule already, at {first}; put both into one")]
    DuplicateProgram {
        /// The name.
        name: String,
        /// The first rule.
        first: Place,
    },
    /// Two shells.
    #[error("there is a shell already, at {0}; take one out")]
    DuplicateShell(Place),
    /// A rule that allows no arguments in any way.
    #[error(
        "`{0}` has no shapes in `args`, so nothing could run; write args = [[]] to run it \
         without arguments, or one list of patterns for each way to run it"
    )]
    NoShapes(String),
    /// A pattern that cannot be read.
    #[error("in the pattern `{pattern}`: {error}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        error: PatternError,
    },
    /// A text that is no time.
    #[error(
        "`{0}` is not a time; write a number with ms, s, min, h or d, such as \"30s\", or \"none\""
    )]
    BadDuration(String),
    /// A text that is no size.
    #[error(
        "`{0}` is not a size; write a number with B, KiB, MiB, GiB, kB, MB or GB, such as \"64MiB\", or \"none\""
    )]
    BadSize(String),
    /// The time to drain cannot be unbounded.
    #[error(
        "`drain` needs an end, or a child's pipe could keep a guest waiting forever; write a time such as \"5s\""
    )]
    EndlessDrain,
    /// A bound that cannot be kept, or an end that is none.
    #[error(transparent)]
    Limit(#[from] LimitProblem),
    /// A word that names no signal.
    #[error("{0}; write names such as \"term\", \"SIGINT\" or \"SIGRTMIN+1\"")]
    BadSignal(UnknownSignal),
    /// A key that no variable can have.
    #[error("`{0}` cannot name a variable; a name is not empty and holds neither `=` nor NUL")]
    BadVariable(String),
    /// A value that no variable can have.
    #[error("the value of `{0}` holds a NUL character, which ends a value; take it out")]
    BadValue(String),
    /// A variable that can make programs run other programs.
    #[error(
        "`{0}` can change what a program does, up to running another, so `allow-env` does not \
         take it; set its value in `env`, or, if the guest may choose it, move the name to \
         `allow-dangerous-env`"
    )]
    DangerousVariable(String),
    /// A variable that was allowed twice.
    #[error("`{0}` is allowed twice; take one out")]
    RepeatedVariable(String),
    /// A variable that is both set and allowed.
    #[error("`{0}` is set in `env`, so the guest cannot set it too; take it out of one of them")]
    VariableAlsoSet(String),
    /// An example of another program.
    #[error("an example of `{0}` is a list that begins with \"{0}\"")]
    ForeignExample(String),
    /// An example that should be accepted and is not.
    #[error("this `accept` example is refused: {}; change the example or the shapes", list(.0))]
    NotAccepted(Vec<Disagreement>),
    /// An example that should be refused and is not.
    #[error("this `refuse` example is accepted by the shape at {0}; narrow the shape")]
    NotRefused(Place),
    /// A path that depends on a working directory.
    #[error("`{}` is not absolute; write the whole path", .0.display())]
    RelativePath(PathBuf),
    /// A program that is not there.
    #[error("`{}` does not exist; install it, or correct the path", .0.display())]
    NotFound(PathBuf),
    /// A program that is not on the operator's search path.
    #[error("`{0}` was not found in any directory of PATH; say where it is: path = \"/…/{0}\"")]
    NotOnPath(String),
    /// A way that leads through too many links.
    #[error("too many links on the way to `{}`; write the path that they lead to", .0.display())]
    TooManyLinks(PathBuf),
    /// A program that is not a file.
    #[error("`{}` is not a regular file; a rule needs the program's own file", .0.display())]
    NotAFile(PathBuf),
    /// A file that may not be run.
    #[error("`{}` is not executable; chmod +x it, or correct the path", .0.display())]
    NotExecutable(PathBuf),
    /// A file that could not be looked at.
    #[error("`{}` cannot be examined: {error}; the host needs to read it", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A script that lets a search path choose its interpreter.
    #[error(
        "`{}` is a script that env(1) finds an interpreter for, which nothing would pin; name \
         it: interpreter = \"/usr/bin/python3\", or whatever runs the script", .0.display()
    )]
    EnvScript(PathBuf),
    /// A script whose first line cannot be followed.
    #[error(
        "the first line of the script `{}` does not give an absolute path within 255 bytes; \
         name what runs it: interpreter = \"/bin/sh\"", .0.display()
    )]
    BadScriptLine(PathBuf),
    /// An interpreter that is itself a script.
    #[error("the interpreter `{}` is itself a script; name the program that runs it", .0.display())]
    NestedScript(PathBuf),
    /// Two preopened directories of one name.
    #[error("the guest has two directories called `{0}`; rename one")]
    DuplicateDirectory(String),
    /// A name that no preopened directory can have.
    #[error("the guest cannot have a directory called `{0}`; it leads above the root or holds NUL")]
    BadDirectoryName(String),
    /// A preopened directory that cannot be resolved.
    #[error("the guest's directory `{}` cannot be resolved: {error}", path.display())]
    BadDirectory {
        /// The directory on the host.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A program that the guest could replace.
    #[error(
        "the guest can write to `{}`, through which `{}` of the program `{name}` is reached, \
         and so could replace it; install the program elsewhere, or give the directory read-only",
        directory.display(), file.display()
    )]
    WritableProgram {
        /// The program's name.
        name: String,
        /// The file or directory on the way to it.
        file: PathBuf,
        /// The guest's directory on the host.
        directory: PathBuf,
    },
    /// A directory in which files are executable by another path, all or some.
    #[error(
        "the guest can write to `{name}`, which is in or above `{}` on the host, and `{program}` could \
         execute by that path what the guest puts there; give it a directory elsewhere, or write \
         execute = [\"{name}\"] in every rule", runtime.display()
    )]
    ExecutableDirectory {
        /// The guest's name for it.
        name: String,
        /// The program's name.
        program: String,
        /// Where it is, of what is shown to children.
        runtime: PathBuf,
    },
    /// Something that is shown to children, which the guest could change.
    #[error(
        "the guest can write to `{}`, and so could change what `runtime` shows of `{}`; give the \
         directory read-only, or take it out of `runtime`",
        directory.display(), runtime.display()
    )]
    WritableRuntime {
        /// What is shown.
        runtime: PathBuf,
        /// The guest's directory on the host.
        directory: PathBuf,
    },
}

/// What keeps a grant or a bound that only namespaces can keep.
fn needed(key: &str) -> &'static str {
    match key {
        "processes" => "a process namespace",
        _ => "mounts",
    }
}

fn names(names: &[String]) -> String {
    if names.is_empty() {
        return "none at all".to_owned();
    }
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn list(disagreements: &[Disagreement]) -> String {
    let texts: Vec<_> = disagreements.iter().map(Disagreement::to_string).collect();
    texts.join("; ")
}
