//! One program's rule, written in Rust.

use crate::profile::Network;
use crate::raw::{RawNetwork, RawPorts, RawProgram, Text, Words, unplaced};
use crate::signal::Signal;
use std::path::PathBuf;

/// Builds the rule of one program. A new rule allows no arguments at all, not even none: give
/// it at least one [`shape`](Self::shape).
#[derive(Clone, Debug)]
pub struct ProgramBuilder {
    pub(super) raw: RawProgram,
}

impl ProgramBuilder {
    /// A rule for the program that guests call `name`.
    pub fn new(name: &str) -> Self {
        Self {
            raw: RawProgram::named(text(name)),
        }
    }

    /// Where the program is. It is looked for in `PATH` otherwise.
    pub fn path(mut self, path: impl Into<PathBuf>) -> Self {
        self.raw.path = Some(unplaced(path.into()));
        self
    }

    /// What runs the program's file, whatever its first line says.
    pub fn interpreter(mut self, path: impl Into<PathBuf>) -> Self {
        self.raw.interpreter = Some(unplaced(path.into()));
        self
    }

    /// Allows one more shape of arguments: a pattern for each argument.
    pub fn shape<'a>(mut self, patterns: impl IntoIterator<Item = &'a str>) -> Self {
        let shapes = self.raw.args.get_or_insert_with(|| unplaced(Vec::new()));
        shapes.get_mut().push(words(patterns));
        self
    }

    /// Sets a variable.
    pub fn env(mut self, key: &str, value: &str) -> Self {
        self.raw.env.insert(text(key), text(value));
        self
    }

    /// Lets the guest set a variable.
    pub fn allow_env(mut self, key: &str) -> Self {
        self.raw.allow_env.push(text(key));
        self
    }

    /// Lets the guest set a variable that can change what the program does.
    ///
    /// # Authority
    ///
    /// Possibly any command: think of `LD_PRELOAD`.
    pub fn allow_dangerous_env(mut self, key: &str) -> Self {
        self.raw.allow_dangerous_env.push(text(key));
        self
    }

    /// Lets the guest send these signals and `SIGKILL`, in place of the default ones.
    pub fn signals(mut self, signals: impl IntoIterator<Item = Signal>) -> Self {
        let names = signals.into_iter().map(|signal| unplaced(signal.name()));
        self.raw.signals = Some(names.collect());
        self
    }

    /// Lets the guest choose argument 0.
    ///
    /// # Authority
    ///
    /// Every program in a file of many, such as busybox.
    pub fn allow_arg0(mut self) -> Self {
        self.raw.allow_arg0 = true;
        self
    }

    /// Lets the guest choose the user and the groups, as far as the host may set them.
    ///
    /// # Authority
    ///
    /// Where the host runs as root, the files of every user.
    pub fn allow_identity(mut self) -> Self {
        self.raw.allow_identity = true;
        self
    }

    /// Says what of the network the program reaches, which is nothing otherwise.
    ///
    /// # Authority
    ///
    /// [`Network::Host`] is all that the host reaches, its own loopback services too.
    pub fn network(mut self, network: Network) -> Self {
        self.raw.network = Some(unplaced(match network {
            Network::None => RawNetwork::Word("none".to_owned()),
            Network::Host => RawNetwork::Word("host".to_owned()),
            Network::Connect(ports) => RawNetwork::Ports(RawPorts {
                connect: ports.into_iter().map(i64::from).collect(),
            }),
        }));
        self
    }

    /// Gives the program a `/tmp` of at most so many bytes, which the guest's children share.
    pub fn tmp(mut self, bytes: u64) -> Self {
        self.raw.tmp = Some(unplaced(format!("{bytes}B")));
        self
    }

    /// Gives the program a `/proc` of the guest's children.
    ///
    /// # Authority
    ///
    /// It tells where the guest's directories are on the host.
    pub fn proc(mut self) -> Self {
        self.raw.proc = Some(unplaced(true));
        self
    }

    /// Shows the program a file or directory of the host, read-only.
    ///
    /// # Authority
    ///
    /// Reading and executing whatever is there.
    pub fn runtime(mut self, path: impl Into<PathBuf>) -> Self {
        self.raw.runtime.push(unplaced(path.into()));
        self
    }

    /// Lets files in a directory of the guest be executed.
    ///
    /// # Authority
    ///
    /// Programs that the guest wrote, within the program's confinement.
    pub fn execute(mut self, directory: &str) -> Self {
        self.raw.execute.push(text(directory));
        self
    }

    /// Adds an example that the rule must accept: the program's name and its arguments.
    pub fn accept<'a>(mut self, example: impl IntoIterator<Item = &'a str>) -> Self {
        self.raw.accept.push(words(example));
        self
    }

    /// Adds an example that the rule must refuse: the program's name and its arguments.
    pub fn refuse<'a>(mut self, example: impl IntoIterator<Item = &'a str>) -> Self {
        self.raw.refuse.push(words(example));
        self
    }

    pub(super) fn into_raw(self) -> RawProgram {
        self.raw
    }
}

pub(super) fn text(text: &str) -> Text {
    unplaced(text.to_owned())
}

fn words<'a>(texts: impl IntoIterator<Item = &'a str>) -> Words {
    unplaced(texts.into_iter().map(text).collect())
}
