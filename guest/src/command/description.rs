//! A command in the guest's words, before a backend takes it.

use std::fmt;
use std::time::Duration;

use crate::Part;
use crate::backend::Backend;
use crate::stdio::Kind;

/// A user or a group of the system that the child runs on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// By number.
    Id(u32),
    /// By name.
    Name(String),
}

impl From<u32> for Identity {
    fn from(id: u32) -> Identity {
        Identity::Id(id)
    }
}

impl From<&str> for Identity {
    fn from(name: &str) -> Identity {
        Identity::Name(name.to_owned())
    }
}

/// Which way an extra pipe carries bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The child reads.
    ToChild,
    /// The child writes.
    FromChild,
}

/// What is run.
pub(crate) enum Program<B: Backend> {
    /// A program by its name in the policy.
    Named(String),
    /// A command line for the operator's shell, and the function that takes it.
    /// A guest that asks for no shell never names the function, and so does not
    /// import the interface.
    Shell(Vec<u8>, fn(&[u8]) -> B::Command),
}

impl<B: Backend> Clone for Program<B> {
    fn clone(&self) -> Self {
        match self {
            Program::Named(name) => Program::Named(name.clone()),
            Program::Shell(line, make) => Program::Shell(line.clone(), *make),
        }
    }
}

impl<B: Backend> fmt::Debug for Program<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Program::Named(name) => write!(f, "{name:?}"),
            Program::Shell(line, _) => write!(f, "sh -c {:?}", String::from_utf8_lossy(line)),
        }
    }
}

/// Everything that can be said about a command but the program and its standard
/// streams.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) args: Vec<Vec<u8>>,
    pub(crate) arg0: Option<Vec<u8>>,
    pub(crate) env: Vec<(String, Vec<u8>)>,
    pub(crate) cwd: Option<String>,
    pub(crate) extra_pipes: Vec<(u32, Direction)>,
    pub(crate) pipe_size: Option<u32>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) idle_deadline: Option<Duration>,
    pub(crate) drain: Option<Duration>,
    pub(crate) new_session: bool,
    pub(crate) umask: Option<u32>,
    pub(crate) user: Option<Identity>,
    pub(crate) group: Option<Identity>,
    pub(crate) groups: Option<Vec<Identity>>,
    /// The first part that cannot cross to the host, since it is not UTF-8.
    pub(crate) malformed: Option<Part>,
}

/// A whole command, for one spawn.
pub struct Description<B: Backend> {
    pub(crate) program: Program<B>,
    pub(crate) settings: Settings,
    pub(crate) stdin: Kind<B>,
    pub(crate) stdout: Kind<B>,
    pub(crate) stderr: Kind<B>,
}
