//! How children are confined, and what will do where that cannot be had.

use super::fault;
use crate::profile::Confinement;
use crate::raw::Text;
use crate::source::{Place, Source};
use crate::{PolicyError, Problem};

/// The confinement that is wanted, and the weakest that will do.
#[derive(Clone, Debug)]
pub(crate) struct Tiers {
    pub confinement: Confinement,
    pub fallback: Option<Confinement>,
    /// Where the confinement is written.
    pub confinement_place: Place,
    /// Where the fallback is written.
    pub fallback_place: Place,
}

impl Tiers {
    pub(super) fn read(
        confinement: Option<&Text>,
        fallback: Option<&Text>,
        source: &Source,
    ) -> Result<Self, PolicyError> {
        let tier = |written: &Text| {
            let unknown = || Problem::UnknownConfinement(written.get_ref().clone());
            Confinement::named(written.get_ref()).ok_or_else(|| fault(source, written, unknown()))
        };
        let wanted = confinement.map(tier).transpose()?;
        let wanted = wanted.unwrap_or(Confinement::Namespace);
        let weakest = fallback.map(tier).transpose()?;
        if let (Some(written), Some(weakest)) = (fallback, weakest)
            && weakest <= wanted
        {
            let problem = Problem::NoFallback {
                confinement: wanted,
                fallback: weakest,
            };
            return Err(fault(source, written, problem));
        }
        let place = |written: Option<&Text>| match written {
            Some(written) => source.place(written.span()),
            None => source.whole(),
        };
        Ok(Self {
            confinement: wanted,
            fallback: weakest,
            confinement_place: place(confinement),
            fallback_place: place(fallback),
        })
    }

    /// Why `key`, which only namespaces keep, would not be kept in each confinement that children
    /// may come to have.
    pub(crate) fn without_namespace(&self, key: &'static str) -> Option<Problem> {
        without_namespace(self.confinement, self.fallback, key)
    }
}

/// Why `key`, which only namespaces keep, would not be kept with these.
pub(crate) fn without_namespace(
    confinement: Confinement,
    fallback: Option<Confinement>,
    key: &'static str,
) -> Option<Problem> {
    match (confinement, fallback) {
        (Confinement::None, _) => Some(Problem::NotConfined(key)),
        (Confinement::Landlock, _) => Some(Problem::NeedsNamespace(key)),
        (Confinement::Namespace, Some(fallback)) => Some(Problem::LostInFallback { key, fallback }),
        (Confinement::Namespace, None) => None,
    }
}
