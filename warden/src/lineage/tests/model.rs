//! Worlds in which children fork, orphan and end as they please while they are listed and reaped,
//! played from many seeds. Here the truth is known: whose each process is.

use crate::lineage::{Lineage, Told};
use std::collections::{BTreeMap, BTreeSet};

/// The parent of what is ours.
const WARDEN: i32 = 1;

/// How many there are at once, and how many numbers.
const MOST: usize = 30;
const NUMBERS: i32 = 90;

struct Process {
    parent: i32,
    owner: u64,
    dead: bool,
    /// It starts nothing any more, and ends when it is next looked at.
    killed: bool,
}

struct Model {
    random: u64,
    processes: BTreeMap<i32, Process>,
    next: i32,
    started: u64,
    lineage: Lineage<()>,
    /// Whether processes still start others.
    lively: bool,
    exited: BTreeMap<u64, bool>,
    gone: BTreeSet<u64>,
    ended: BTreeSet<u64>,
    /// Where the listing is.
    at: i32,
}

impl Model {
    fn new(seed: u64) -> Self {
        Self {
            random: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1,
            processes: BTreeMap::new(),
            next: 2,
            started: 0,
            lineage: Lineage::new(),
            lively: true,
            exited: BTreeMap::new(),
            gone: BTreeSet::new(),
            ended: BTreeSet::new(),
            at: 0,
        }
    }

    fn below(&mut self, end: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 33) as usize % end
    }

    fn make(&mut self, parent: i32, owner: u64) -> i32 {
        // Numbers are used again, so that a new one may be before or after others.
        let mut id = self.next;
        while self.processes.contains_key(&id) {
            id = 2 + id % NUMBERS;
        }
        self.next = 2 + id % NUMBERS;
        let process = Process {
            parent,
            owner,
            dead: false,
            killed: false,
        };
        self.processes.insert(id, process);
        id
    }

    fn start(&mut self) {
        self.started += 1;
        let id = self.make(WARDEN, self.started);
        self.lineage.started(self.started, id);
    }

    fn alive(&self) -> Vec<i32> {
        let alive = self.processes.iter().filter(|(_, process)| !process.dead);
        alive.map(|(id, _)| *id).collect()
    }

    fn any_of(&self, child: u64) -> bool {
        let mut alive = self.processes.values().filter(|process| !process.dead);
        alive.any(|process| process.owner == child)
    }

    /// It ends, and what it leaves goes to us.
    fn die(&mut self, id: i32) {
        for orphan in self.processes.values_mut() {
            if orphan.parent == id {
                orphan.parent = WARDEN;
            }
        }
        self.processes.get_mut(&id).unwrap().dead = true;
        // Whoever is not ours is reaped by others at once.
        self.processes
            .retain(|_, process| !process.dead || process.parent == WARDEN);
    }

    /// What happens while we do something else.
    fn happen(&mut self) {
        for _ in 0..self.below(6) {
            let alive = self.alive();
            if alive.is_empty() {
                return;
            }
            let id = alive[self.below(alive.len())];
            let owner = self.processes[&id].owner;
            let lively = self.lively && self.processes.len() < MOST;
            match self.below(5) {
                _ if self.processes[&id].killed => self.die(id),
                0 => self.die(id),
                1 | 2 if lively => drop(self.make(id, owner)),
                // A hop: another in the place of the one.
                3 if lively => {
                    self.make(id, owner);
                    self.die(id);
                }
                _ => {}
            }
        }
    }

    fn kill(&mut self, id: i32) {
        let process = self.processes.get_mut(&id).expect("it is not reaped");
        let owner = process.owner;
        assert!(self.ended.contains(&owner), "{owner} was not ended");
        process.killed = true;
    }

    fn reap(&mut self, most: usize) -> bool {
        for _ in 0..most {
            self.happen();
            let ours = self.processes.iter();
            let dead = ours.filter(|(_, process)| process.dead);
            let dead = dead.map(|(id, _)| *id).collect::<Vec<_>>();
            if dead.is_empty() {
                if self.processes.is_empty() {
                    let told = self.lineage.alone();
                    self.check(told);
                }
                return false;
            }
            let id = dead[self.below(dead.len())];
            let owner = self.processes.remove(&id).map(|process| process.owner);
            let of = owner.filter(|_| self.lineage.is_listing());
            self.lineage.reaped(id, of, ());
        }
        true
    }

    /// A turn, as `Children::turn` has it, in which things happen between any two steps.
    fn turn(&mut self) -> bool {
        let most = 1 + self.below(8);
        let more = self.reap(most);
        if self.lineage.owes_listing() {
            if !self.lineage.is_listing() {
                self.lineage.begin_listing();
                self.at = 0;
            }
            for _ in 0..1 + self.below(20) {
                self.happen();
                let after = self.at + 1..;
                let Some(id) = self.processes.range(after).next().map(|(id, _)| *id) else {
                    let told = self.lineage.end_listing();
                    self.check(told);
                    break;
                };
                self.at = id;
                if self.lineage.found(id, self.processes[&id].owner) {
                    self.kill(id);
                }
            }
        }
        more || self.lineage.owes_listing()
    }

    fn check(&mut self, told: Vec<Told<()>>) {
        for told in told {
            match told {
                Told::Exited(child, (), left) => {
                    assert!(left || !self.any_of(child), "{child} has left something");
                    assert_eq!(self.exited.insert(child, left), None, "{child} exits once");
                }
                Told::Gone(child) => {
                    assert!(!self.any_of(child), "{child} is not gone");
                    assert_eq!(self.exited.get(&child), Some(&true), "{child} had left");
                    assert!(self.gone.insert(child), "{child} is gone once");
                }
            }
        }
    }

    fn end(&mut self, child: u64) {
        if self.lineage.end(child) {
            self.ended.insert(child);
            if let Some(id) = self.lineage.process(child) {
                self.kill(id);
            }
        }
    }

    fn finish(&mut self) {
        self.lively = false;
        for _ in 0..100_000 {
            self.happen();
            if !self.turn() && self.processes.is_empty() {
                self.turn();
                return;
            }
        }
        panic!("it does not come to an end");
    }
}

