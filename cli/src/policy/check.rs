//! `offspring policy check`.

use super::load::load;
use crate::args::{CheckArgs, DirectoryArg};
use crate::exit;
use anyhow::Result;
use offspring_policy::{Confinement, PinnedPolicy};

pub(super) fn check(args: &CheckArgs) -> Result<i32> {
    let policy = load(&args.file)?;
    let preopens: Vec<_> = args.directories.iter().map(DirectoryArg::preopen).collect();
    policy.bind(&preopens)?;
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
    let shell = policy.shell().map(|shell| ("(shell)", shell));
    let programs: Vec<_> = policy.programs().chain(shell).collect();
    let width = programs
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    for (name, program) in &programs {
        println!("{name:width$}  {}", program.path().display());
    }
    match policy.confinement() {
        _ if programs.is_empty() => println!("nothing may be launched"),
        Confinement::None => {
            println!("unconfined: each has all rights of whoever runs the host");
        }
    }
}
