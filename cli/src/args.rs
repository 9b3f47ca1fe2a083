//! The command line, as it is written.

mod confinement;
mod directory;
mod doctor;
mod grant;
mod limits;
mod policy;
mod run;
mod units;
mod variable;

pub(crate) use confinement::{AllowArgs, Tier};
pub(crate) use directory::DirectoryArg;
pub(crate) use doctor::DoctorArgs;
pub(crate) use grant::Grant;
pub(crate) use policy::{CheckArgs, ExplainArgs, PolicyCommand};
pub(crate) use run::RunArgs;
pub(crate) use variable::Variable;

use clap::{Args, Parser, Subcommand};

/// Runs WebAssembly components that may launch native programs, under your policy.
///
/// A component is sandboxed: it reaches no file, no variable and no program that you did not
/// give it. `offspring` runs components of WASI 0.2 and 0.3 and gives them one thing more,
/// `offspring:process`, with which they launch the programs that a policy allows. These live in
/// a world of the guest's own, unless the policy says otherwise: its directories, and what programs
/// need to run.
#[derive(Debug, Parser)]
#[command(name = "offspring", version, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(Box<RunArgs>),
    Demo(DemoArgs),
    Doctor(DoctorArgs),
    #[command(subcommand)]
    Policy(PolicyCommand),
}

/// Show what this is about: a guest at work with native programs
///
/// The guest is part of this command. It works in a temporary directory with git, sort, uniq, bc,
/// tail, sleep, cat and ls, as far as they are installed. It is refused what its policy does not
/// allow, and what a program reaches beyond the guest's directory is shown.
#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// Print the policy of the demonstration, and run nothing
    #[arg(long)]
    pub print_policy: bool,

    /// How the programs are confined
    #[arg(long, value_name = "TIER", default_value = "namespace")]
    pub confinement: Tier,
}

const EXAMPLES: &str = "\
Examples:
  offspring demo                                           see a guest at work
  offspring doctor                                         what can this machine enforce?
  offspring run app.wasm                                   a component that launches nothing
  offspring run --dir . --policy policy.toml app.wasm      one that may launch what the policy says
  offspring policy check policy.toml                       is the policy sound?
  offspring policy explain policy.toml -- git log -n 3     would this be allowed, and why?";
