//! `offspring run`.

mod ending;
mod guest;
mod interruption;
mod job;

pub(crate) use job::{DenialObserver, Job};

use crate::args::RunArgs;
use crate::engine::CacheChoice;
use crate::{confine, exit, log, policy, report};
use anyhow::{Context, Result, anyhow};
use offspring_policy::PinnedPolicy;
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;

/// Runs a component: the exit code of this command.
pub(crate) fn run(args: &RunArgs) -> i32 {
    if !args.quiet {
        log::print_errors();
    }
    job(args).and_then(Job::run).unwrap_or_else(|error| {
        report::error(&error);
        exit::NOT_STARTED
    })
}

fn job(args: &RunArgs) -> Result<Job> {
    let file = args.component();
    let bytes = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let policy = policy::granted(args)?;
    if !args.quiet {
        introduce(&policy);
    }
    let policy = confine::settle(policy, args.quiet)?;
    let no_grants = args.allow.programs.is_empty();
    let origin = args.policy.clone().filter(|_| no_grants);
    Ok(Job {
        file: file.to_owned(),
        bytes,
        policy,
        directories: args.directories.clone(),
        variables: args.variables.clone(),
        argv: argv(args)?,
        timeout: args.limits.timeout(),
        fuel: args.limits.fuel(),
        cache: CacheChoice::of(args),
        quiet: args.quiet,
        on_denial: (!args.quiet).then(|| observer(origin, no_grants)),
    })
}

/// What the guest sees as its arguments: its name first, without the directories, which are
/// nothing that it must know.
fn argv(args: &RunArgs) -> Result<Vec<String>> {
    let text = |word: &OsStr| {
        let text = word.to_str().map(str::to_owned);
        text.ok_or_else(|| anyhow!("the argument {word:?} is not UTF-8, as WASI's arguments are"))
    };
    let name = match &args.argv0 {
        Some(name) => name.clone(),
        None => text(args.component().file_name().unwrap_or_default())?,
    };
    let rest = args.guest_args().iter().map(|word| text(word));
    std::iter::once(Ok(name)).chain(rest).collect()
}

/// Says before the start what the operator should know of the policy.
fn introduce(policy: &PinnedPolicy) {
    for lint in policy.lints() {
        report::lint(lint);
    }
}

/// Tells the operator of what was refused, and where a rule would have to be.
fn observer(policy: Option<PathBuf>, no_grants: bool) -> DenialObserver {
    Box::new(move |denial| {
        let place = match (&policy, denial.rule()) {
            (Some(file), None) => format!("{}: ", file.display()),
            _ => String::new(),
        };
        let advice = match (&policy, denial.rule()) {
            (None, None) if no_grants => " (there is no policy: give one with --policy)",
            _ => "",
        };
        eprintln!("offspring: refused: {place}{denial}{advice}");
    })
}
