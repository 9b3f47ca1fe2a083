//! The `offspring` command: runs WebAssembly components that may launch native programs, as far
//! as the operator's policy allows, and tests and explains such policies.

mod args;
mod component;
mod confine;
mod demo;
mod doctor;
mod engine;
mod exit;
mod log;
mod policy;
mod report;
mod run;
mod warden;

use args::{Cli, Command};
use clap::Parser;

fn main() {
    let cli = Cli::parse();
    if let Err(error) = warden::from_environment() {
        report::error(&error);
        std::process::exit(exit::NOT_STARTED);
    }
    let code = match cli.command {
        Command::Run(args) => run::run(&args),
        Command::Demo(args) => demo::demo(&args),
        Command::Doctor(args) => doctor::doctor(&args),
        Command::Policy(command) => policy::run(&command),
    };
    std::process::exit(code);
}
