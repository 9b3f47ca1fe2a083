//! `--confinement` and what goes with it: how the programs of `--allow` are confined, what they are
//! granted, and what bounds them.

use super::Grant;
use super::units::{duration, size};
use clap::{Args, ValueEnum};
use offspring_policy::{Confinement, Network};
use std::path::{self, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// `--allow`, and all that is said of its programs.
#[derive(Args, Debug)]
pub(crate) struct AllowArgs {
    /// Let the guest launch a program with any arguments; again for more
    ///
    /// The program is looked for in PATH, or is the FILE that is given. Any argument often means
    /// any command: use it to try things out, and write a policy for the rest. What is granted
    /// with --network, --tmp, --proc, --runtime and --execute is granted to all of these programs,
    /// and --child-timeout, --memory and --cpu bound all of them; a policy has its own for each. What
    /// the [limits] of a --policy say of children holds for these too.
    #[arg(long = "allow", value_name = "NAME[=FILE]")]
    pub programs: Vec<Grant>,

    /// How the programs of --allow are confined [default: namespace, or as in the --policy]
    #[arg(long, value_name = "TIER", requires = "programs")]
    pub confinement: Option<Tier>,

    /// The weakest tier that will do where this machine cannot put up a stronger one
    #[arg(
        long,
        value_name = "TIER",
        requires = "programs",
        hide_possible_values = true
    )]
    pub fallback: Option<Tier>,

    /// What of the network the programs of --allow reach: none, host, or ports such as 80,443
    #[arg(long, value_name = "REACH", requires = "programs")]
    pub network: Option<Reach>,

    /// Give the programs of --allow a /tmp of this size, such as 64MiB
    #[arg(long, value_name = "SIZE", requires = "programs", value_parser = size)]
    pub tmp: Option<u64>,

    /// Give the programs of --allow a /proc of the guest's children
    #[arg(long, requires = "programs")]
    pub proc: bool,

    /// Show the programs of --allow a file or directory, read-only; again for more
    #[arg(long, value_name = "PATH", requires = "programs", value_parser = absolute)]
    pub runtime: Vec<PathBuf>,

    /// Let files in a directory of the guest be executed; again for more
    #[arg(long, value_name = "GUEST-DIR", requires = "programs")]
    pub execute: Vec<String>,

    /// End each child of --allow after this time: 500ms, 30s, 5min, 1h, or seconds
    #[arg(long, value_name = "TIME", requires = "programs", value_parser = duration)]
    pub child_timeout: Option<Duration>,

    /// How many children the guest may have at once [default: 16]; a --policy says it itself
    #[arg(
        long,
        value_name = "N",
        requires = "programs",
        conflicts_with = "policy"
    )]
    pub max_children: Option<u32>,

    /// The address space of each process of the programs of --allow, such as 2GiB
    #[arg(long, value_name = "SIZE", requires = "programs", value_parser = size)]
    pub memory: Option<u64>,

    /// The processor time of each process of the programs of --allow, in whole seconds
    #[arg(long, value_name = "TIME", requires = "programs", value_parser = duration)]
    pub cpu: Option<Duration>,
}

/// The tiers of confinement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tier {
    /// Programs live in a world of the guest's own: its directories, and what programs need to run
    Namespace,
    /// They see this machine's paths, and reach the guest's directories only
    Landlock,
    /// They have all rights of whoever runs this command
    None,
}

impl From<Tier> for Confinement {
    fn from(tier: Tier) -> Self {
        match tier {
            Tier::Namespace => Self::Namespace,
            Tier::Landlock => Self::Landlock,
            Tier::None => Self::None,
        }
    }
}

/// What of the network is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reach(pub Network);

impl FromStr for Reach {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ports = || text.split(',').map(str::parse).collect::<Result<_, _>>();
        Ok(Self(match text {
            "none" => Network::None,
            "host" => Network::Host,
            _ => {
                let bad =
                    |_| format!("`{text}` is neither none nor host, nor ports such as 80,443");
                Network::Connect(ports().map_err(bad)?)
            }
        }))
    }
}

fn absolute(text: &str) -> Result<PathBuf, String> {
    path::absolute(text).map_err(|error| format!("`{text}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::Reach;
    use offspring_policy::Network;

    #[test]
    fn what_is_no_reach_is_refused() {
        for text in ["", "all", "80,", "80, 443", "70000", "https"] {
            assert!(text.parse::<Reach>().is_err(), "{text}");
        }
        let reach: Reach = "443,80".parse().unwrap();
        assert_eq!(reach.0, Network::Connect([80, 443].into()));
    }
}
