//! What a run may launch: its policy file and its quick grants together.

use super::load::load;
use crate::args::{AllowArgs, Grant, RunArgs};
use anyhow::Result;
use offspring_policy::{Confinement, PinnedPolicy, ProgramBuilder};

/// The policy of a run; it allows nothing where none is given.
pub(crate) fn granted(args: &RunArgs) -> Result<PinnedPolicy> {
    let file = args.policy.as_deref().map(load).transpose()?;
    let quick = (!args.allow.programs.is_empty())
        .then(|| quick(&args.allow, file.as_ref()))
        .transpose()?;
    Ok(match (file, quick) {
        (Some(file), Some(quick)) => file.merge(&quick)?,
        (Some(policy), None) | (None, Some(policy)) => policy,
        (None, None) => PinnedPolicy::deny_all(),
    })
}

/// Quick grants are confined, bounded and ended as the policy file has it, where there is one, and
/// nothing else is said.
fn quick(args: &AllowArgs, file: Option<&PinnedPolicy>) -> Result<PinnedPolicy> {
    let (confinement, fallback) = match (args.confinement, file) {
        (None, Some(file)) => (file.confinement(), file.fallback()),
        (tier, _) => (tier.map_or(Confinement::Namespace, Into::into), None),
    };
    let mut policy = PinnedPolicy::builder(confinement).origin("--allow");
    if let Some(fallback) = args.fallback.map(Into::into).or(fallback) {
        policy = policy.fallback(fallback);
    }
    if let Some(file) = file {
        policy = policy.children_as_in(file);
    }
    if let Some(most) = args.max_children {
        policy = policy.children(most);
    }
    for grant in &args.programs {
        policy = policy.program(program(grant, args));
    }
    Ok(policy.build()?)
}

fn program(grant: &Grant, args: &AllowArgs) -> ProgramBuilder {
    let mut program = ProgramBuilder::new(&grant.name).shape(["{any}..."]);
    if let Some(path) = &grant.path {
        program = program.path(path);
    }
    if let Some(reach) = &args.network {
        program = program.network(reach.0.clone());
    }
    if let Some(bytes) = args.tmp {
        program = program.tmp(bytes);
    }
    if args.proc {
        program = program.proc();
    }
    program = bounded(program, args);
    program = args.runtime.iter().fold(program, ProgramBuilder::runtime);
    args.execute
        .iter()
        .fold(program, |program, name| program.execute(name))
}

fn bounded(mut program: ProgramBuilder, args: &AllowArgs) -> ProgramBuilder {
    if let Some(time) = args.child_timeout {
        program = program.deadline(time);
    }
    if let Some(bytes) = args.memory {
        program = program.memory(bytes);
    }
    if let Some(time) = args.cpu {
        program = program.cpu(time);
    }
    program
}
