//! Confinement, and what children are granted beside the guest's directories.

use super::{Reader, fault};
use crate::profile::{Confinement, Network};
use crate::raw::{RawNetwork, RawProgram, Text};
use crate::rule::Grants;
use crate::source::Source;
use crate::{PolicyError, Problem, units};
use std::path::{Component, Path, PathBuf};
use toml::Spanned;

/// The confinement that is wanted, and the weakest that will do.
#[derive(Clone, Copy)]
pub(super) struct Tiers {
    pub confinement: Confinement,
    pub fallback: Option<Confinement>,
}

impl Tiers {
    pub fn read(
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
        Ok(Self {
            confinement: wanted,
            fallback: weakest,
        })
    }

    /// Whether children may have to do with this tier.
    fn reach(self, tier: Confinement) -> bool {
        (self.confinement..=self.fallback.unwrap_or(self.confinement)).contains(&tier)
    }
}

/// Read a rule's grants, and refuse those that its confinement cannot keep.
pub(super) fn grants(raw: &RawProgram, reader: &Reader<'_>) -> Result<Grants, PolicyError> {
    let grants = Grants {
        network: network(raw.network.as_ref(), reader)?,
        tmp: raw.tmp.as_ref().map(|text| tmp(text, reader)).transpose()?,
        proc: raw.proc.as_ref().is_some_and(|proc| *proc.get_ref()),
        runtime: raw
            .runtime
            .iter()
            .map(|path| runtime(path, reader))
            .collect::<Result<_, _>>()?,
        execute: raw
            .execute
            .iter()
            .map(|name| (name.get_ref().clone(), reader.source.place(name.span())))
            .collect(),
    };
    let keys = [
        ("tmp", raw.tmp.as_ref().map(Spanned::span)),
        ("proc", raw.proc.as_ref().map(Spanned::span)),
        ("runtime", raw.runtime.first().map(Spanned::span)),
        ("execute", raw.execute.first().map(Spanned::span)),
        (
            "network",
            raw.network
                .as_ref()
                .filter(|_| grants.network != Network::Host)
                .map(Spanned::span),
        ),
    ];
    for (key, span) in keys {
        let Some(span) = span else { continue };
        let problem = if reader.tiers.confinement == Confinement::None {
            Problem::NotConfined(key)
        } else if ["tmp", "proc"].contains(&key) && reader.tiers.reach(Confinement::Landlock) {
            Problem::NeedsNamespace(key)
        } else {
            continue;
        };
        return Err(PolicyError::new(reader.source.place(span), problem));
    }
    Ok(grants)
}

fn network(
    written: Option<&Spanned<RawNetwork>>,
    reader: &Reader<'_>,
) -> Result<Network, PolicyError> {
    let Some(written) = written else {
        return Ok(Network::None);
    };
    match written.get_ref() {
        RawNetwork::Word(word) => match word.as_str() {
            "none" => Ok(Network::None),
            "host" => Ok(Network::Host),
            other => Err(reader.fault(written, Problem::UnknownNetwork(other.to_owned()))),
        },
        RawNetwork::Ports(ports) => {
            let ports = ports
                .connect
                .iter()
                .copied()
                .collect::<std::collections::BTreeSet<_>>();
            if ports.is_empty() || ports.contains(&0) {
                return Err(reader.fault(written, Problem::BadPorts));
            }
            Ok(Network::Connect(ports))
        }
    }
}

fn tmp(text: &Text, reader: &Reader<'_>) -> Result<u64, PolicyError> {
    let bad = || reader.fault(text, Problem::BadSize(text.get_ref().clone()));
    // A file system of no size would be one without a bound (tmpfs(5)).
    units::size(text.get_ref())
        .filter(|size| *size > 0)
        .ok_or_else(bad)
}

/// Trees of which no part can be shown: they are the kernel's, or are made for the child.
const NOT_RUNTIME: [&str; 3] = ["/proc", "/dev", "/sys"];

fn runtime(
    path: &Spanned<PathBuf>,
    reader: &Reader<'_>,
) -> Result<(PathBuf, crate::source::Place), PolicyError> {
    let written = path.get_ref();
    if !written.is_absolute() {
        return Err(reader.fault(path, Problem::RelativePath(written.clone())));
    }
    if !is_runtime(written) {
        return Err(reader.fault(path, Problem::NotRuntime(written.clone())));
    }
    Ok((written.clone(), reader.source.place(path.span())))
}

/// Whether a path can be shown to children.
pub(crate) fn is_runtime(path: &Path) -> bool {
    let normal = path.components().all(|part| part != Component::ParentDir);
    let reserved = NOT_RUNTIME.iter().any(|tree| path.starts_with(tree));
    let whole = ["/tmp", "/run", "/etc"]
        .iter()
        .any(|tree| path == Path::new(tree));
    normal && !reserved && !whole && path.parent().is_some()
}
