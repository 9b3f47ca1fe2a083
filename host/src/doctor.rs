//! What this machine can enforce, and what to change where it cannot.
//!
//! ```
//! use offspring_host::doctor::Report;
//!
//! let report = Report::examine();
//! for tier in &report.tiers {
//!     match &tier.tried {
//!         Ok(()) => println!("{}: yes", tier.confinement),
//!         Err(error) => {
//!             println!("{error}");
//!             error.advice().iter().for_each(|advice| println!("  {advice}"));
//!         }
//!     }
//! }
//! ```
//!
//! `offspring doctor` prints such a report.

mod advice;
mod kernel;
mod system;

pub use advice::Advice;
pub(crate) use advice::advice;
pub use system::{Container, Landlock, System, UserNamespaces};

use crate::sandbox::{SandboxError, try_profile};
use offspring_policy::{Confinement, Network, ProcessBound, Profile};
use std::fmt;

/// What this machine can enforce.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// What the system says of itself.
    pub system: System,
    /// Each confinement, the strongest first.
    pub tiers: Vec<Tier>,
    /// What policies may say and not every machine can keep, in the strongest of these tiers.
    pub features: Vec<FeatureReport>,
}

/// Whether a confinement can be had.
#[derive(Debug)]
#[non_exhaustive]
pub struct Tier {
    /// The confinement.
    pub confinement: Confinement,
    /// What came of putting it up.
    pub tried: Result<(), SandboxError>,
}

/// Something that a policy may grant or bound, and that not every machine can keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Feature {
    /// `network = { connect = […] }`: TCP to some ports.
    Connect,
    /// `proc = true`: a `/proc` of the guest's children.
    Proc,
    /// `processes` with a number: a bound on the processes of the guest's children.
    Processes,
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Connect, Self::Proc, Self::Processes];

    /// A short name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Proc => "proc",
            Self::Processes => "processes",
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Whether a feature can be had.
#[derive(Debug)]
#[non_exhaustive]
pub struct FeatureReport {
    /// The feature.
    pub feature: Feature,
    /// What came of putting up a confinement that grants it.
    pub tried: Result<(), SandboxError>,
}

impl Report {
    /// Looks at the system, and puts each confinement up to see whether it stands. That starts
    /// processes and waits for them, some milliseconds; it needs no runtime.
    pub fn examine() -> Self {
        let tiers: Vec<_> = Confinement::ALL
            .into_iter()
            .map(|confinement| Tier {
                confinement,
                tried: try_profile(&bare(confinement)),
            })
            .collect();
        let strongest = strongest(&tiers);
        Self {
            system: System::examine(),
            features: features(strongest),
            tiers,
        }
    }

    /// What came of putting a confinement up.
    ///
    /// # Errors
    ///
    /// Why it cannot be had.
    pub fn tried(&self, confinement: Confinement) -> Result<(), &SandboxError> {
        let mut tiers = self.tiers.iter();
        let tier = tiers.find(|tier| tier.confinement == confinement);
        tier.map_or(Ok(()), |tier| tier.tried.as_ref().copied())
    }

    /// The strongest confinement that can be had, which may be none.
    pub fn strongest(&self) -> Confinement {
        strongest(&self.tiers)
    }
}

fn strongest(tiers: &[Tier]) -> Confinement {
    let stands = tiers.iter().find(|tier| tier.tried.is_ok());
    stands.map_or(Confinement::None, |tier| tier.confinement)
}

/// Any bound on processes.
pub(crate) const BOUND: ProcessBound = ProcessBound {
    most: 64,
    required: true,
};

/// Unconfined children need nobody to grant them anything, and the weaker tier has no `/proc` and
/// counts no processes.
fn features(confinement: Confinement) -> Vec<FeatureReport> {
    let granted = |feature| match (confinement, feature) {
        (Confinement::None, _) | (Confinement::Landlock, Feature::Proc | Feature::Processes) => {
            None
        }
        (_, Feature::Connect) => Some(Profile {
            network: Network::Connect([443].into()),
            ..bare(confinement)
        }),
        (_, Feature::Proc) => Some(Profile {
            proc: true,
            ..bare(confinement)
        }),
        (_, Feature::Processes) => Some(Profile {
            processes: Some(BOUND),
            ..bare(confinement)
        }),
    };
    let features = Feature::ALL.into_iter();
    let profiles = features.filter_map(|feature| Some((feature, granted(feature)?)));
    profiles
        .map(|(feature, profile)| FeatureReport {
            feature,
            tried: try_profile(&profile),
        })
        .collect()
}

/// A confinement that grants nothing.
pub(crate) fn bare(confinement: Confinement) -> Profile {
    Profile {
        confinement,
        network: Network::None,
        tmp: None,
        proc: false,
        processes: None,
        runtime: Vec::new(),
        execute: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tier_is_reported_once_and_none_always_stands() {
        let report = Report::examine();
        let tiers: Vec<_> = report.tiers.iter().map(|tier| tier.confinement).collect();
        assert_eq!(tiers, Confinement::ALL);
        report.tried(Confinement::None).unwrap();
        assert!(report.tried(report.strongest()).is_ok());
    }

    #[test]
    fn what_fails_is_told_with_what_to_do() {
        let report = Report::examine();
        let tiers = report.tiers.iter().map(|tier| &tier.tried);
        let features = report.features.iter().map(|feature| &feature.tried);
        for error in tiers
            .chain(features)
            .filter_map(|tried| tried.as_ref().err())
        {
            assert_ne!(error.advice(), [], "{error}");
        }
    }
}
