//! The filter, run by an interpreter of our own, so that each rule can be tried with any argument.

use crate::sys::abi::{EACCES, ENOSYS, EPERM, Instruction};
use crate::wire::{Network, Tier, World};

const X86_64: u32 = 0xc000_003e;
const AARCH64: u32 = 0xc000_00b7;
const OURS: u32 = if cfg!(target_arch = "x86_64") {
    X86_64
} else {
    AARCH64
};

const SECRET: [u64; 2] = [0x1234_5678_9abc_def0, 0x0fed_cba9_8765_4321];

fn build(world: &World) -> super::Program {
    super::build(world, SECRET)
}

fn world(tier: Tier, network: Network) -> World {
    World {
        tier,
        network,
        processes: None,
        tmp: None,
        proc: false,
        directories: Vec::new(),
        runtime: Vec::new(),
        links: Vec::new(),
        files: Vec::new(),
    }
}

/// What the filter answers: `Ok` where it allows.
fn answer(filter: &[Instruction], architecture: u32, call: u32, args: [u64; 6]) -> Result<(), i32> {
    let mut data = vec![call, architecture, 0, 0];
    for arg in args {
        data.extend([arg as u32, (arg >> 32) as u32]);
    }
    let (mut at, mut value) = (0, 0);
    loop {
        let step = filter[at];
        at += 1;
        let jump = |holds: bool| usize::from(if holds { step.if_true } else { step.if_false });
        match step.code {
            0x20 => value = data[(step.value / 4) as usize],
            0x54 => value &= step.value,
            0x15 => at += jump(value == step.value),
            0x25 => at += jump(value > step.value),
            0x45 => at += jump(value & step.value != 0),
            0x06 if step.value == 0x7fff_0000 => return Ok(()),
            0x06 => return Err((step.value & 0xffff) as i32),
            other => panic!("no such instruction: {other:#x}"),
        }
    }
}

fn namespace(call: u32, args: [u64; 6]) -> Result<(), i32> {
    let filter = build(&world(Tier::Namespace, Network::None)).finish();
    answer(&filter, OURS, call, args)
}

fn first(argument: u64) -> [u64; 6] {
    [argument, 0, 0, 0, 0, 0]
}

#[test]
fn another_architecture_has_no_calls() {
    let filter = build(&world(Tier::Namespace, Network::Host)).finish();
    assert_eq!(answer(&filter, 0x4000_0003, 20, first(0)), Err(ENOSYS));
}

#[test]
fn numbers_that_nobody_looked_at_are_missing() {
    for call in [super::calls::NEWEST + 1, 999, 0x4000_0000, u32::MAX] {
        assert_eq!(namespace(call, first(0)), Err(ENOSYS), "{call}");
    }
    assert_eq!(namespace(super::calls::MISSING[0], first(0)), Err(ENOSYS));
}

#[test]
fn every_forbidden_call_is_refused_and_reading_is_not() {
    for call in super::calls::FORBIDDEN {
        assert_eq!(namespace(*call, first(0)), Err(EPERM), "{call}");
    }
    let read = if cfg!(target_arch = "x86_64") { 0 } else { 63 };
    assert_eq!(namespace(read, first(0)), Ok(()));
}

#[test]
fn a_new_process_is_allowed_and_a_new_namespace_is_not() {
    let clone = super::calls::CLONE;
    assert_eq!(namespace(clone, first(0x11)), Ok(()));
    for flag in [
        0x2_0000,
        0x200_0000,
        0x400_0000,
        0x800_0000,
        0x1000_0000,
        0x2000_0000,
        0x4000_0000,
    ] {
        assert_eq!(
            namespace(clone, first(flag | 0x11)),
            Err(EPERM),
            "{flag:#x}"
        );
    }
}

#[test]
fn terminal_requests_are_refused_whatever_their_upper_half_is() {
    let ioctl = super::calls::IOCTL;
    for request in [0x5412, 0x1_0000_5412, 0xffff_ffff_0000_541c] {
        assert_eq!(namespace(ioctl, [0, request, 0, 0, 0, 0]), Err(EPERM));
    }
    assert_eq!(namespace(ioctl, [0, 0x5401, 0, 0, 0, 0]), Ok(()));
}

#[test]
fn leases_are_refused_and_other_commands_are_not() {
    let fcntl = super::calls::FCNTL;
    for command in [1024, 1026, (1 << 32) | 1024] {
        assert_eq!(namespace(fcntl, [0, command, 0, 0, 0, 0]), Err(EPERM));
    }
    assert_eq!(namespace(fcntl, [0, 1, 0, 0, 0, 0]), Ok(()));
}

