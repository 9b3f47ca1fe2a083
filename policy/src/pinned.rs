//! The second stage: a policy whose programs were found.

use crate::bind::{self, Preopen};
use crate::pin::PinnedRule;
use crate::plan::PinnedProgram;
use crate::rule::Rules;
use crate::{
    BoundPolicy, Confinement, GuestLimits, Lint, PolicyBuilder, PolicyError, Problem, defaults,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A policy whose programs were found and identified on this host.
///
/// It belongs to no guest yet, and a host keeps one for many. Cloning it and binding it to a
/// guest copies no rule.
#[derive(Clone, Debug)]
pub struct PinnedPolicy {
    rules: Arc<Rules<PinnedRule>>,
}

impl PinnedPolicy {
    pub(crate) fn new(rules: Rules<PinnedRule>) -> Self {
        Self {
            rules: Arc::new(rules),
        }
    }

    /// A policy that allows nothing.
    pub fn deny_all() -> Self {
        Self::new(Rules {
            confinement: Confinement::Namespace,
            fallback: None,
            limits: GuestLimits {
                children: defaults::CHILDREN,
                spawns: defaults::SPAWNS,
            },
            programs: BTreeMap::new(),
            shell: None,
            lints: Vec::new(),
        })
    }

    /// Begins a policy in code, which allows nothing yet.
    pub fn builder(confinement: Confinement) -> PolicyBuilder {
        PolicyBuilder::new(confinement)
    }

    /// This policy with the programs of another, and its shell if this one has none. The
    /// confinement and the bounds of the guest stay those of this policy.
    ///
    /// # Authority
    ///
    /// The result allows what either allows.
    ///
    /// # Errors
    ///
    /// Both have a rule for the same program, or both have a shell.
    pub fn merge(&self, other: &Self) -> Result<Self, PolicyError> {
        let mut rules = Rules::clone(&self.rules);
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
        rules.lints.extend(other.rules.lints.iter().cloned());
        Ok(Self::new(rules))
    }

    /// Ties the policy to a guest and the directories it has.
    ///
    /// # Errors
    ///
    /// A program, its interpreter, or something on the way to either lies in a directory that
    /// the guest can write; two directories have the same name; a directory cannot be
    /// resolved; or an example of the policy fails with these directories.
    pub fn bind(&self, preopens: &[Preopen]) -> Result<BoundPolicy, PolicyError> {
        bind::bind(Arc::clone(&self.rules), preopens)
    }

    /// The same policy with the next weaker confinement that it allows, for a machine that cannot
    /// put up the one that it wants. `None` where it allows no weaker one.
    ///
    /// # Authority
    ///
    /// What the weaker confinement leaves open, which the operator has allowed.
    pub fn fall_back(self) -> Option<Self> {
        let weakest = self.rules.fallback?;
        let weaker = Confinement::ALL
            .into_iter()
            .find(|tier| (self.rules.confinement < *tier) && *tier <= weakest)?;
        let rules = Rules {
            confinement: weaker,
            ..Rules::clone(&self.rules)
        };
        Some(Self::new(rules))
    }

    /// Whether it allows any program, or a shell.
    pub fn allows_anything(&self) -> bool {
        !self.rules.programs.is_empty() || self.rules.shell.is_some()
    }

    /// The weakest confinement that children may have here.
    pub fn fallback(&self) -> Option<Confinement> {
        self.rules.fallback
    }

    /// How children are confined.
    pub fn confinement(&self) -> Confinement {
        self.rules.confinement
    }

    /// The bounds of one guest.
    pub fn guest_limits(&self) -> GuestLimits {
        self.rules.limits
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
}
