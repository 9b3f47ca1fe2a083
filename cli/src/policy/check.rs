//! `offspring policy check`.

use super::load::load;
use crate::args::{CheckArgs, DirectoryArg};
use crate::exit;
use anyhow::Result;
use offspring_policy::{Confinement, PinnedPolicy};

pub(super) fn check(args: &CheckArgs) -> Result<i32> {
    let policy = load(&args.file)?;
    let preopens: Vec<_> = args.directories.iter().map(DirectoryArg::preopen).collect();
    // Without directories, no guest is known, and only it could lack one that a rule names.
    if !preopens.is_empty() {
        policy.bind(&preopens)?;
    }
    summary(&policy);
    for lint in policy.lints() {
        eprintln!("{lint}");
    }
    let warnings = policy.lints().len();
    let file = args.file.display();
    match warnings {
        0 => println!("{file}: sound"),
        1 => println!("{file}: sound, with a warning"),
        _ => println!("{file}: sound, with {warnings} warnings"),
    }
    Ok(if args.strict && warnings > 0 {
        exit::WARNINGS
    } else {
        0
    })
}

fn summary(policy: &PinnedPolicy) {
    if !policy.allows_anything() {
        println!("nothing may be launched");
        return;
    }
    let programs = policy.programs();
    let programs = programs.map(|(name, program)| (name, program, policy.grants(name)));
    let shell = policy.shell().into_iter();
    let shell = shell.map(|shell| ("(shell)", shell, policy.shell_grants()));
    let all: Vec<_> = programs.chain(shell).collect();
    let names = all.iter().map(|(name, ..)| name.chars().count());
    let width = names.max().unwrap_or(0);
    for (name, program, grants) in all {
        println!("{name:width$}  {}", program.path().display());
        if let Some(grants) = grants.filter(|grants| !grants.is_empty()) {
            println!("{:width$}  with {grants}", "");
        }
    }
    println!("{}", confined(policy.confinement()));
    if let Some(fallback) = policy.fallback() {
        println!("at worst {}", confined(fallback));
    }
}

/// What a confinement means, in a line.
fn confined(how: Confinement) -> &'static str {
    match how {
        Confinement::Namespace => "confined by namespace: each lives in the guest's world",
        Confinement::Landlock => "confined by landlock: each reaches the guest's files only",
        Confinement::None => "unconfined: each has all rights of whoever runs the host",
    }
}