#[test]
fn no_file_gets_a_set_id_bit() {
    for (call, mode) in super::calls::WITH_MODE {
        let mut args = [0; 6];
        for (bits, answer) in [(0o4755, Err(EPERM)), (0o2755, Err(EPERM)), (0o1777, Ok(()))] {
            args[*mode as usize] = bits;
            assert_eq!(namespace(*call, args), answer, "{call} {bits:o}");
        }
    }
    for (call, flags) in super::calls::OPENING {
        let ask = |flag: u64, mode: u64| {
            let mut args = [0; 6];
            args[*flags as usize] = flag;
            args[*flags as usize + 1] = mode;
            namespace(*call, args)
        };
        assert_eq!(ask(0o101, 0o4755), Err(EPERM), "{call}");
        assert_eq!(ask(0o20200002, 0o4755), Err(EPERM), "{call}");
        assert_eq!(ask(0o101, 0o755), Ok(()), "{call}");
        // Without O_CREAT there is no mode, and the argument is whatever was there.
        assert_eq!(ask(0o1, 0o4755), Ok(()), "{call}");
        assert_eq!(ask(0o200000, 0o6777), Ok(()), "{call}");
    }
    assert_eq!(namespace(super::calls::OPENAT2, first(0)), Err(ENOSYS));
}

#[test]
fn pairs_connect_nothing_but_each_other() {
    let pair = |family, kind| namespace(super::calls::SOCKETPAIR, [family, kind, 0, 0, 0, 0]);
    let close_on_exec = 0o2000000;
    for kind in [1, 5, 1 | close_on_exec] {
        assert_eq!(pair(1, kind), Ok(()), "{kind}");
        for family in [2, 30, 38, 43] {
            assert_eq!(pair(family, kind), Err(EACCES), "{family}");
        }
    }
    // Datagrams go to any address; and a raw one is one of datagrams.
    for kind in [2, 3, 2 | close_on_exec] {
        assert_eq!(pair(1, kind), Err(EACCES), "{kind}");
    }
}

#[test]
fn connections_stay_tcp() {
    let filter = build(&world(Tier::Namespace, Network::Connect(vec![443]))).finish();
    let set = super::calls::SETSOCKOPT;
    let ask = |level, option| answer(&filter, OURS, set, [3, level, option, 0, 0, 0]);
    assert_eq!(ask(6, 31), Err(EACCES));
    assert_eq!(ask(6, 1), Ok(()));
    assert_eq!(ask(1, 31), Ok(()));
}

#[test]
fn only_own_limits_are_set() {
    let prlimit = super::calls::PRLIMIT64;
    assert_eq!(namespace(prlimit, first(1)), Err(EPERM));
    assert_eq!(namespace(prlimit, first(0)), Ok(()));
}

#[test]
fn a_mark_is_set_and_read_with_the_secret_alone() {
    const FEIGNED: Result<(), i32> = Err(0);
    let (setrlimit, prlimit) = (super::calls::SETRLIMIT, super::calls::PRLIMIT64);
    let locks = crate::sys::abi::RLIMIT_LOCKS as u64;
    let [one, other] = SECRET;
    assert_eq!(namespace(prlimit, [0, locks, 1, 0, one, other]), Ok(()));
    assert_eq!(namespace(prlimit, [7, locks, 0, 1, one, other]), Ok(()));
    for bit in [1, 1 << 32] {
        for (one, other) in [(one ^ bit, other), (one, other ^ bit)] {
            let ask = |args: [u64; 4]| {
                let [id, limit, new, old] = args;
                namespace(prlimit, [id, limit, new, old, one, other])
            };
            assert_eq!(ask([0, locks, 1, 0]), FEIGNED);
            assert_eq!(ask([0, locks, 1 << 32, 0]), FEIGNED);
            assert_eq!(ask([0, locks, 0, 1]), Ok(()));
            assert_eq!(ask([7, locks, 0, 1]), Err(EPERM));
        }
    }
    assert_eq!(namespace(setrlimit, [locks, 1, 0, 0, one, other]), FEIGNED);
}

#[test]
fn core_dumps_stay_off_and_nobody_is_told() {
    const DONE: Result<(), i32> = Err(0);
    let core = crate::sys::abi::RLIMIT_CORE as u64;
    let ask = |call, args: [u64; 3]| namespace(call, [args[0], args[1], args[2], 0, 0, 0]);
    let (setrlimit, prlimit) = (super::calls::SETRLIMIT, super::calls::PRLIMIT64);
    for pointer in [1, 1 << 32] {
        assert_eq!(ask(setrlimit, [core, pointer, 0]), DONE);
        assert_eq!(ask(prlimit, [0, core, pointer]), DONE);
    }
    assert_eq!(ask(prlimit, [0, core, 0]), Ok(()));
    assert_eq!(ask(prlimit, [0, core + 1, 1]), Ok(()));
    assert_eq!(ask(setrlimit, [core + 1, 1, 0]), Ok(()));
}

