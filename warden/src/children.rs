//! The children, and what they leave behind: reaping, listing and killing, as [`lineage`] decides.
//!
//! [`lineage`]: crate::lineage

use crate::lineage::{Lineage, Told};
use crate::mark::Marks;
use crate::pids::Pids;
use crate::sys::abi;
use crate::sys::process::{self, Reap, Reaped};
use crate::wire::{Reply, Usage};
use std::ffi::c_int;
use std::io;
use std::os::fd::AsFd;

/// How many that have ended are reaped before anything else is done. Children can end descendants
/// as fast as these can be reaped.
const REAPED_AT_ONCE: usize = 64;

/// The same while a child is being ended: the dead would otherwise be listed over and over.
const REAPED_WHILE_ENDING: usize = 1024;

/// How much of a listing is read before anything else is done: mostly all, and the end.
const PAGES_AT_ONCE: usize = 16;

/// The children of a world.
pub struct Children {
    lineage: Lineage<Reaped>,
    pids: Pids,
    marks: Marks,
    /// Whether there is something to do though nobody has told of an exit.
    unfinished: bool,
}

impl Children {
    pub fn new(pids: Pids, marks: Marks) -> Self {
        Self {
            lineage: Lineage::new(),
            pids,
            marks,
            unfinished: false,
        }
    }

    /// What the children are marked with.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// A child was started.
    pub fn started(&mut self, child: u64, id: c_int) {
        self.lineage.started(child, id);
    }

    /// Signal a child, or its group, if it is not reaped.
    pub fn signal(&self, child: u64, number: c_int, group: bool) {
        // It is known until it is reaped, so the number is its own.
        if let Some(id) = self.lineage.process(child) {
            let _ = process::send_signal(if group { -id } else { id }, number);
        }
    }

    /// End a child and everything that it has started, which may take several turns.
    pub fn end(&mut self, child: u64) {
        if !self.lineage.end(child) {
            return;
        }
        if self.lineage.all_end() {
            // In one step, in which nothing can escape by starting another process. With namespaces
            // this meets all in ours but us; without, see `serve::Warden::end_all`.
            let _ = process::send_signal(-1, abi::SIGKILL);
        } else {
            self.signal(child, abi::SIGKILL, true);
            self.signal(child, abi::SIGKILL, false);
        }
        self.unfinished = true;
    }

    /// Whether [`turn`](Self::turn) has something to do though nobody has told of an exit.
    pub fn unfinished(&self) -> bool {
        self.unfinished
    }

    /// Do a bounded part of what there is to do, and return what is to be told.
    pub fn turn(&mut self) -> io::Result<Vec<Reply>> {
        let (mut told, mut more) = (Vec::new(), false);
        match self.reap() {
            Left::More => more = true,
            Left::Running => {}
            Left::Nothing => told = self.lineage.alone(),
        }
        if self.lineage.owes_listing() {
            told = self.list()?;
        }
        self.unfinished = more || self.lineage.owes_listing();
        Ok(told.into_iter().map(reply).collect())
    }

    /// Reap what has ended.
    fn reap(&mut self) -> Left {
        let most = if self.lineage.any_ends() {
            REAPED_WHILE_ENDING
        } else {
            REAPED_AT_ONCE
        };
        for _ in 0..most {
            // Whose it was can be asked before it is reaped.
            let listing = self.lineage.is_listing();
            let next = listing.then(process::next_ended).flatten();
            let of = next.and_then(|id| self.marks.child_of(id));
            if listing && next.is_none() {
                return Left::Running;
            }
            match process::reap(next, false) {
                Reap::Ended(reaped) => self.lineage.reaped(reaped.id, of, reaped),
                Reap::Running => return Left::Running,
                Reap::Childless => return Left::Nothing,
            }
        }
        Left::More
    }

    /// List a part of all processes, and kill what is to be killed. What can be told, at the end.
    fn list(&mut self) -> io::Result<Vec<Told<Reaped>>> {
        if !self.lineage.is_listing() {
            self.pids.rewind()?;
            self.lineage.begin_listing();
        }
        for _ in 0..PAGES_AT_ONCE {
            let page = self.pids.next()?;
            if page.is_empty() {
                return Ok(self.lineage.end_listing());
            }
            // The newest are mostly the last.
            for id in page.into_iter().rev() {
                let child = self.marks.child_of(id);
                if child.is_some_and(|child| self.lineage.found(id, child)) {
                    self.kill(id, child);
                }
            }
        }
        Ok(Vec::new())
    }

    /// Kill a process of a child, if it is still that.
    fn kill(&self, id: c_int, child: Option<u64>) {
        let Ok(process) = process::open_process(id) else {
            return;
        };
        // The number may have become another's before it was opened. If it does afterwards, the
        // signal goes nowhere.
        if self.marks.child_of(id) == child {
            let _ = process::kill_process(process.as_fd());
        }
    }
}

/// What is left after reaping.
enum Left {
    /// There may be more to reap.
    More,
    /// There are processes, of which none can be reaped.
    Running,
    /// There is no process but us.
    Nothing,
}

fn reply(told: Told<Reaped>) -> Reply {
    match told {
        Told::Exited(child, reaped, left) => Reply::Exited {
            child,
            status: reaped.status,
            usage: usage(&reaped),
            left,
        },
        Told::Gone(child) => Reply::Gone { child },
    }
}

fn usage(reaped: &Reaped) -> Usage {
    let micros = |time: abi::TimeVal| (time.seconds * 1_000_000 + time.micros).unsigned_abs();
    Usage {
        user_micros: micros(reaped.usage.user),
        system_micros: micros(reaped.usage.system),
        peak_memory: reaped.usage.max_resident_kib.unsigned_abs() << 10,
    }
}