#[test]
fn whatever_happens_each_process_is_its_childs_and_each_child_is_told_of_once() {
    for seed in 1..=400 {
        let mut model = Model::new(seed);
        for _ in 0..60 {
            match model.below(4) {
                0 => model.start(),
                1 if model.started > 0 => {
                    let child = 1 + model.below(model.started as usize) as u64;
                    model.end(child);
                }
                _ => {
                    model.turn();
                }
            }
        }
        model.finish();
        let told = model.exited.keys().copied().collect::<Vec<_>>();
        assert_eq!(told, (1..=model.started).collect::<Vec<_>>());
        let left = model.exited.iter().filter(|(_, left)| **left);
        assert!(left.map(|(child, _)| child).eq(&model.gone));
        let lineage = &model.lineage;
        assert!(lineage.ending.is_empty() && lineage.lingering.is_empty());
    }
}

#[test]
fn an_ended_child_is_gone_while_others_go_on() {
    for seed in 1..=200 {
        let mut model = Model::new(seed);
        for _ in 0..4 {
            model.start();
        }
        for _ in 0..10 {
            model.turn();
        }
        model.end(1);
        // Nothing dies any more but what was killed, and the killed start nothing.
        model.lively = false;
        for _ in 0..10_000 {
            let killed = model.processes.iter();
            let killed = killed.filter(|(_, process)| process.killed && !process.dead);
            let killed = killed.map(|(id, _)| *id).collect::<Vec<_>>();
            killed.into_iter().for_each(|id| {
                if model.processes.contains_key(&id) && !model.processes[&id].dead {
                    model.die(id);
                }
            });
            model.turn();
            if !model.any_of(1) {
                break;
            }
        }
        assert!(!model.any_of(1), "seed {seed}");
    }
}