#[test]
fn nobody_slows_the_warden_down() {
    for call in super::calls::ON_ONE_PROCESS {
        assert_eq!(namespace(*call, first(1)), Err(EPERM));
        assert_eq!(namespace(*call, first(2)), Err(EPERM));
        assert_eq!(namespace(*call, first(7)), Ok(()));
    }
    for on in super::calls::ON_PROCESSES_OR_USERS {
        let ask = |args: [u32; 2]| {
            let [which, who] = args.map(u64::from);
            namespace(on.number, [which, who, 0, 0, 0, 0])
        };
        assert_eq!(ask([on.process, 1]), Err(EPERM));
        assert_eq!(ask([on.process, 2]), Err(EPERM));
        assert_eq!(ask([on.user, 0]), Err(EPERM));
        assert_eq!(ask([on.process, 7]), Ok(()));
    }
}

#[test]
fn without_a_read_only_mount_files_answer_few_requests() {
    let ioctl = super::calls::IOCTL;
    let ask = |tier, network: Network, request| {
        let filter = build(&world(tier, network)).finish();
        answer(&filter, OURS, ioctl, [0, request, 0, 0, 0, 0])
    };
    // FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR and FS_IOC_ENABLE_VERITY.
    for request in [0x4008_6602, 0x401c_5820, 0x4080_6685] {
        assert_eq!(ask(Tier::Landlock, Network::None, request), Err(25));
        assert_eq!(ask(Tier::Namespace, Network::None, request), Ok(()));
    }
    assert_eq!(ask(Tier::Landlock, Network::None, 0x5401), Ok(()));
    assert_eq!(ask(Tier::Landlock, Network::None, 0x8912), Err(25));
    assert_eq!(ask(Tier::Landlock, Network::Host, 0x8912), Ok(()));
}

#[test]
fn sockets_are_refused_by_network() {
    let socket = super::calls::SOCKET;
    let ask = |network: &Network, args: [u64; 3]| {
        let filter = build(&world(Tier::Namespace, network.clone())).finish();
        answer(&filter, OURS, socket, [args[0], args[1], args[2], 0, 0, 0])
    };
    let (connect, host) = (Network::Connect(vec![443]), Network::Host);
    let stream = 1 | 0o2000000 | 0o4000;
    for (args, on_connect, on_host) in [
        ([2, stream, 0], Ok(()), Ok(())),
        ([10, 1, 6], Ok(()), Ok(())),
        ([2, 2, 0], Err(EACCES), Ok(())),
        ([2, 1, 262], Err(EACCES), Err(EACCES)),
        ([2, 1, 256], Err(EACCES), Err(EACCES)),
        ([1, 1, 0], Err(EACCES), Err(EACCES)),
        ([16, 3, 0], Err(EACCES), Ok(())),
        ([16, 3, 9], Err(EACCES), Err(EACCES)),
        ([40, 1, 0], Err(EACCES), Err(EACCES)),
        ([38, 5, 0], Err(EACCES), Err(EACCES)),
    ] {
        assert_eq!(ask(&Network::None, args), Err(EACCES), "{args:?}");
        assert_eq!(ask(&connect, args), on_connect, "connect {args:?}");
        assert_eq!(ask(&host, args), on_host, "host {args:?}");
    }
}

#[test]
fn without_namespaces_only_the_caller_is_changed() {
    let filter = build(&world(Tier::Landlock, Network::None)).finish();
    for call in super::calls::UNFENCED_BY_LANDLOCK {
        assert_eq!(answer(&filter, OURS, *call, first(0)), Err(EPERM), "{call}");
        assert_eq!(namespace(*call, first(0)), Ok(()), "{call}");
    }
    for call in super::calls::ON_ONE_PROCESS {
        assert_eq!(answer(&filter, OURS, *call, first(7)), Err(EPERM));
        assert_eq!(answer(&filter, OURS, *call, first(0)), Ok(()));
    }
    for on in super::calls::ON_PROCESSES_OR_USERS {
        let process = u64::from(on.process);
        let ask = |args: [u64; 2]| answer(&filter, OURS, on.number, [args[0], args[1], 0, 0, 0, 0]);
        assert_eq!(ask([process, 0]), Ok(()));
        assert_eq!(ask([process, 7]), Err(EPERM));
        assert_eq!(ask([2, 0]), Err(EPERM));
    }
}

#[test]
fn it_fits_into_what_the_kernel_takes() {
    let filter = build(&world(Tier::Landlock, Network::Connect(vec![1]))).finish();
    assert!(filter.len() < 4096, "{}", filter.len());
}
