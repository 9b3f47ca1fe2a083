//! Whose the processes are that children leave behind.
//!
//! While a child lives it keeps whatever its descendants orphan: it is a subreaper (prctl(2)). When
//! it ends, all of that comes to us at once, as children of our own. So a child of ours that we have
//! not started is something that one which has ended has left behind, a *leftover*; and when a
//! leftover ends, what it has left comes to us in the same way.
//!
//! The kernel does not say who has left what. It passes orphans on and makes the dead one reapable
//! in one step, so that whoever has left a process that is found by listing is either among those
//! that were reaped since the listing before, or can be reaped now. All of these are taken for its
//! *owners*, and it dies with any of them. So it may be taken for another's that has ended in the
//! same moment, and never for nobody's.
//!
//! Here it is only decided what is whose; see [`children`](crate::children) for what asks the
//! system and does what is decided here.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ffi::c_int;

/// What is known of all children and of what they have left. `T` is what is told of an exit.
pub struct Lineage<T> {
    /// The children that are not reaped.
    running: BTreeMap<u64, c_int>,
    /// The same by process.
    numbers: BTreeMap<c_int, u64>,
    /// The leftovers that are not reaped.
    left: BTreeMap<c_int, Left>,
    /// Those of the leftovers whose owners may not all be known yet.
    open: BTreeSet<c_int>,
    /// Who may have left something that is not known yet, and the listing that will have found it.
    suspects: BTreeMap<u64, u64>,
    /// How many listings were begun, and how many of these are complete.
    begun: u64,
    complete: u64,
    /// Of whom nothing is to be left.
    ending: BTreeSet<u64>,
    /// The exits that nobody was told of, and the listing that each waits for.
    exits: VecDeque<(u64, T, u64)>,
    /// Who has left something, and was told to have.
    lingering: BTreeSet<u64>,
}

/// A process that somebody has left behind.
struct Left {
    owners: BTreeSet<u64>,
    /// Whether it was killed.
    doomed: bool,
}

/// What the host is to be told.
#[derive(Debug, PartialEq, Eq)]
pub enum Told<T> {
    /// A child was reaped, and whether it has left something.
    Exited(u64, T, bool),
    /// Nothing is left of a child that has left something.
    Gone(u64),
}

/// What ending a child means.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// It runs: kill it, and its process group.
    Child(c_int),
    /// It has exited: kill each of these.
    Left(Vec<c_int>),
}

impl<T> Lineage<T> {
    pub fn new() -> Self {
        Self {
            running: BTreeMap::new(),
            numbers: BTreeMap::new(),
            left: BTreeMap::new(),
            open: BTreeSet::new(),
            suspects: BTreeMap::new(),
            begun: 0,
            complete: 0,
            ending: BTreeSet::new(),
            exits: VecDeque::new(),
            lingering: BTreeSet::new(),
        }
    }

    /// A child was started.
    pub fn started(&mut self, child: u64, id: c_int) {
        self.running.insert(child, id);
        self.numbers.insert(id, child);
    }

    /// The process that a child is, until it is reaped.
    pub fn process(&self, child: u64) -> Option<c_int> {
        self.running.get(&child).copied()
    }

    /// End a child and everything of it. Whatever of it is found later is to be killed as well.
    pub fn end(&mut self, child: u64) -> End {
        if let Some(id) = self.process(child) {
            self.ending.insert(child);
            return End::Child(id);
        }
        let untold = self.exits.iter().any(|(number, ..)| *number == child);
        if !untold && !self.lingering.contains(&child) {
            return End::Left(Vec::new());
        }
        self.ending.insert(child);
        let left = self.left.iter_mut();
        let doomed = left.filter(|(_, left)| !left.doomed && left.owners.contains(&child));
        End::Left(
            doomed
                .map(|(id, left)| {
                    left.doomed = true;
                    *id
                })
                .collect(),
        )
    }

