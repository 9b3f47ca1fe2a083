//! Why a request was refused.

use crate::defaults;
use crate::quote::quoted;
use crate::request::Part;
use crate::shape::Disagreement;
use crate::source::Place;
use std::fmt;

/// A refused request.
///
/// [`code`](Self::code) is what the guest may know. The rest, and what this prints, is for the
/// operator: which rule refused it and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    reason: DenialReason,
    rule: Option<(String, Place)>,
}

/// What the guest is told of a denial: the cases of the contract's `error-code` that a policy
/// answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DenialCode {
    /// The policy does not allow this part.
    AccessDenied(Part),
    /// This part is malformed.
    InvalidArgument(Part),
    /// This part is larger than a program can be given.
    TooBig(Part),
}

/// Why a request was refused, with its details.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DenialReason {
    /// A NUL byte, which would cut what it is in short.
    #[error("there is a NUL byte in {}", name(*.0))]
    Nul(Part),
    /// No program at all.
    #[error("the program has no name")]
    NoName,
    /// A key that no variable can have.
    #[error("{} cannot name a variable: it is empty or holds `=`", quoted(.0.as_bytes()))]
    BadKey(String),
    /// A descriptor that no extra pipe can have, or that two have.
    #[error("{0} cannot be an extra pipe: it is below 3, above {max}, or taken", max = defaults::EXTRA_PIPE_FD)]
    BadDescriptor(u32),
    /// A stream that this part cannot be connected to.
    #[error("{} cannot be connected to that", name(*.0))]
    BadStream(Part),
    /// A path out of every directory of the guest.
    #[error("{}, given as {}, is outside of every directory of the guest", name(*.part), quoted(.path.as_bytes()))]
    Outside {
        /// What the path was for.
        part: Part,
        /// The path.
        path: String,
    },
    /// One argument or variable above the kernel's bound.
    #[error("{} has {bytes} bytes with its NUL; the kernel refuses {max} and more", name(*.part), max = defaults::ARGUMENT_BYTES)]
    TooLong {
        /// `Arguments` or `Environment`.
        part: Part,
        /// Its length.
        bytes: usize,
    },
    /// Too many of something.
    #[error("there are {count} of {}; the most are {most}", name(*.part))]
    TooMany {
        /// What there are too many of.
        part: Part,
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// Arguments and environment above the kernel's bound together.
    #[error("arguments and environment have {bytes} bytes; the most are {max}", max = defaults::TOTAL_BYTES)]
    TooBig {
        /// Their size.
        bytes: usize,
    },
    /// A path in place of a name.
    #[error("{} is a path; programs go by the names that the policy gives them", quoted(.0.as_bytes()))]
    PathForName(String),
    /// A program that the policy does not name.
    #[error("no rule is for {}; add [[program]] name = \"…\" to allow it", quoted(.0.as_bytes()))]
    UnknownProgram(String),
    /// A command line, and no shell.
    #[error("the policy has no shell; add [shell] to allow command lines, which means any command")]
    NoShell,
    /// An argument 0 of the guest's own.
    #[error("argument 0 was to be {}; add allow-arg0 = true to allow it", quoted(.0))]
    Arg0(Vec<u8>),
    /// Arguments that have none of the shapes.
    #[error("the arguments have none of the allowed shapes{}; add one to `args` to allow them", details(.0))]
    NoShape(Vec<Disagreement>),
    /// A variable that the policy does not let the guest set.
    #[error("the guest set {}; add it to `allow-env` to allow it", quoted(.0.as_bytes()))]
    Variable(String),
    /// A dangerous variable that the policy does not let the guest set.
    #[error(
        "the guest set {}, which can change what the program does, up to running another; set \
         it in `env`, or add it to `allow-dangerous-env` to leave it to the guest", quoted(.0.as_bytes())
    )]
    DangerousVariable(String),
    /// A variable that the policy sets.
    #[error("the guest set {}, which the policy sets in `env`", quoted(.0.as_bytes()))]
    HostVariable(String),
    /// Writing where the guest may only read.
    #[error("{} would be written in a directory that the guest may only read", name(*.0))]
    ReadOnly(Part),
    /// A user or group of the guest's own.
    #[error("the guest chose a user or group; add allow-identity = true to allow it")]
    Identity,
}

impl DenialReason {
    /// What the guest is told.
    pub fn code(&self) -> DenialCode {
        use DenialCode::{AccessDenied, InvalidArgument, TooBig};
        match self {
            Self::Nul(part) | Self::BadStream(part) => InvalidArgument(*part),
            Self::NoName => InvalidArgument(Part::Program),
            Self::BadKey(_) => InvalidArgument(Part::Environment),
            Self::BadDescriptor(_) => InvalidArgument(Part::ExtraPipe),
            Self::Outside { part, .. } => InvalidArgument(*part),
            Self::TooLong { part, .. } | Self::TooMany { part, .. } => TooBig(*part),
            Self::TooBig { .. } => TooBig(Part::Arguments),
            Self::PathForName(_) | Self::UnknownProgram(_) | Self::NoShell => {
                AccessDenied(Part::Program)
            }
            Self::Arg0(_) | Self::NoShape(_) => AccessDenied(Part::Arguments),
            Self::Variable(_) | Self::DangerousVariable(_) | Self::HostVariable(_) => {
                AccessDenied(Part::Environment)
            }
            Self::ReadOnly(part) => AccessDenied(*part),
            Self::Identity => AccessDenied(Part::Identity),
        }
    }
}

impl Denial {
    pub(crate) fn new(reason: DenialReason, rule: Option<(String, Place)>) -> Self {
        Self(Box::new(Inner { reason, rule }))
    }

    /// What the guest is told.
    pub fn code(&self) -> DenialCode {
        self.0.reason.code()
    }

    /// Why it was refused.
    pub fn reason(&self) -> &DenialReason {
        &self.0.reason
    }

    /// The name and the place of the rule that refused it, where it got as far as a rule.
    pub fn rule(&self) -> Option<(&str, &Place)> {
        self.0
            .rule
            .as_ref()
            .map(|(name, place)| (name.as_str(), place))
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((name, place)) = self.rule() {
            write!(f, "{place}: the rule for `{name}`: ")?;
        }
        write!(f, "{}", self.reason())
    }
}

impl std::error::Error for Denial {}

fn name(part: Part) -> &'static str {
    match part {
        Part::Program => "the program's name",
        Part::Arguments => "the arguments",
        Part::Environment => "the environment",
        Part::WorkingDirectory => "the working directory",
        Part::Stdin => "standard input",
        Part::Stdout => "standard output",
        Part::Stderr => "standard error",
        Part::ExtraPipe => "the extra pipes",
        Part::Session => "the session",
        Part::Umask => "the file mode creation mask",
        Part::Identity => "the user or a group",
        Part::PipeSize => "the size of the pipes",
        Part::Deadline => "the deadline",
        Part::Signal => "the signal",
    }
}

fn details(disagreements: &[Disagreement]) -> String {
    let longest = disagreements
        .iter()
        .max_by_key(|disagreement| disagreement.argument);
    longest.map_or_else(String::new, |closest| {
        format!(" (at the closest one, {closest})")
    })
}
