//! Attempts, and the processes that make them.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;

use nix::fcntl::OFlag;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, alarm, pipe2};

use super::given::Given;
use super::outcome::Outcome;
use super::sys::{self, Word, call};

/// How long one attempt may take, before the alarm kills it.
const SECONDS: u32 = 10;

/// What a process says that lacked what its attempt needs.
const LACKING: &str = "-";

/// What an attempt does: nothing, if it lacks what it needs.
type Make = Box<dyn Fn(&Given) -> Option<Outcome>>;

/// Something to try.
pub(crate) struct Attempt {
    /// Its name within its area.
    pub(crate) name: String,
    apart: bool,
    make: Make,
}

/// An attempt that a process of its own makes.
pub(crate) fn apart(
    name: impl Into<String>,
    make: impl Fn(&Given) -> Option<Outcome> + 'static,
) -> Attempt {
    Attempt {
        name: name.into(),
        apart: true,
        make: Box::new(make),
    }
}

/// An attempt that this process makes, because it is about this process.
pub(crate) fn here(
    name: impl Into<String>,
    make: impl Fn(&Given) -> Option<Outcome> + 'static,
) -> Attempt {
    Attempt {
        apart: false,
        ..apart(name, make)
    }
}

impl Attempt {
    /// Makes the attempt, unless it lacks what it needs.
    pub(crate) fn make(&self, given: &Given) -> Option<Outcome> {
        if !self.apart {
            return (self.make)(given);
        }
        match by_another(|| (self.make)(given)) {
            Outcome::Value(said) if said == LACKING => None,
            outcome => Some(outcome),
        }
    }
}

/// What comes of it when another process does something. One that becomes
/// another program has succeeded when that program does.
pub(crate) fn by_another(act: impl FnOnce() -> Option<Outcome>) -> Outcome {
    let started = pipe2(OFlag::O_CLOEXEC).and_then(|ends| Ok((ends, sys::fork()?)));
    let ((reading, writing), process) = match started {
        Ok(started) => started,
        Err(errno) => return Outcome::Refused(errno),
    };
    let ForkResult::Parent { child } = process else {
        drop(reading);
        act_and_leave(act, writing);
    };
    drop(writing);
    let mut said = String::new();
    let heard = File::from(reading).read_to_string(&mut said);
    let ended = waitpid(child, None);
    // An attempt may have made children of this process beside itself.
    sys::reap();
    match (heard, ended) {
        (Err(error), _) => Err::<(), _>(error).into(),
        (_, Err(errno)) => Outcome::Refused(errno),
        (_, Ok(WaitStatus::Signaled(_, signal, _))) => Outcome::Killed(signal),
        (_, Ok(WaitStatus::Exited(_, 0))) if said.is_empty() => Outcome::Allowed,
        (_, Ok(WaitStatus::Exited(_, code))) if said.is_empty() => {
            Outcome::value(format!("exit {code}"))
        }
        _ => Outcome::Value(said),
    }
}

fn act_and_leave(act: impl FnOnce() -> Option<Outcome>, writing: OwnedFd) -> ! {
    alarm::set(SECONDS);
    // Whoever is killed leaves no file behind; the hard limit stays, to be tried.
    let (mut core, kind) = ([0_u64; 2], libc::RLIMIT_CORE);
    let to = Word::to(&mut core);
    if call!(libc::SYS_prlimit64, 0, kind, 0, to).is_ok() {
        core[0] = 0;
        let _ = call!(libc::SYS_prlimit64, 0, kind, Word::at(&core), 0);
    }
    let said = act().map_or_else(|| LACKING.to_owned(), |outcome| outcome.to_string());
    let told = File::from(writing).write_all(said.as_bytes());
    sys::leave(i32::from(told.is_err()))
}
