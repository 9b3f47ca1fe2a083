//! What a policy may say and perhaps should not.

mod limits;

use crate::dangerous::is_dangerous;
use crate::pattern::Pattern;
use crate::profile::{Confinement, Network};
use crate::read::Tiers;
use crate::rule::Rule;
use crate::signal::Signal;
use crate::source::Place;
pub(crate) use limits::limits;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// A warning about a policy: where, what, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// Where it is.
    pub place: Place,
    /// What it is about.
    pub warning: Warning,
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: warning: {}", self.place, self.warning)
    }
}

/// What a warning is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Warning {
    /// A `[shell]`.
    #[error(
        "a shell means any command, with the rights that its confinement leaves it; name the \
         programs themselves if you can"
    )]
    Shell,
    /// Free arguments for a program whose purpose is to run others.
    #[error(
        "`{0}` runs other programs or code, and `{{any}}` lets the guest choose them: this \
         means any command; write the whole shapes that are needed"
    )]
    RunsAnything(String),
    /// Any number of free arguments.
    #[error(
        "`{{any}}...` allows every option that `{0}` has, also those that write files or run \
         programs; write the shapes that are needed"
    )]
    AnyArguments(String),
    /// One free argument, which may be an option.
    #[error(
        "`{{any}}` also takes what begins with `-`, which `{0}` may take for an option; use \
         {{word}}, {{path}} or a regular expression, or put `--` before it"
    )]
    AnyArgument(String),
    /// A slot right after a dash.
    #[error("in `{0}` the guest chooses the option; name the options: {{-a|-b}}")]
    ChosenOption(String),
    /// A dangerous variable that the guest may set.
    #[error(
        "the guest may set `{0}`, which can change what the program does, up to running \
         another; set its value in `env` if you can"
    )]
    DangerousVariable(String),
    /// Argument 0 is free.
    #[error("the guest chooses argument 0 of `{0}`, by which some programs decide what they do")]
    FreeArg0(String),
    /// A program's file that others than its owner may write.
    #[error("others than its owner may write `{}`, and so choose what runs; chmod go-w it", .0.display())]
    WritableByOthers(PathBuf),
    /// A program that runs with the rights of its file's owner or group.
    #[error(
        "`{}` is set-user-ID or set-group-ID, so it runs with rights that the host itself may \
         not have", .0.display()
    )]
    Privileged(PathBuf),
    /// The identity is free.
    #[error("the guest chooses the user and the groups of `{0}`, as far as the host may set them")]
    FreeIdentity(String),
    /// Children are not confined.
    #[error(
        "children run unconfined, with all rights of whoever runs the host; write confinement = \
         \"namespace\", and grant each program what it needs"
    )]
    Unconfined,
    /// Children may come to be unconfined.
    #[error(
        "where this machine cannot confine children, they run with all rights of whoever runs the \
         host; write fallback = \"landlock\", or take `fallback` out"
    )]
    UnconfinedFallback,
    /// The whole network of the host.
    #[error(
        "`{0}` reaches whatever the host reaches, services on the host itself among it; if the \
         ports are known, write network = {{ connect = [443] }}"
    )]
    HostNetwork(String),
    /// A bound of nothing, which is none that anybody wants.
    #[error(
        "with `{key}` at 0 {}, for 0 does not mean that there is no bound; write how much, or leave \
         `{key}` out",
        nothing(.0), key = .0
    )]
    Nothing(&'static str),
    /// A bound that another comes before.
    #[error("`{key}` is never reached, because `{other}` is not greater; lower it, or take it out")]
    NeverReached {
        /// The bound.
        key: &'static str,
        /// What is reached before.
        other: &'static str,
    },
    /// A signal that everything is killed right after.
    #[error(
        "everything is killed right after the last step of `teardown`, so {0} has no effect; write a \
         time behind it, such as \"2s\""
    )]
    LateSignal(Signal),
    /// Files that may be executed where the guest writes.
    #[error(
        "the guest may put programs of its own into `{directory}`, and `{name}` may run them; show \
         what it is to run with `runtime` if you can"
    )]
    Execute {
        /// The program's name.
        name: String,
        /// The guest's name for the directory.
        directory: String,
    },
}

impl Warning {
    /// Whether it is about the whole policy rather than one rule.
    pub(crate) fn is_of_whole(&self) -> bool {
        matches!(self, Self::Unconfined | Self::UnconfinedFallback)
    }
}

/// Programs whose purpose is to run programs or code that their arguments name.
const RUNNERS: &[&str] = &[
    "ash",
    "awk",
    "bash",
    "bun",
    "bunx",
    "busybox",
    "cargo",
    "chroot",
    "chrt",
    "cmake",
    "csh",
    "dash",
    "deno",
    "doas",
    "docker",
    "emacs",
    "env",
    "expect",
    "find",
    "firejail",
    "fish",
    "flock",
    "gawk",
    "gdb",
    "git",
    "go",
    "ionice",
    "java",
    "ksh",
    "ld.so",
    "lua",
    "make",
    "mawk",
    "mksh",
    "nice",
    "node",
    "nohup",
    "npm",
    "npx",
    "nsenter",
    "parallel",
    "perl",
    "php",
    "pip",
    "podman",
    "python",
    "rsync",
    "ruby",
    "runuser",
    "scp",
    "screen",
    "script",
    "sed",
    "setpriv",
    "setsid",
    "sftp",
    "sh",
    "ssh",
    "stdbuf",
    "strace",
    "su",
    "sudo",
    "systemd-run",
    "tar",
    "taskset",
    "tclsh",
    "tcsh",
    "time",
    "timeout",
    "tmux",
    "toybox",
    "unshare",
    "uv",
    "uvx",
    "vi",
    "vim",
    "watch",
    "xargs",
    "zsh",
];

