//! What children are granted beside the guest's directories.

use super::Reader;
use crate::defaults::TMP_BYTES;
use crate::profile::{Confinement, Grants, Network};
use crate::raw::{RawNetwork, RawProgram, Text};
use crate::rule::Granted;
use crate::{PolicyError, Problem, units, view};
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;
use toml::Spanned;

/// Reads a rule's grants, and refuses those that its confinement would not keep.
pub(super) fn grants(
    raw: &RawProgram,
    reader: &Reader<'_>,
) -> Result<(Grants, Granted), PolicyError> {
    let grants = Grants {
        network: match &raw.network {
            Some(network) => self::network(network, reader)?,
            None => Network::None,
        },
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
            .map(|name| name.get_ref().clone())
            .collect(),
    };
    check_kept(raw, &grants, reader)?;
    let place = |span: Range<usize>| reader.source.place(span);
    let granted = Granted {
        network: raw.network.as_ref().map(|network| place(network.span())),
        tmp: raw.tmp.as_ref().map(|text| place(text.span())),
        runtime: raw.runtime.iter().map(|path| place(path.span())).collect(),
        execute: raw.execute.iter().map(|name| place(name.span())).collect(),
    };
    Ok((grants, granted))
}

/// Refuses what nothing would keep in a confinement that children may come to have.
fn check_kept(raw: &RawProgram, grants: &Grants, reader: &Reader<'_>) -> Result<(), PolicyError> {
    let fault = |span, problem| Err(PolicyError::new(reader.source.place(span), problem));
    let network = raw.network.as_ref();
    let proc = raw.proc.as_ref().filter(|_| grants.proc);
    let mounts = [
        ("tmp", raw.tmp.as_ref().map(Spanned::span)),
        ("proc", proc.map(Spanned::span)),
    ];
    let others = [
        ("network", network.map(Spanned::span)),
        ("runtime", raw.runtime.first().map(Spanned::span)),
        ("execute", raw.execute.first().map(Spanned::span)),
    ];
    let written = |(key, span): &(_, Option<_>)| span.clone().map(|span| (*key, span));
    match reader.tiers.confinement {
        Confinement::None => {
            let written = mounts.iter().chain(&others).filter_map(written);
            // This is what unconfined children have.
            let host = |key| key == "network" && grants.network == Network::Host;
            let mut unkept = written.filter(|(key, _)| !host(*key));
            match unkept.next() {
                Some((key, span)) => fault(span, Problem::NotConfined(key)),
                None => Ok(()),
            }
        }
        _ => match mounts.iter().find_map(written) {
            Some((key, span)) => match reader.tiers.without_namespace(key) {
                Some(problem) => fault(span, problem),
                None => Ok(()),
            },
            None => Ok(()),
        },
    }
}

fn network(written: &Spanned<RawNetwork>, reader: &Reader<'_>) -> Result<Network, PolicyError> {
    match written.get_ref() {
        RawNetwork::Word(word) => match word.as_str() {
            "none" => Ok(Network::None),
            "host" => Ok(Network::Host),
            other => Err(reader.fault(written, Problem::UnknownNetwork(other.to_owned()))),
        },
        RawNetwork::Ports(ports) => {
            let ports = ports.connect.iter().map(|port| u16::try_from(*port));
            let ports = ports.collect::<Result<BTreeSet<_>, _>>();
            let usable = |ports: &BTreeSet<_>| !ports.is_empty() && !ports.contains(&0);
            let ports = ports.ok().filter(usable);
            let bad = || reader.fault(written, Problem::BadPorts);
            ports.map(Network::Connect).ok_or_else(bad)
        }
    }
}

fn tmp(text: &Text, reader: &Reader<'_>) -> Result<u64, PolicyError> {
    let bad = || reader.fault(text, Problem::BadTmp(text.get_ref().clone()));
    // A file system of no size would be one without a bound (tmpfs(5)).
    let size = units::size(text.get_ref()).filter(|size| (1..=TMP_BYTES).contains(size));
    size.ok_or_else(bad)
}

fn runtime(path: &Spanned<PathBuf>, reader: &Reader<'_>) -> Result<PathBuf, PolicyError> {
    let written = path.get_ref();
    if !written.is_absolute() {
        return Err(reader.fault(path, Problem::RelativePath(written.clone())));
    }
    // Without `//`, `.` and a slash at the end.
    let plain: PathBuf = written.components().collect();
    if !view::can_be_shown(&plain) {
        return Err(reader.fault(path, Problem::NotRuntime(plain)));
    }
    Ok(plain)
}
