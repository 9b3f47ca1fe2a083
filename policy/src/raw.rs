//! The policy file as it is written: keys and values, and nothing checked but their types.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use toml::Spanned;

pub(crate) type Text = Spanned<String>;
pub(crate) type Words = Spanned<Vec<Text>>;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPolicy {
    pub confinement: Option<Text>,
    pub fallback: Option<Text>,
    #[serde(default)]
    pub limits: RawLimits,
    #[serde(default)]
    pub program: Vec<Spanned<RawProgram>>,
    pub shell: Option<Spanned<RawShell>>,
}

/// Bounds of children, and of a guest: all of them, so that one in a rule's table can be told from
/// one that does not exist.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a table of bounds, [limits]"
)]
pub(crate) struct RawLimits {
    pub children: Option<Spanned<RawCount>>,
    pub spawns: Option<Spanned<RawCount>>,
    pub spawn_rate: Option<Text>,
    pub queue: Option<Text>,
    pub processes: Option<Spanned<RawCount>>,
    pub deadline: Option<Text>,
    pub idle: Option<Text>,
    pub drain: Option<Text>,
    pub output: Option<Text>,
    pub output_per_stream: Option<Text>,
    pub cpu: Option<Text>,
    pub memory: Option<Text>,
    pub file_size: Option<Text>,
    pub open_files: Option<Spanned<RawCount>>,
    pub teardown: Option<Words>,
    pub background: Option<Text>,
}

/// A number, or a word in its place.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "expected a whole number or \"none\"")]
pub(crate) enum RawCount {
    Number(i64),
    Word(String),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a table, [[program]]"
)]
pub(crate) struct RawProgram {
    pub name: Text,
    pub path: Option<Spanned<PathBuf>>,
    pub interpreter: Option<Spanned<PathBuf>>,
    pub args: Option<Spanned<Vec<Words>>>,
    #[serde(default)]
    pub env: BTreeMap<Text, Text>,
    #[serde(default)]
    pub allow_env: Vec<Text>,
    #[serde(default)]
    pub allow_dangerous_env: Vec<Text>,
    pub signals: Option<Vec<Text>>,
    #[serde(default)]
    pub allow_arg0: bool,
    #[serde(default)]
    pub allow_identity: bool,
    pub network: Option<Spanned<RawNetwork>>,
    pub tmp: Option<Text>,
    pub proc: Option<Spanned<bool>>,
    #[serde(default)]
    pub runtime: Vec<Spanned<PathBuf>>,
    #[serde(default)]
    pub execute: Vec<Text>,
    #[serde(default)]
    pub accept: Vec<Words>,
    #[serde(default)]
    pub refuse: Vec<Words>,
    #[serde(default)]
    pub limits: RawLimits,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a table, [shell]"
)]
pub(crate) struct RawShell {
    pub name: Option<Text>,
    pub path: Option<Spanned<PathBuf>>,
    #[serde(default)]
    pub env: BTreeMap<Text, Text>,
    #[serde(default)]
    pub allow_env: Vec<Text>,
    #[serde(default)]
    pub allow_dangerous_env: Vec<Text>,
    pub signals: Option<Vec<Text>>,
    pub network: Option<Spanned<RawNetwork>>,
    pub tmp: Option<Text>,
    pub proc: Option<Spanned<bool>>,
    #[serde(default)]
    pub runtime: Vec<Spanned<PathBuf>>,
    #[serde(default)]
    pub execute: Vec<Text>,
    #[serde(default)]
    pub limits: RawLimits,
}

/// What of the network a child reaches: a word, or what it may do.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "expected \"none\", \"host\" or { connect = [ports] }"
)]
pub(crate) enum RawNetwork {
    Word(String),
    Ports(RawPorts),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPorts {
    pub connect: Vec<i64>,
}

/// A value that no file holds.
pub(crate) fn unplaced<T>(value: T) -> Spanned<T> {
    Spanned::new(0..0, value)
}

impl RawProgram {
    /// A rule that says nothing but the program's name.
    pub(crate) fn named(name: Text) -> Self {
        Self {
            name,
            path: None,
            interpreter: None,
            args: None,
            env: BTreeMap::new(),
            allow_env: Vec::new(),
            allow_dangerous_env: Vec::new(),
            signals: None,
            allow_arg0: false,
            allow_identity: false,
            network: None,
            tmp: None,
            proc: None,
            runtime: Vec::new(),
            execute: Vec::new(),
            accept: Vec::new(),
            refuse: Vec::new(),
            limits: RawLimits::default(),
        }
    }
}

impl RawShell {
    /// The shell as a program that takes `-c`, any line, and any arguments of the line.
    pub(crate) fn into_program(self, at: std::ops::Range<usize>) -> RawProgram {
        let place = |text: &str| Spanned::new(at.clone(), text.to_owned());
        let shape = ["-c", "{any}", "{any}..."].map(place).to_vec();
        let shapes = vec![Spanned::new(at.clone(), shape)];
        RawProgram {
            path: self.path,
            args: Some(Spanned::new(at.clone(), shapes)),
            env: self.env,
            allow_env: self.allow_env,
            allow_dangerous_env: self.allow_dangerous_env,
            signals: self.signals,
            network: self.network,
            tmp: self.tmp,
            proc: self.proc,
            runtime: self.runtime,
            execute: self.execute,
            limits: self.limits,
            ..RawProgram::named(self.name.unwrap_or_else(|| place("sh")))
        }
    }
}
