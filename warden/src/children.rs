//! The children, and what they leave behind: reaping, listing and killing, as [`lineage`] decides.
//!
//! [`lineage`]: crate::lineage

use crate::lineage::{End, Lineage, Told};
use crate::pids::Pids;
use crate::sys::abi;
use crate::sys::process::{self, Reap, Reaped};
use crate::wire::{Reply, Usage};
use std::ffi::c_int;
use std::io;

/// How many that have ended are reaped before anything else is done. Children can end descendants
/// as fast as these can be reaped.
const REAPED_AT_ONCE: usize = 64;

/// How much of a listing is read before anything else is done: mostly all, and the end.
const PAGES_AT_ONCE: usize = 2;

/// The children of a world.
pub struct Children {
    lineage: Lineage<Reaped>,
    pids: Pids,
    /// Whether there is something to do though nobody has told of an exit.
    unfinished: bool,
}

impl Children {
    pub fn new(pids: Pids) -> Self {
        Self {
            lineage: Lineage::new(),
            pids,
            unfinished: false,
        }
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
        let killed = match self.lineage.end(child) {
            End::Child(id) => {
                kill(id);
                true
            }
            End::Left(ids) => {
                ids.iter().copied().for_each(kill);
                !ids.is_empty()
            }
        };
        if killed {
            self.kill_all();
        }
    }

    /// Whether [`turn`](Self::turn) has something to do though nobody has told of an exit.
    pub fn unfinished(&self) -> bool {
        self.unfinished
    }

    /// Do a bounded part of what there is to do, and return what is to be told.
    pub fn turn(&mut self) -> io::Result<Vec<Reply>> {
        let mut more = self.reap();
        if self.lineage.owes_listing() {
            self.list()?;
            // Who had ended before something was listed, and may have left it, is seen now.
            more = self.reap();
        }
        self.unfinished = more || self.lineage.owes_listing();
        Ok(self.lineage.settle().into_iter().map(reply).collect())
    }

    /// Reap what has ended, and say whether there may be more.
    fn reap(&mut self) -> bool {
        for _ in 0..REAPED_AT_ONCE {
            match process::reap(false) {
                Reap::Ended(reaped) => {
                    let doomed = self.lineage.reaped(reaped.id, reaped);
                    doomed.into_iter().for_each(kill);
                }
                Reap::Running => {
                    self.lineage.drained();
                    return false;
                }
                Reap::Childless => {
                    self.lineage.alone();
                    return false;
                }
            }
        }
        true
    }

    /// List a part of all processes.
    fn list(&mut self) -> io::Result<()> {
        if !self.lineage.is_listing() {
            self.pids.rewind()?;
            self.lineage.begin_listing();
        }
        let mut killed = false;
        for _ in 0..PAGES_AT_ONCE {
            let page = self.pids.next()?;
            if page.is_empty() {
                self.lineage.end_listing();
                break;
            }
            for id in page {
                if !self.lineage.knows(id) && process::is_child(id) && self.lineage.found(id) {
                    kill(id);
                    killed = true;
                }
            }
        }
        if killed {
            self.kill_all();
        }
        Ok(())
    }

    /// Where everything is to be killed do it in one step, in which nothing can escape by starting
    /// another process. With namespaces it meets all in ours but us; without, see
    /// `serve::Warden::end_all`.
    fn kill_all(&self) {
        if self.lineage.all_end() {
            let _ = process::send_signal(-1, abi::SIGKILL);
        }
    }
}

/// Kill a child of ours, which is not reaped, and the process group that has its number. Members of
/// that group are its descendants, or have chosen to be there.
fn kill(id: c_int) {
    let _ = process::send_signal(-id, abi::SIGKILL);
    let _ = process::send_signal(id, abi::SIGKILL);
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
