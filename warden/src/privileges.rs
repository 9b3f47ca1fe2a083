//! Giving up privileges: nothing here can be had back, by us or by a child.

use crate::failure::Failed;
use crate::sys::{abi, fence, process};
use crate::wire::{Failure, Step, Tier, World};

/// More capabilities than any kernel has.
const CAPABILITIES: u64 = 64;

/// Give up every capability for good, and the ways to get one: a set-user-ID program, a program
/// with capabilities of its own, and being root.
pub fn give_up(world: &World) -> Result<(), Failure> {
    if world.tier == Tier::Landlock {
        // Only a privileged host has any groups that it can leave.
        let _ = process::leave_groups();
        // Nobody but us reaps what a child leaves behind.
        fence::control(abi::PR_SET_CHILD_SUBREAPER, 1)
            .failed(Step::Privileges, "a child subreaper")?;
    }
    // Without capabilities there is none that could be dropped from the bounding set, and no new
    // privileges are had from a program's file either.
    if !fence::has_no_capabilities().failed(Step::Privileges, "capabilities")? {
        fence::control(abi::PR_SET_SECUREBITS, abi::SECUREBITS)
            .failed(Step::Privileges, "secure bits")?;
        for capability in 0..CAPABILITIES {
            match fence::control(abi::PR_CAPBSET_DROP, capability) {
                Ok(_) => {}
                Err(error) if error.raw_os_error() == Some(abi::EINVAL) => break,
                Err(error) => return Err(error).failed(Step::Privileges, "the bounding set"),
            }
        }
    }
    fence::control(abi::PR_CAP_AMBIENT, abi::PR_CAP_AMBIENT_CLEAR_ALL)
        .failed(Step::Privileges, "ambient capabilities")?;
    fence::drop_capabilities().failed(Step::Privileges, "capabilities")?;
    fence::control(abi::PR_SET_NO_NEW_PRIVS, 1).failed(Step::Privileges, "no_new_privs")?;
    // Nobody reads our memory or our descriptors, by ptrace(2) or by /proc.
    fence::control(abi::PR_SET_DUMPABLE, 0).failed(Step::Privileges, "dumpable")?;
    Ok(())
}
