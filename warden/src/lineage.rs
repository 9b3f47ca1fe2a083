//! What is left of which child.
//!
//! Each process bears the mark of the child that it descends from (see [`mark`](crate::mark)). So it
//! takes a list of all processes to know what a child has left when it ends, and to end it: the list
//! is gone through again as long as something new of the child is found. The topmost processes of
//! what a child has left are children of ours, and keep their places in the list until we reap them;
//! and what is reaped while a list is gone through counts as found. So no child of which something is
//! left is missed, whatever that does in the meantime.
//!
//! Here it is only decided what is to be killed and told; see [`children`](crate::children) for what
//! asks the system and does it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ffi::c_int;

/// What is known of all children and of what they have left. `T` is what is told of an exit.
pub struct Lineage<T> {
    /// The children that are not reaped.
    running: BTreeMap<u64, c_int>,
    /// The same by process.
    numbers: BTreeMap<c_int, u64>,
    /// Of whom nothing is to be left.
    ending: BTreeSet<u64>,
    /// The exits that nobody was told of.
    exits: VecDeque<(u64, T)>,
    /// Who has left something, and was told to have.
    lingering: BTreeSet<u64>,
    /// Whether a listing is to begin.
    owed: bool,
    /// What the listing has found that is under way.
    listing: Option<Listing>,
    /// What the listing before has found to be killed.
    killed: BTreeSet<c_int>,
}

struct Listing {
    /// How many exits had been seen when it began.
    exits: usize,
    /// Of whom there is something.
    seen: BTreeSet<u64>,
    /// What was found to be killed.
    killed: BTreeSet<c_int>,
}

/// What the host is to be told.
#[derive(Debug, PartialEq, Eq)]
pub enum Told<T> {
    /// A child was reaped, and whether it has left something.
    Exited(u64, T, bool),
    /// Nothing is left of a child that has left something.
    Gone(u64),
}

impl<T> Lineage<T> {
    pub fn new() -> Self {
        Self {
            running: BTreeMap::new(),
            numbers: BTreeMap::new(),
            ending: BTreeSet::new(),
            exits: VecDeque::new(),
            lingering: BTreeSet::new(),
            owed: false,
            listing: None,
            killed: BTreeSet::new(),
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

    /// End a child and everything of it, and say whether there may be any. The listings that follow
    /// find it.
    pub fn end(&mut self, child: u64) -> bool {
        let untold = self.exits.iter().any(|(number, _)| *number == child);
        let known = untold || self.running.contains_key(&child) || self.lingering.contains(&child);
        if known {
            self.ending.insert(child);
            self.owed = true;
        }
        known
    }

    /// A process was reaped. While a listing is under way it is told whose the process was.
    pub fn reaped(&mut self, id: c_int, of: Option<u64>, told: T) {
        if let (Some(listing), Some(child)) = (&mut self.listing, of) {
            listing.seen.insert(child);
        }
        if let Some(child) = self.numbers.remove(&id) {
            self.running.remove(&child);
            self.exits.push_back((child, told));
            self.owed = true;
        } else if self.listing.is_some() || !self.lingering.is_empty() {
            // It may have been the last of a child, also of one that the listing is about to find has
            // left something.
            self.owed = true;
        }
    }

    /// There is no process but us.
    pub fn alone(&mut self) -> Vec<Told<T>> {
        self.begin_listing();
        self.end_listing()
    }

    /// Whether all processes are to be listed.
    pub fn owes_listing(&self) -> bool {
        self.owed || self.is_listing()
    }

    /// Whether a listing was begun and has not come to its end.
    pub fn is_listing(&self) -> bool {
        self.listing.is_some()
    }

    /// A listing begins. It may be continued later.
    pub fn begin_listing(&mut self) {
        self.owed = false;
        self.listing = Some(Listing {
            exits: self.exits.len(),
            seen: BTreeSet::new(),
            killed: BTreeSet::new(),
        });
    }

    /// The listing has found a process of a child. Whether to kill it.
    pub fn found(&mut self, id: c_int, child: u64) -> bool {
        let Some(listing) = &mut self.listing else {
            return false;
        };
        listing.seen.insert(child);
        let killed = self.ending.contains(&child);
        if killed {
            listing.killed.insert(id);
        }
        killed
    }

    /// The listing has come to its end. What can be told now; a child of which nothing is left is
    /// forgotten with it.
    pub fn end_listing(&mut self) -> Vec<Told<T>> {
        let Some(listing) = self.listing.take() else {
            return Vec::new();
        };
        // What it found for the first time may have started more before it was killed.
        if !listing.killed.is_subset(&self.killed) {
            self.owed = true;
        }
        self.killed = listing.killed;
        let gone = self.lingering.difference(&listing.seen).copied();
        let gone = gone.collect::<Vec<_>>();
        let mut told = Vec::new();
        for (child, what) in self.exits.drain(..listing.exits) {
            let left = listing.seen.contains(&child);
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

    /// Whether a child is being ended.
    pub fn any_ends(&self) -> bool {
        !self.ending.is_empty()
    }

    /// Whether every process that there can be is to be killed.
    pub fn all_end(&self) -> bool {
        let exited = self.exits.iter().map(|(child, _)| child);
        let mut all = self.running.keys().chain(&self.lingering).chain(exited);
        all.all(|child| self.ending.contains(child))
    }
}

#[cfg(test)]
mod tests;
