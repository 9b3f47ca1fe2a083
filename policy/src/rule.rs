//! What a policy says, checked as far as its text goes.

use crate::pattern::{PathRefusal, Paths};
use crate::plan::{Background, ChildLimits};
use crate::profile::{Confinement, Grants, ProcessBound};
use crate::shape::{Disagreement, Shape};
use crate::signal::SignalSet;
use crate::source::Place;
use crate::teardown::Teardown;
use crate::{Lint, PolicyError, Problem, defaults};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

/// A whole policy: `R` is a rule as it was read, or with its program found.
#[derive(Clone, Debug)]
pub(crate) struct Rules<R> {
    pub confinement: Confinement,
    /// The weakest confinement that may be fallen back to.
    pub fallback: Option<Confinement>,
    pub limits: GuestLimits,
    /// What holds for children whose rule says nothing else.
    pub children: Bounds,
    pub programs: BTreeMap<String, R>,
    pub shell: Option<R>,
    pub lints: Vec<Lint>,
}

/// What bounds the children of one rule, and how they end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bounds {
    pub limits: ChildLimits,
    pub teardown: Teardown,
    pub background: Background,
}

/// The bounds of one guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuestLimits {
    /// How many of its children run at once.
    pub children: u32,
    /// How many children it may start in all its life.
    pub spawns: Option<u64>,
    /// How fast it may start them.
    pub spawn_rate: Option<Rate>,
    /// How long a spawn waits for another child to end where as many as may run do, instead of
    /// being refused at once.
    pub queue: Option<Duration>,
    /// How many processes and threads its children may be, all together.
    pub processes: Option<ProcessBound>,
}

impl Default for GuestLimits {
    fn default() -> Self {
        Self {
            children: defaults::CHILDREN,
            spawns: defaults::SPAWNS,
            spawn_rate: defaults::SPAWN_RATE,
            queue: defaults::QUEUE,
            processes: defaults::PROCESSES,
        }
    }
}

/// How often something may happen: as often as is said in each period, at once or spread over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How often.
    pub count: u32,
    /// In which time.
    pub period: Duration,
}

/// What a guest may do with one program.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub name: String,
    pub place: Place,
    pub path: Option<PathBuf>,
    pub interpreter: Option<PathBuf>,
    pub shapes: Vec<Shape>,
    pub env: BTreeMap<String, String>,
    pub allow_env: BTreeSet<String>,
    pub signals: SignalSet,
    pub allow_arg0: bool,
    pub allow_identity: bool,
    pub limits: ChildLimits,
    pub teardown: Teardown,
    pub background: Background,
    pub grants: Grants,
    pub granted: Granted,
    pub accept: Vec<Example>,
    pub refuse: Vec<Example>,
}

/// Where a rule's [`Grants`] were written.
#[derive(Clone, Debug)]
pub(crate) struct Granted {
    pub network: Option<Place>,
    pub tmp: Option<Place>,
    /// One for each of the grants.
    pub runtime: Vec<Place>,
    /// One for each of the grants.
    pub execute: Vec<Place>,
}

/// Arguments that a rule must accept or refuse.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub arguments: Vec<Vec<u8>>,
    pub place: Place,
}

impl Rule {
    /// The first shape that `arguments` have, or where they disagree with each.
    pub(crate) fn matching_shape(
        &self,
        arguments: &[Vec<u8>],
        paths: &dyn Paths,
    ) -> Result<&Shape, Vec<Disagreement>> {
        let mut disagreements = Vec::new();
        for shape in &self.shapes {
            match shape.check(arguments, paths) {
                Ok(()) => return Ok(shape),
                Err(disagreement) => disagreements.push(disagreement),
            }
        }
        Err(disagreements)
    }

    /// Checks the examples as far as that is possible without the guest's directories: what
    /// is refused though every path be admitted, and what is accepted though none be.
    pub(crate) fn check_examples_early(&self) -> Result<(), PolicyError> {
        self.check_accepted(&Every)?;
        self.check_refused(&Nothing)
    }

    /// Checks the examples.
    pub(crate) fn check_examples(&self, paths: &dyn Paths) -> Result<(), PolicyError> {
        self.check_accepted(paths)?;
        self.check_refused(paths)
    }

    fn check_accepted(&self, paths: &dyn Paths) -> Result<(), PolicyError> {
        self.accept.iter().try_for_each(|example| {
            self.matching_shape(&example.arguments, paths)
                .map(drop)
                .map_err(|why| PolicyError::new(example.place.clone(), Problem::NotAccepted(why)))
        })
    }

    fn check_refused(&self, paths: &dyn Paths) -> Result<(), PolicyError> {
        self.refuse.iter().try_for_each(|example| {
            match self.matching_shape(&example.arguments, paths) {
                Err(_) => Ok(()),
                Ok(shape) => {
                    let problem = Problem::NotRefused(shape.place().clone());
                    Err(PolicyError::new(example.place.clone(), problem))
                }
            }
        })
    }
}

/// Admits every path.
struct Every;

impl Paths for Every {
    fn admit(&self, _: &str) -> Result<(), PathRefusal> {
        Ok(())
    }
}

/// Admits no path.
struct Nothing;

impl Paths for Nothing {
    fn admit(&self, _: &str) -> Result<(), PathRefusal> {
        Err(PathRefusal::Outside)
    }
}
