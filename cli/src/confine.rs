//! Whether this machine can confine children as a policy wants.

use crate::report;
use anyhow::Result;
use offspring_host::Settled;
use offspring_policy::{Confinement, PinnedPolicy};

/// The policy, fallen back as far as it has to and allows.
///
/// # Errors
///
/// Why the weakest confinement that it allows cannot be had.
pub(crate) fn settle(policy: PinnedPolicy, quiet: bool) -> Result<PinnedPolicy> {
    let Settled {
        policy,
        unavailable,
        ..
    } = offspring_host::settle(policy)?;
    if let Some(error) = unavailable.first()
        && !quiet
    {
        let instead = match policy.confinement() {
            Confinement::None => "they run unconfined".to_owned(),
            weaker => format!("they are confined in tier {weaker}"),
        };
        report::note(&format!(
            "{error}; {instead}, as the policy allows (see `offspring doctor`)"
        ));
    }
    Ok(policy)
}
