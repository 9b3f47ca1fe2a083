//! `offspring doctor`.

use clap::Args;
use std::path::PathBuf;

/// Say what this machine can enforce, and what to change where it cannot.
///
/// Puts each tier of confinement up, tries whether it holds, and takes it down again. Nothing of
/// the machine is changed.
#[derive(Args, Debug)]
#[command(
    after_help = "Exit codes: 0 the default tier, namespace, can be had; 1 it cannot.",
    after_long_help = AFTER
)]
pub(crate) struct DoctorArgs {
    /// Print JSON, whose keys --help lists
    #[arg(long)]
    pub json: bool,

    /// Write the warden, the program that confines children, into FILE, and do nothing else
    ///
    /// It is part of this command and started from a file in memory, unless the variable
    /// OFFSPRING_WARDEN names a file that holds it. Machines that execute no files in memory need
    /// that. Keep the file where nobody but root or you can write.
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub write_warden: Option<PathBuf>,
}

const AFTER: &str = "\
Exit codes:
  0  the default tier, namespace, can be had here
  1  it cannot: guests whose policies name no fallback do not start

The JSON is one object. Keys may be added, and those that are there stay. `null` stands for what
this machine does not have or does not tell.
  schema           1
  version          of this command
  kernel           its release
  architecture
  superuser        whether this command runs as root
  container        null, or docker, podman, kubernetes or other
  landlock         {status, version}; the status is active, disabled, missing or refused
  user_namespaces  {most, unprivileged, apparmor_restricts}: user.max_user_namespaces,
                   kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns
  seccomp          {filters, filtered}: whether filters of system calls can be installed, and
                   whether this command is behind one
  memfd_noexec     vm.memfd_noexec
  default_tier     the tier of policies that name none, which is namespace
  strongest_tier   the strongest that can be had
  tiers            one of each, the strongest first: {name, available, problem}
  features         what policies may say and not every machine can keep, in the strongest tier:
                   {name, available, problem}; the names are connect, proc and processes
A problem is null, or {text, step, errno, advice}: the step is start, namespaces, user-map,
processes, mounts, privileges, landlock, seccomp, bound or proof, and advice is a list of texts.";