/// The warnings about a policy's rules beside `lints`, all in the order of their places.
pub(crate) fn lints(
    tiers: &Tiers,
    programs: &BTreeMap<String, Rule>,
    shell: Option<&Rule>,
    mut lints: Vec<Lint>,
) -> Vec<Lint> {
    let rules = || programs.values().chain(shell);
    lints.extend(programs.values().flat_map(program));
    // Where nothing runs, nothing runs unconfined.
    if rules().next().is_some() {
        lints.extend(confinement(tiers));
    }
    // Grants mean nothing to unconfined children.
    if tiers.confinement != Confinement::None {
        lints.extend(rules().flat_map(grants));
    }
    if let Some(rule) = shell {
        lints.push(Lint {
            place: rule.place.clone(),
            warning: Warning::Shell,
        });
        lints.extend(variables(rule));
    }
    lints.sort_by_key(|lint| (lint.place.line(), lint.place.column()));
    lints
}

fn program(rule: &Rule) -> Vec<Lint> {
    let at_rule = |warning| Lint {
        place: rule.place.clone(),
        warning,
    };
    let mut lints: Vec<_> = shapes(rule).collect();
    lints.extend(variables(rule));
    if rule.allow_arg0 {
        lints.push(at_rule(Warning::FreeArg0(rule.name.clone())));
    }
    if rule.allow_identity {
        lints.push(at_rule(Warning::FreeIdentity(rule.name.clone())));
    }
    lints
}

fn confinement(tiers: &Tiers) -> Option<Lint> {
    let (place, warning) = match (tiers.confinement, tiers.fallback) {
        (Confinement::None, _) => (&tiers.confinement_place, Warning::Unconfined),
        (_, Some(Confinement::None)) => (&tiers.fallback_place, Warning::UnconfinedFallback),
        _ => return None,
    };
    Some(Lint {
        place: place.clone(),
        warning,
    })
}

fn grants(rule: &Rule) -> Vec<Lint> {
    let host = (rule.grants.network == Network::Host).then_some(rule.granted.network.as_ref());
    let network = host.flatten().map(|place| Lint {
        place: place.clone(),
        warning: Warning::HostNetwork(rule.name.clone()),
    });
    let directories = rule.grants.execute.iter().zip(&rule.granted.execute);
    let execute = directories.map(|(directory, place)| Lint {
        place: place.clone(),
        warning: Warning::Execute {
            name: rule.name.clone(),
            directory: directory.clone(),
        },
    });
    network.into_iter().chain(execute).collect()
}

fn shapes(rule: &Rule) -> impl Iterator<Item = Lint> {
    rule.shapes.iter().filter_map(|shape| {
        let name = rule.name.clone();
        let patterns = shape.patterns();
        let ended = patterns
            .iter()
            .take_while(|pattern| pattern.text() != "--")
            .count();
        let any = patterns.iter().find(|pattern| pattern.unbounded());
        let option = patterns.iter().find(|pattern| pattern.chooses_option());
        let free_option = patterns[..ended]
            .iter()
            .any(|pattern| pattern.text() == "{any}");
        let warning = match (any, option) {
            (Some(_), _) if runs_others(rule) => Warning::RunsAnything(name),
            (Some(any), _) if any.text() == "{any}..." => Warning::AnyArguments(name),
            (_, Some(option)) => Warning::ChosenOption(Pattern::text(option).to_owned()),
            (Some(_), _) if free_option => Warning::AnyArgument(name),
            _ => return None,
        };
        Some(Lint {
            place: shape.place().clone(),
            warning,
        })
    })
}

fn variables(rule: &Rule) -> impl Iterator<Item = Lint> {
    let dangerous = rule.allow_env.iter().filter(|key| is_dangerous(key));
    dangerous.map(|key| Lint {
        place: rule.place.clone(),
        warning: Warning::DangerousVariable(key.clone()),
    })
}

fn runs_others(rule: &Rule) -> bool {
    let file = rule.path.as_deref().and_then(Path::file_name);
    let file = file.and_then(|name| name.to_str()).unwrap_or_default();
    [rule.name.as_str(), file].iter().any(|name| {
        let bare = name.trim_end_matches(|character: char| {
            character.is_ascii_digit() || character == '.' || character == '-'
        });
        RUNNERS.contains(&bare)
    })
}

/// What comes of a bound of nothing.
fn nothing(key: &str) -> &'static str {
    match key {
        "deadline" | "idle" => "every child is ended at once",
        _ => "no child can run",
    }
}
