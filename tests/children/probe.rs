//! `probe [OPTION…]`: tries whatever a hostile child would try, and prints one
//! line for each attempt, `AREA.ATTEMPT: RESULT`. The result is one of
//!
//! - `allowed`: it was done, and taken back;
//! - `reached ERRNO`: no fence stood in the way, and the call then failed for
//!   arguments that are wrong on purpose, since success would do harm;
//! - `refused ERRNO`: the kernel, or a filter, said no;
//! - `absent`: there is no such file, device or process here;
//! - `killed SIGNAL`: whoever tried was killed for it;
//! - a value, such as a list of names or a set of capabilities.
//!
//! What is `allowed` or `reached` is open; everything else is closed. The lines
//! depend on the kernel and on the confinement only, so a whole output can be
//! held against a golden table.
//!
//! # What it is given
//!
//! - `--outside DIRECTORY`: is not given to the child, and holds the files
//!   `secret` (0600) and `file` (0644), the listening socket `unix.sock` and
//!   the directory `sub`;
//! - `--readonly DIRECTORY`: the child's path of a read-only preopen that holds
//!   `file` and the directory `sub`;
//! - `--inside DIRECTORY`: the child's path of a preopen for reading and writing;
//! - `--host-pid PID` and `--sibling-pid PID`: processes to leave alone, by the
//!   numbers that the host knows them by;
//! - `--abstract NAME`, `--tcp PORT`, `--udp PORT`: where the host listens;
//! - `--shm-key NUMBER`, `--shared-memory NAME`, `--queue NAME`, `--key NAME`:
//!   the host's System V and POSIX shared memory, message queue and user key;
//! - `--privileged PROGRAM`: this program, set-uid to somebody else.
//!
//! An attempt that lacks what it needs is not printed. Attempts on the standard
//! input are made if it is a file. `--only NAMES` and `--except NAMES` select
//! areas, or attempts by their full names, divided by commas. `--list` prints
//! the names of all attempts, and tries none.
//!
//! # What it leaves behind
//!
//! Nothing: every attempt is harmless without any confinement, and for root.
//! It is made on the directories above or with arguments that do not work, and
//! what it made it takes away. Signals are number 0. Each attempt but those
//! about the process itself is made by a process of its own, which is awaited.
//!
//! # Trees
//!
//! Given a word first, the program grows processes instead: see [`tree`].
#![no_main]

mod bare;

mod probe {
    pub(crate) mod acts;
    pub(crate) mod attempt;
    pub(crate) mod descriptors;
    pub(crate) mod execution;
    pub(crate) mod files;
    pub(crate) mod given;
    pub(crate) mod identity;
    pub(crate) mod inside;
    pub(crate) mod ipc;
    pub(crate) mod kernel;
    pub(crate) mod mounts;
    pub(crate) mod namespaces;
    pub(crate) mod network;
    pub(crate) mod outcome;
    pub(crate) mod privilege;
    pub(crate) mod processes;
    pub(crate) mod readonly;
    pub(crate) mod sys;
    pub(crate) mod system;
    pub(crate) mod tree;
}

use probe::attempt::Attempt;
use probe::given::Given;
use probe::*;

bare::bare_main!(run);

/// The name of an area, and what is tried in it.
type Area = (&'static str, fn() -> Vec<Attempt>);

const AREAS: &[Area] = &[
    // First, while nothing but the start has opened a descriptor.
    ("identity", identity::attempts),
    ("files", files::attempts),
    ("system", system::attempts),
    ("readonly", readonly::attempts),
    ("inside", inside::attempts),
    ("execution", execution::attempts),
    ("network", network::attempts),
    ("processes", processes::attempts),
    ("namespaces", namespaces::attempts),
    ("mounts", mounts::attempts),
    ("ipc", ipc::attempts),
    ("privilege", privilege::attempts),
    ("kernel", kernel::attempts),
];

fn run() -> i32 {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(code) = tree::run(&arguments) {
        return code;
    }
    let given = Given::parse(&arguments);
    for (area, attempts) in AREAS {
        for attempt in attempts() {
            let name = format!("{area}.{}", attempt.name);
            if !given.selects(area, &name) {
                continue;
            }
            if given.list {
                println!("{name}");
            } else if let Some(outcome) = attempt.make(&given) {
                println!("{name}: {outcome}");
            }
        }
    }
    0
}
