//! `offspring demo`: the guest that is part of this command, at work.

mod available;

use crate::args::{DemoArgs, DirectoryArg};
use crate::engine::CacheChoice;
use crate::run::Job;
use crate::{confine, exit, report};
use anyhow::{Context, Error, Result};
use available::Available;
use offspring_host::SandboxError;
use offspring_policy::{Confinement, Denial, ParsedPolicy};
use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

/// The component, which the build script has built from `demo/`.
const COMPONENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/demo.wasm"));

/// What it may launch.
const POLICY: &str = include_str!("../demo/policy.toml");

/// What the transcript calls the policy.
const POLICY_NAME: &str = "cli/demo/policy.toml";

/// Runs the demonstration: its exit code.
pub(crate) fn demo(args: &DemoArgs) -> i32 {
    if args.print_policy {
        print!("{POLICY}");
        return 0;
    }
    perform(args.confinement.into()).unwrap_or_else(|error| {
        tell_why_not(&error);
        exit::NOT_STARTED
    })
}

fn perform(confinement: Confinement) -> Result<i32> {
    let directory = tempfile::Builder::new()
        .prefix("offspring-demo-")
        .tempdir()
        .context("no directory for the demonstration can be made")?;
    let Available { policy, missing } = available::available(POLICY);
    // The first line is a comment, and all lines keep their numbers.
    let policy = format!("confinement = \"{confinement}\" {policy}");
    let policy = ParsedPolicy::parse(&policy, POLICY_NAME)?.pin()?;
    let policy = confine::settle(policy, false)?;
    let (work, private) = furnish(directory.path())?;
    let colour = colour();

    let names: Vec<_> = policy.programs().map(|(name, _)| name).collect();
    println!("A sandboxed WebAssembly component at work with native programs.");
    println!(
        "  component  {} KiB of WASI 0.3, part of this command",
        COMPONENT.len() / 1024
    );
    println!("  directory  {}, for the time being", work.display());
    println!(
        "  beside it  {}, which the guest is not given",
        private.display()
    );
    println!(
        "  policy     {POLICY_NAME} allows {}, each in a few ways",
        names.join(", ")
    );
    println!("  confined   {}", confined(confinement));

    let flag = colour.then(|| "--colour".to_owned());
    let code = Job {
        file: "demo.wasm".into(),
        bytes: COMPONENT.to_owned(),
        policy,
        directories: vec![DirectoryArg {
            host: work,
            guest: ".".to_owned(),
            writable: true,
        }],
        variables: Vec::new(),
        argv: ["demo.wasm".to_owned()]
            .into_iter()
            .chain(flag)
            .chain([format!("--private={}", private.display())])
            .chain(missing)
            .collect(),
        timeout: None,
        fuel: None,
        cache: CacheChoice::User,
        quiet: false,
        on_denial: Some(Box::new(move |denial| tell(denial, colour))),
    }
    .run()?;
    directory
        .close()
        .context("the demonstration's directory cannot be removed")?;
    if code == 0 {
        println!("{NEXT}");
    }
    Ok(code)
}

/// A directory for the guest, and a file beside it that is none of the guest's.
fn furnish(directory: &Path) -> Result<(PathBuf, PathBuf)> {
    let (work, private) = (directory.join("work"), directory.join("private.txt"));
    fs::create_dir(&work)
        .and_then(|()| {
            fs::write(
                &private,
                "This file is private, and was read all the same.\n",
            )
        })
        .context("the demonstration's directory cannot be furnished")?;
    Ok((work, private))
}

fn confined(confinement: Confinement) -> &'static str {
    match confinement {
        Confinement::Namespace => {
            "to the guest's world: this directory, and what programs need to run"
        }
        Confinement::Landlock => "to this directory, and what programs need to run",
        Confinement::None => "not at all: an allowed program has all rights of your user",
    }
}

/// Says what to do where this machine cannot confine.
fn tell_why_not(error: &Error) {
    report::error(error);
    if error.is::<SandboxError>() {
        report::note("`offspring demo --confinement landlock`, or none, confines less, or nothing");
    }
}

/// Tells of a refusal in the middle of the transcript, in the manner of its other lines.
fn tell(denial: &Denial, colour: bool) {
    let (dim, plain) = if colour {
        ("\x1b[2m", "\x1b[0m")
    } else {
        ("", "")
    };
    let place = denial
        .rule()
        .map_or(format!("{POLICY_NAME}: "), |_| String::new());
    println!("    {dim}the operator is told:{plain} {place}{denial}");
}

/// Whether to print in colour: to a terminal, unless NO_COLOR says otherwise.
fn colour() -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    io::stdout().is_terminal() && !refused
}

const NEXT: &str = "
What to try next:
  offspring doctor                                         what can this machine enforce?
  offspring demo --print-policy > policy.toml              the rules that this guest ran under
  offspring policy check policy.toml                       are they sound?
  offspring policy explain policy.toml -- git push         what would they say to this?
  offspring run --help                                     run a component of your own";
