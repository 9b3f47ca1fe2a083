//! The second stage: a policy whose programs were found.

use crate::bind::{self, Preopen};
use crate::pin::PinnedRule;
use crate::plan::PinnedProgram;
use crate::rule::{Bounds, Rules};
use crate::{
    BoundPolicy, Confinement, Grants, GuestLimits, Lint, PolicyBuilder, PolicyError, Problem, read,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A policy whose programs were found and identified on this host.
///
/// It belongs to no guest yet, and a host keeps one for many. Cloning it and binding it to a
/// guest copies no rule.
#[derive(Clone, Debug)]
pub struct PinnedPolicy {
    rules: Arc<Rules<PinnedRule>>,
    /// The confinement that it is to have here: what it wants, or has fallen back to.
    confinement: Confinement,
}

impl PinnedPolicy {
    pub(crate) fn new(rules: Rules<PinnedRule>) -> Self {
        Self {
            confinement: rules.confinement,
            rules: Arc::new(rules),
        }
    }

    /// A policy that allows nothing.
    pub fn deny_all() -> Self {
        Self::new(Rules {
            confinement: Confinement::Namespace,
            fallback: None,
            limits: GuestLimits::default(),
            children: Bounds::default(),
            programs: BTreeMap::new(),
            shell: None,
            lints: Vec::new(),
        })
    }

    /// Begins a policy in code, which allows nothing yet.
    pub fn builder(confinement: Confinement) -> PolicyBuilder {
        PolicyBuilder::new(confinement)
    }

    /// This policy with the programs of another, and its shell if this one has none. The bounds of
    /// the guest stay those of this policy. Both must want the same confinement, unless one of them
    /// allows nothing, and the result falls back as far as both allow.
    ///
    /// # Authority
    ///
    /// The result allows what either allows.
    ///
    /// # Errors
    ///
    /// Both have a rule for the same program, or both have a shell, or their confinements differ, or
    /// this policy names a number of processes, which the other's confinement cannot keep.
    pub fn merge(&self, other: &Self) -> Result<Self, PolicyError> {
        let mut rules = Rules::clone(&self.rules);
        if !self.allows_anything() {
            rules.confinement = other.rules.confinement;
            rules.fallback = other.rules.fallback;
        } else if other.allows_anything() {
            other.check_confinement(&self.rules)?;
            let both = self.rules.fallback.zip(other.rules.fallback);
            rules.fallback = both.map(|(one, other)| one.min(other));
        }
        check_processes(&rules, &other.rules)?;
        for (name, added) in &other.rules.programs {
            if let Some(first) = rules.programs.insert(name.clone(), added.clone()) {
                let problem = Problem::DuplicateProgram {
                    name: name.clone(),
                    first: first.rule.place,
                };
                return Err(PolicyError::new(added.rule.place.clone(), problem));
            }
        }
        if let Some(added) = &other.rules.shell
            && let Some(first) = rules.shell.replace(added.clone())
        {
            let problem = Problem::DuplicateShell(first.rule.place);
            return Err(PolicyError::new(added.rule.place.clone(), problem));
        }
        for lint in &other.rules.lints {
            // What is about the whole policy is said once.
            if !(lint.warning.is_of_whole()
                && rules.lints.iter().any(|it| it.warning == lint.warning))
            {
                rules.lints.push(lint.clone());
            }
        }
        Ok(Self::new(rules))
    }

    /// Refuses to be added to a policy that wants another confinement.
    fn check_confinement(&self, ours: &Rules<PinnedRule>) -> Result<(), PolicyError> {
        let theirs = &self.rules;
        let mut rules = theirs.programs.values().chain(&theirs.shell);
        match rules.next() {
            Some(first) if theirs.confinement != ours.confinement => {
                let problem = Problem::TwoConfinements {
                    ours: ours.confinement,
                    theirs: theirs.confinement,
                };
                Err(PolicyError::new(first.rule.place.clone(), problem))
            }
            _ => Ok(()),
        }
    }

    /// Ties the policy to a guest and the directories it has.
    ///
    /// # Errors
    ///
    /// A program, its interpreter, something on the way to either, or something that is shown to
    /// children lies in a directory that the guest can write; two directories have the same name; a
    /// directory cannot be resolved, or would be in the way of something in the world of confined
    /// children; `execute` names a directory that the guest does not have; or an example of the
    /// policy fails with these directories.
    pub fn bind(&self, preopens: &[Preopen]) -> Result<BoundPolicy, PolicyError> {
        bind::bind(Arc::clone(&self.rules), self.confinement, preopens)
    }

    /// The policy as it decides where no guest is known, to explain it: without directories, and
    /// whatever directories `execute` names.
    pub fn without_guest(&self) -> BoundPolicy {
        bind::without_guest(Arc::clone(&self.rules), self.confinement)
    }

    /// The same policy with the next weaker confinement that it allows, for a machine that cannot
    /// put up the one that it wants. `None` where it allows no weaker one.
    ///
    /// # Authority
    ///
    /// What the weaker confinement leaves open, which the operator has allowed.
    pub fn fall_back(self) -> Option<Self> {
        let weakest = self.rules.fallback?;
        let confinement = self.confinement.weaker().filter(|tier| *tier <= weakest)?;
        Some(Self {
            confinement,
            ..self
        })
    }

    /// Whether it allows any program, or a shell.
    pub fn allows_anything(&self) -> bool {
        !self.rules.programs.is_empty() || self.rules.shell.is_some()
    }

    /// How children are to be confined.
    pub fn confinement(&self) -> Confinement {
        self.confinement
    }

    /// The weakest confinement that children may have, where the one that is wanted cannot be had.
    pub fn fallback(&self) -> Option<Confinement> {
        self.rules.fallback
    }

    /// The bounds of one guest.
    pub fn guest_limits(&self) -> GuestLimits {
        self.rules.limits
    }

    /// What holds for children whose rule says nothing else.
    pub(crate) fn children(&self) -> &Bounds {
        &self.rules.children
    }

    /// How long it takes at most to end the children of a guest: the longest teardown that a program
    /// or the shell has.
    pub fn teardown_time(&self) -> Duration {
        let rules = self.rules.programs.values().chain(&self.rules.shell);
        let times = rules.map(|pinned| pinned.rule.teardown.time());
        times.max().unwrap_or_default()
    }

    /// What the policy says and perhaps should not.
    pub fn lints(&self) -> &[Lint] {
        &self.rules.lints
    }

    /// The programs that the policy allows, by name, in alphabetical order.
    pub fn programs(&self) -> impl Iterator<Item = (&str, &PinnedProgram)> {
        let programs = self.rules.programs.iter();
        programs.map(|(name, pinned)| (name.as_str(), &pinned.program))
    }

    /// The shell, if the policy allows one.
    pub fn shell(&self) -> Option<&PinnedProgram> {
        self.rules.shell.as_ref().map(|pinned| &pinned.program)
    }

    /// What the rule for a program grants its children beside the guest's directories.
    pub fn grants(&self, program: &str) -> Option<&Grants> {
        let pinned = self.rules.programs.get(program)?;
        Some(&pinned.rule.grants)
    }

    /// What the shell's children are granted beside the guest's directories.
    pub fn shell_grants(&self) -> Option<&Grants> {
        self.rules.shell.as_ref().map(|pinned| &pinned.rule.grants)
    }
}

/// Refuses what would take the namespaces away that a named number of processes needs.
fn check_processes(ours: &Rules<PinnedRule>, added: &Rules<PinnedRule>) -> Result<(), PolicyError> {
    let named = ours.limits.processes.is_some_and(|bound| bound.required);
    let unkept = read::without_namespace(ours.confinement, ours.fallback, "processes");
    let first = added.programs.values().chain(&added.shell).next();
    match (first, unkept) {
        (Some(first), Some(problem)) if named => {
            Err(PolicyError::new(first.rule.place.clone(), problem))
        }
        _ => Ok(()),
    }
}
