//! The filter of system calls (seccomp(2)).
//!
//! Everything is allowed that is not named in [`calls`], up to the newest call that was looked at
//! when this was written: a call that is newer is answered as by an older kernel. The list holds
//! what no namespace, no mount and no Landlock rule fences: interfaces that reach around them or
//! are rich in flaws, and ways to other processes.

mod calls;
mod program;

use crate::failure::Failed;
use crate::mark::Secret;
use crate::sys::{abi, fence};
use crate::wire::{Failure, Network, Step, Tier, World};
use program::Program;

/// Install it.
pub fn install(world: &World, secret: Secret) -> Result<(), Failure> {
    fence::seccomp(&build(world, secret).finish()).failed(Step::Seccomp, "")
}

fn build(world: &World, secret: Secret) -> Program {
    let mut program = Program::new(calls::NEWEST);
    for call in calls::MISSING {
        program.refuse(*call, abi::ENOSYS);
    }
    for call in calls::FORBIDDEN.iter().chain(calls::NEW_FORBIDDEN) {
        program.refuse(*call, abi::EPERM);
    }
    if world.tier == Tier::Landlock {
        let unfenced = calls::UNFENCED_BY_LANDLOCK.iter();
        for call in unfenced.chain(calls::NEW_UNFENCED_BY_LANDLOCK) {
            program.refuse(*call, abi::EPERM);
        }
        others(&mut program);
        requests(&mut program, &world.network);
    } else {
        warden(&mut program);
    }
    // A new process is no new namespace.
    program.refuse_if_any_bit(calls::CLONE, 0, NAMESPACES, abi::EPERM);
    // We mark children, and look whose mark a process has.
    program.allow_with(calls::PRLIMIT64, secret);
    // Only the caller's own limits.
    program.refuse_unless(calls::PRLIMIT64, 0, &[0], abi::EPERM);
    // There are no core dumps, whatever is set: see `process::forbid_core_dumps`.
    program.feign_if(calls::SETRLIMIT, (0, abi::RLIMIT_CORE as u32), 1);
    program.feign_if(calls::PRLIMIT64, (1, abi::RLIMIT_CORE as u32), 2);
    // Nobody else changes a mark. To the kernel the limit means nothing.
    program.feign_if(calls::SETRLIMIT, (0, abi::RLIMIT_LOCKS as u32), 1);
    program.feign_if(calls::PRLIMIT64, (1, abi::RLIMIT_LOCKS as u32), 2);
    // Only the ordinary execution domain, and asking which it is.
    program.refuse_unless(calls::PERSONALITY, 0, &[0, u32::MAX], abi::EPERM);
    set_ids(&mut program);
    // A lease holds up whoever opens the file next, and mounts and Landlock let one be taken on what
    // can only be read (fcntl(2), "Leases"). Notices of changes go with it.
    for command in calls::LEASES {
        program.refuse_if(calls::FCNTL, 1, *command, abi::EPERM);
    }
    for request in calls::TERMINAL_REQUESTS {
        program.refuse_if(calls::IOCTL, 1, *request, abi::EPERM);
    }
    network(&mut program, &world.network);
    program
}

const NAMESPACES: u32 = (abi::CLONE_NEWNS
    | abi::CLONE_NEWCGROUP
    | abi::CLONE_NEWUTS
    | abi::CLONE_NEWIPC
    | abi::CLONE_NEWUSER
    | abi::CLONE_NEWPID
    | abi::CLONE_NEWNET) as u32;

/// No file gets a set-user-ID or set-group-ID bit: in a directory of the guest it would be one of
/// the host's user, for anybody on the host to execute.
fn set_ids(program: &mut Program) {
    for (call, mode) in calls::WITH_MODE {
        program.refuse_if_any_bit(*call, *mode, SET_IDS, abi::EPERM);
    }
    for (call, flags) in calls::OPENING {
        // The mode follows the flags, and means something only where a file may be made.
        program.refuse_if_any_bits(
            *call,
            (*flags, abi::O_CREAT as u32 | TMPFILE),
            (*flags + 1, SET_IDS),
            abi::EPERM,
        );
    }
    // It has its mode in memory, where a filter cannot look.
    program.refuse(calls::OPENAT2, abi::ENOSYS);
}

const SET_IDS: u32 = 0o6000;

