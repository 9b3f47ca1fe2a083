//! Trying the fences, from behind them.
//!
//! That a call which puts up a fence succeeded is not taken for a fence. Each is tried with
//! something that would succeed without it, and a world whose fence does not hold is refused.

use crate::failure::numbered;
use crate::sys::{abi, errno, fence, process};
use crate::wire::{Failure, Network, Step, Tier, World};
use crate::world::UNREADABLE;
use std::ffi::{c_int, c_ulong};
use std::fs::File;
use std::io;

/// Try them all.
pub fn prove(world: &World) -> Result<(), Failure> {
    expect("no capabilities", || {
        fence::has_no_capabilities().is_ok_and(|none| none)
    })?;
    expect("no_new_privs", || {
        asked(abi::PR_GET_NO_NEW_PRIVS) == Some(1)
    })?;
    expect("seccomp", || {
        asked(abi::PR_GET_SECCOMP) == Some(abi::SECCOMP_MODE_FILTER)
    })?;
    // A user namespace can be made by anybody, where any can be made at all; in a world of tier
    // landlock this may be the machine's doing, and then it is no worse.
    refused("seccomp", abi::EPERM, || {
        process::leave_namespaces(abi::CLONE_NEWUSER)
    })?;
    if world.network == Network::None {
        refused("no sockets", abi::EACCES, || {
            process::try_socket(abi::AF_INET, abi::SOCK_DGRAM)
        })?;
    }
    match world.tier {
        Tier::Namespace => namespace(),
        Tier::Landlock => landlock(),
    }
}

fn namespace() -> Result<(), Failure> {
    expect("the pid namespace", || {
        process::own_id() == 1 && process::parent_id() == 0
    })?;
    expect("the mount tree", || {
        std::fs::symlink_metadata("/.offspring-host").is_err()
    })?;
    refused("a read-only root", abi::EROFS, || {
        std::fs::create_dir("/.offspring-proof")
    })?;
    // The file's mode would let us read it.
    refused("Landlock", abi::EACCES, || File::open(UNREADABLE).map(drop))
}

fn landlock() -> Result<(), Failure> {
    refused("Landlock", abi::EACCES, || File::open("/").map(drop))?;
    // Ending this world relies on it: see `serve::end_all`.
    refused("Landlock's scope of signals", abi::EPERM, || {
        process::send_signal(process::parent_id(), 0)
    })
}

fn asked(option: c_int) -> Option<c_int> {
    let nothing: c_ulong = 0;
    fence::control(option, nothing).ok()
}

fn expect(fence: &str, holds: impl FnOnce() -> bool) -> Result<(), Failure> {
    if holds() {
        Ok(())
    } else {
        Err(numbered(Step::Proof, 0, fence))
    }
}

/// Expect that something is refused, with this error.
fn refused(
    fence: &str,
    error: c_int,
    attempt: impl FnOnce() -> io::Result<()>,
) -> Result<(), Failure> {
    match attempt() {
        Err(refusal) if errno(&refusal) == error => Ok(()),
        Err(refusal) => Err(numbered(Step::Proof, errno(&refusal), fence)),
        Ok(()) => Err(numbered(Step::Proof, 0, fence)),
    }
}
