//! The mark of a child: each process that descends from it has it, and no process can put it off.
//!
//! It is a limit that means nothing to the kernel, `RLIMIT_LOCKS`: a new process has the limits of
//! the one that starts it, and executing a program does not change them. The filter of system calls
//! lets nobody set this one, but for us: we make the call with a secret in two arguments that the
//! kernel does not look at, and the filter does. The hard limit is the world's, so that the marks of
//! another world are not taken for ours, and the soft one is the child's.

use crate::failure::{Failed, numbered};
use crate::sys::abi::{self, RLimit};
use crate::sys::process;
use crate::wire::{Failure, Step};
use std::ffi::c_int;
use std::fs::File;
use std::io::Read;

/// What the filter looks at.
pub type Secret = [u64; 2];

/// The marks of a world.
#[derive(Clone, Copy)]
pub struct Marks {
    world: u64,
    secret: Secret,
}

/// The hard limit is at least this, and so not below any child's number.
const WORLD: u64 = 1 << 63;

impl Marks {
    /// Choose them at random.
    pub fn new() -> Result<Self, Failure> {
        let limit = process::limit(abi::RLIMIT_LOCKS).failed(Step::Prepare, "RLIMIT_LOCKS")?;
        if limit.hard != u64::MAX {
            let what = "RLIMIT_LOCKS, which has to be unlimited: see ulimit -x";
            return Err(numbered(Step::Prepare, abi::EPERM, what));
        }
        let mut random = [[0; 8]; 3];
        let mut file = File::open("/dev/urandom").failed(Step::Prepare, "/dev/urandom")?;
        for number in &mut random {
            file.read_exact(number)
                .failed(Step::Prepare, "/dev/urandom")?;
        }
        let [world, one, other] = random.map(u64::from_ne_bytes);
        Ok(Self {
            // All ones would be no limit.
            world: WORLD | world & !1,
            secret: [one, other],
        })
    }

    pub fn secret(&self) -> Secret {
        self.secret
    }

    /// The limit that is a child's mark; `None` where the child's number is too great for one.
    pub fn of(&self, child: u64) -> Option<RLimit> {
        (child < WORLD).then_some(RLimit {
            soft: child,
            hard: self.world,
        })
    }

    /// The child that a process descends from. Not ours, and those that are gone, are none's.
    pub fn child_of(&self, id: c_int) -> Option<u64> {
        let limit = process::marked_limit(id, self.secret).ok()?;
        (limit.hard == self.world).then_some(limit.soft)
    }

    /// Try whether the filter keeps the limit from being set.
    pub fn prove(&self) -> Result<(), Failure> {
        let failed = |error| crate::failure::of(Step::Proof, "marks")(error);
        let before = process::limit(abi::RLIMIT_LOCKS).map_err(failed)?;
        let none = RLimit::default();
        process::set_limit(abi::RLIMIT_LOCKS, none).map_err(failed)?;
        let after = process::limit(abi::RLIMIT_LOCKS).map_err(failed)?;
        let read = process::marked_limit(process::own_id(), self.secret).map_err(failed)?;
        if before == after && before == read && before != none && before.hard >= self.world {
            Ok(())
        } else {
            Err(numbered(Step::Proof, 0, "marks"))
        }
    }
}