    /// A process was reaped. Kill what is returned.
    pub fn reaped(&mut self, id: c_int, told: T) -> Vec<c_int> {
        let awaited = self.begun + 1;
        let owners = if let Some(child) = self.numbers.remove(&id) {
            self.running.remove(&child);
            self.exits.push_back((child, told, awaited));
            BTreeSet::from([child])
        } else {
            self.open.remove(&id);
            match self.left.remove(&id) {
                Some(left) => left.owners,
                None => {
                    self.passed_by();
                    BTreeSet::new()
                }
            }
        };
        let mut doomed = Vec::new();
        for id in &self.open {
            let Some(left) = self.left.get_mut(id) else {
                continue;
            };
            left.owners.extend(&owners);
            if !left.doomed && !left.owners.is_disjoint(&self.ending) {
                left.doomed = true;
                doomed.push(*id);
            }
        }
        self.suspects
            .extend(owners.into_iter().map(|owner| (owner, awaited)));
        doomed
    }

    /// One was reaped that was never listed. Its owner is suspected already, or is yet to be reaped;
    /// but a listing that is under way may be past the numbers of what it has left.
    fn passed_by(&mut self) {
        if self.is_listing() {
            let next = self.begun + 1;
            self.suspects
                .values_mut()
                .for_each(|awaited| *awaited = next);
        }
    }

    /// Nothing more can be reaped for now: who had ended before is known.
    pub fn drained(&mut self) {
        self.open.clear();
    }

    /// There is no process but us.
    pub fn alone(&mut self) {
        self.left.clear();
        self.open.clear();
        self.suspects.clear();
        self.begun += 1;
        self.complete = self.begun;
    }

    /// Whether all processes are to be listed: something may have been left that is not known.
    pub fn owes_listing(&self) -> bool {
        !self.suspects.is_empty()
    }

    /// A listing begins. It may be continued later.
    pub fn begin_listing(&mut self) {
        self.begun += 1;
    }

    /// Whether a listing was begun that is not complete.
    pub fn is_listing(&self) -> bool {
        self.begun != self.complete
    }

    /// Whether a process is a child, or a leftover that was found before.
    pub fn knows(&self, id: c_int) -> bool {
        self.numbers.contains_key(&id) || self.left.contains_key(&id)
    }

    /// The listing has found an unknown child of ours. Whether to kill it at once.
    pub fn found(&mut self, id: c_int) -> bool {
        // A descendant of a leftover passes on to us what it leaves, and ends without our notice.
        let left = self.left.values().flat_map(|left| &left.owners);
        let owners = left.chain(self.suspects.keys()).copied();
        let owners = owners.collect::<BTreeSet<_>>();
        let doomed = !owners.is_disjoint(&self.ending);
        self.left.insert(id, Left { owners, doomed });
        self.open.insert(id);
        doomed
    }

    /// The listing has come to its end.
    pub fn end_listing(&mut self) {
        self.complete = self.begun;
        let complete = self.complete;
        self.suspects.retain(|_, awaited| *awaited > complete);
    }

    /// Whether every process that there can be is to be killed.
    pub fn all_end(&self) -> bool {
        let ends = |child: &u64| self.ending.contains(child);
        self.running.keys().all(ends)
            && self.suspects.keys().all(ends)
            && self.left.values().all(|left| left.doomed)
    }

    /// What can be told now. A child of which nothing is left is forgotten with it.
    pub fn settle(&mut self) -> Vec<Told<T>> {
        let mut told = Vec::new();
        let may_be_told = |awaited: u64| awaited <= self.complete;
        let any_exit = self.exits.front().is_some_and(|exit| may_be_told(exit.2));
        if !any_exit && self.lingering.is_empty() {
            return told;
        }
        let left = self.left.values().flat_map(|left| &left.owners);
        let held = left.chain(self.suspects.keys()).copied();
        let held = held.collect::<BTreeSet<_>>();
        let gone = self.lingering.difference(&held).copied();
        let gone = gone.collect::<Vec<_>>();
        while let Some((child, what, _)) = self.exits.pop_front_if(|exit| exit.2 <= self.complete) {
            let left = held.contains(&child);
            if left {
                self.lingering.insert(child);
            } else {
                self.ending.remove(&child);
            }
            told.push(Told::Exited(child, what, left));
        }
        for child in gone {
            self.lingering.remove(&child);
            self.ending.remove(&child);
            told.push(Told::Gone(child));
        }
        told
    }
}

#[cfg(test)]
mod tests;
