//! `offspring run`.

use super::limits::LimitArgs;
use super::{AllowArgs, DirectoryArg, Variable};
use clap::Args;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Run a component, with what its policy lets it launch.
///
/// The component is a command of WASI 0.2 or 0.3. It has this command's standard streams, and
/// nothing else that is not given to it here. Without --policy and --allow it can launch nothing.
/// What it launches is confined as the policy says, and by default lives in a world of the guest's
/// own: its directories, and what programs need to run.
#[derive(Args, Debug)]
#[command(
    override_usage = "offspring run [OPTIONS] COMPONENT [ARGS]...",
    after_help = "Everything after COMPONENT goes to the guest.",
    after_long_help = AFTER
)]
pub(crate) struct RunArgs {
    /// Give the guest a directory, read-only where `::ro` follows; again for more
    ///
    /// `--dir src` gives the directory under its own name, `--dir src::/data` as `/data`.
    /// Programs that the guest launches start in its directory `.`, or else in the first one.
    #[arg(long = "dir", value_name = DirectoryArg::VALUE_NAME)]
    pub directories: Vec<DirectoryArg>,

    /// Set a variable of the guest, or pass on the one of this name; again for more
    ///
    /// The programs that it launches do not get it: their variables are the policy's to say.
    #[arg(long = "env", value_name = "NAME[=VAL]")]
    pub variables: Vec<Variable>,

    /// What the guest sees as its own name, instead of the component's file name
    #[arg(long, value_name = "NAME")]
    pub argv0: Option<String>,

    /// The file that says what the guest may launch
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,

    #[command(flatten)]
    pub allow: AllowArgs,

    #[command(flatten)]
    pub limits: LimitArgs,

    /// Print no warnings, notes and refusals
    #[arg(short, long)]
    pub quiet: bool,

    /// Where compiled components are kept [default: offspring in the user's cache directory]
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    pub cache_dir: Option<PathBuf>,

    /// Compile the component anew, and keep nothing
    #[arg(long)]
    pub no_cache: bool,

    #[arg(
        value_names = ["COMPONENT", "ARGS"],
        required = true,
        trailing_var_arg = true,
        hide = true
    )]
    component_and_args: Vec<OsString>,
}

impl RunArgs {
    /// The component's file.
    pub(crate) fn component(&self) -> &Path {
        Path::new(
            self.component_and_args
                .first()
                .map_or(OsStr::new(""), |file| file),
        )
    }

    /// What follows the component's file.
    pub(crate) fn guest_args(&self) -> &[OsString] {
        self.component_and_args.get(1..).unwrap_or_default()
    }
}

const AFTER: &str = "\
Everything after COMPONENT goes to the guest.

Exit codes:
  The guest's own: 0 for success, 1 for failure, or what it exits with.
    2  the arguments of this command are wrong
  124  --timeout or --fuel ended the guest
  125  the guest could not be started: its file, its policy or a directory is not right, or
       this machine cannot confine children as the policy wants (see offspring doctor)
  134  the guest trapped
  129, 130, 143  SIGHUP, SIGINT (Ctrl-C) or SIGTERM ended the guest

A guest that is ended waits for its children to go, by the teardown of the policy. A second signal,
or one after --timeout, kills them instead.

Examples:
  offspring run app.wasm input.txt
  offspring run --dir .::.::ro --policy policy.toml app.wasm
  offspring run --dir . --allow git app.wasm
  offspring run --dir . --allow cc --allow make --tmp 64MiB --execute . app.wasm
  offspring run --dir . --allow gzip --child-timeout 10s --memory 1GiB app.wasm
  offspring run --timeout 30s -W fuel=1000000000 app.wasm";