/// `__O_TMPFILE`, without the `O_DIRECTORY` that goes with it.
const TMPFILE: u32 = 0o20000000;

/// The requests of ioctl(2) that there are where no mount is read-only.
fn requests(program: &mut Program, network: &Network) {
    let of_sockets = match network {
        Network::None => &[],
        Network::Connect(_) | Network::Host => calls::NETWORK_REQUESTS,
    };
    let requests = [calls::REQUESTS, of_sockets].concat();
    // What a file answers that does not know a request.
    program.refuse_unless(calls::IOCTL, 1, &requests, abi::ENOTTY);
}

/// In its namespace the warden's threads have these numbers, and the children's user. Nobody slows
/// them down, by their numbers or by the user's, lest they are late to end their world.
pub const WARDEN: [u32; 2] = [1, 2];

fn warden(program: &mut Program) {
    for thread in WARDEN {
        for call in calls::ON_ONE_PROCESS {
            program.refuse_if(*call, 0, thread, abi::EPERM);
        }
        for call in calls::ON_PROCESSES_OR_USERS {
            program.refuse_if(call.number, 1, thread, abi::EPERM);
        }
    }
    for call in calls::ON_PROCESSES_OR_USERS {
        program.refuse_if(call.number, 0, call.user, abi::EPERM);
    }
}

/// Where other processes can be seen, only the caller itself may be changed.
fn others(program: &mut Program) {
    for call in calls::ON_ONE_PROCESS {
        program.refuse_unless(*call, 0, &[0], abi::EPERM);
    }
    for call in calls::ON_PROCESSES_OR_USERS {
        // The second argument is a process, if the first says so; 0 is the caller in any case but
        // for a user.
        program.refuse_unless(call.number, 0, &[call.process], abi::EPERM);
        program.refuse_unless(call.number, 1, &[0], abi::EPERM);
    }
}

fn network(program: &mut Program, network: &Network) {
    let number = |number: i32| number as u32;
    let families = [abi::AF_INET, abi::AF_INET6, abi::AF_NETLINK].map(number);
    // A pair of another family would load the family's module into the kernel.
    program.refuse_unless(calls::SOCKETPAIR, 0, &[number(abi::AF_UNIX)], abi::EACCES);
    // One of datagrams can be sent from to any address, a host's socket in a file system among them.
    program.refuse_unless_masked(
        calls::SOCKETPAIR,
        1,
        abi::SOCK_TYPE_MASK,
        &[number(abi::SOCK_STREAM), number(abi::SOCK_SEQPACKET)],
        abi::EACCES,
    );
    match network {
        // Pairs of sockets are allowed: they connect nothing but processes that inherit them.
        Network::None => program.refuse(calls::SOCKET, abi::EACCES),
        Network::Connect(_) => {
            // TCP alone, and what is no TCP to Landlock is refused with it: MPTCP and SMC.
            program.refuse_unless(calls::SOCKET, 0, &families[..2], abi::EACCES);
            program.refuse_unless_masked(
                calls::SOCKET,
                1,
                abi::SOCK_TYPE_MASK,
                &[number(abi::SOCK_STREAM)],
                abi::EACCES,
            );
            program.refuse_unless(
                calls::SOCKET,
                2,
                &[0, number(abi::IPPROTO_TCP)],
                abi::EACCES,
            );
            // An upper protocol such as SMC makes a socket of TCP another one.
            let upper = number(abi::TCP_ULP);
            let level = number(abi::IPPROTO_TCP);
            program.refuse_if_both(calls::SETSOCKOPT, (1, level), (2, upper), abi::EACCES);
            // Listening binds a port by itself, and a fast open connects by itself.
            program.refuse(calls::LISTEN, abi::EACCES);
            for (call, flags) in calls::SENDING {
                program.refuse_if_any_bit(*call, *flags, number(abi::MSG_FASTOPEN), abi::EACCES);
            }
        }
        Network::Host => {
            program.refuse_unless(calls::SOCKET, 0, &families, abi::EACCES);
            // Raw sockets need a privilege that nobody has here; netlink's are raw or datagrams.
            let protocols = [0, number(abi::IPPROTO_TCP), number(abi::IPPROTO_UDP)];
            program.refuse_unless(calls::SOCKET, 2, &protocols, abi::EACCES);
        }
    }
}

#[cfg(test)]
mod tests;
