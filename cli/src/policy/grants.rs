//! What a run may launch: its policy file and its quick grants together.

use super::load::load;
use crate::args::{ConfinementArg, RunArgs};
use anyhow::Result;
use offspring_policy::{Confinement, PinnedPolicy};

/// The policy of a run; it allows nothing where none is given.
pub(crate) fn granted(args: &RunArgs) -> Result<PinnedPolicy> {
    let file = args.policy.as_deref().map(load).transpose()?;
    let quick = match args.confinement {
        Some(confinement) if !args.grants.is_empty() => Some(quick(args, confinement)?),
        _ => None,
    };
    Ok(match (file, quick) {
        (Some(file), Some(quick)) => file.merge(&quick)?,
        (Some(policy), None) | (None, Some(policy)) => policy,
        (None, None) => PinnedPolicy::deny_all(),
    })
}

fn quick(args: &RunArgs, confinement: ConfinementArg) -> Result<PinnedPolicy> {
    let confinement = match confinement {
        ConfinementArg::None => Confinement::None,
    };
    let mut policy = PinnedPolicy::builder(confinement).origin("--allow");
    for grant in &args.grants {
        policy = policy.allow(&grant.name, grant.path.clone());
    }
    Ok(policy.build()?)
}
