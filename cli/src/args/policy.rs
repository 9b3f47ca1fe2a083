//! `offspring policy`.

use super::{DirectoryArg, Variable};
use clap::{Args, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// Test and explain policies; nothing is launched.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum PolicyCommand {
    Check(CheckArgs),
    Explain(ExplainArgs),
}

/// Check a policy: its text, its programs on this host, and its examples.
///
/// Prints what the policy allows, and warns of what it perhaps should not.
#[derive(Args, Debug)]
#[command(after_help = "Exit codes: 0 sound, 1 warnings with --strict, 2 not sound.")]
pub(crate) struct CheckArgs {
    /// The policy
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// A directory that the guest will have, as with `run`; again for more
    #[arg(long = "dir", value_name = DirectoryArg::VALUE_NAME)]
    pub directories: Vec<DirectoryArg>,

    /// Take warnings for failures
    #[arg(long)]
    pub strict: bool,
}

/// Explain what a policy decides on a command, and which rule does.
///
/// Give the same directories as with `run`: paths in arguments are judged by them.
#[derive(Args, Debug)]
#[command(
    override_usage = "offspring policy explain [OPTIONS] FILE -- PROGRAM [ARGS]...\n       \
                      offspring policy explain [OPTIONS] --shell FILE -- LINE",
    after_help = "Exit codes: 0 allowed, 1 refused, 2 the policy does not load."
)]
pub(crate) struct ExplainArgs {
    /// The policy
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// A directory that the guest will have, as with `run`; again for more
    #[arg(long = "dir", value_name = DirectoryArg::VALUE_NAME)]
    pub directories: Vec<DirectoryArg>,

    /// A variable that the guest sets for the program; again for more
    #[arg(long = "env", value_name = "NAME[=VAL]")]
    pub variables: Vec<Variable>,

    /// The working directory that the guest asks for, in its own terms
    #[arg(long, value_name = "DIR")]
    pub cwd: Option<String>,

    /// Explain a command line for the shell instead of a program
    #[arg(long)]
    pub shell: bool,

    /// The program, by the name that guests call it, and its arguments
    #[arg(value_name = "PROGRAM", required = true, last = true)]
    pub command: Vec<OsString>,
}

const EXAMPLES: &str = "\
Examples:
  offspring policy check --dir . policy.toml
  offspring policy explain policy.toml -- git log -n 3
  offspring policy explain --dir src::/src --cwd /src policy.toml -- git diff -- /src/main.rs
  offspring policy explain --shell policy.toml -- 'ls | wc -l'";
