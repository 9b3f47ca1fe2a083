//! Confined children through the host library's Rust interface, without a guest.

use anyhow::Context as _;
use offspring_host::Supervisor;
use offspring_host::launch::{ChildStreams, Directories, Launch, Launcher, Local, Process};
use offspring_host::policy::{ParsedPolicy, ProgramRequest, SpawnPlan, SpawnRequest};
use std::future::poll_fn;
use std::time::{Duration, Instant};

const POLICY: &str = r#"
[[program]]
name = "true"
path = "/bin/true"
args = [[]]
"#;

/// What stands for a guest: a launcher of its own, and a plan.
pub struct Confined {
    launcher: Local,
    plan: SpawnPlan,
    directories: Directories,
    supervisor: Supervisor,
}

impl Confined {
    /// A guest without directories that may run `/bin/true`, in the default confinement.
    ///
    /// # Errors
    ///
    /// What the policy says.
    pub fn new() -> anyhow::Result<Self> {
        let policy = ParsedPolicy::parse(POLICY, "benchmark")?.pin()?.bind(&[])?;
        let request = SpawnRequest::new(ProgramRequest::Named("true".to_owned()));
        Ok(Self {
            launcher: Local::new(),
            plan: policy.authorize(&request).ok().context("it is allowed")?,
            directories: Directories::default(),
            supervisor: Supervisor::global(),
        })
    }

    /// Spawn `/bin/true` and wait for it, and say how long it took.
    ///
    /// # Errors
    ///
    /// A child that cannot be started.
    pub async fn run(&self) -> anyhow::Result<Duration> {
        let start = Instant::now();
        let launch = Launch::new(
            &self.plan,
            ChildStreams::null(),
            &self.directories,
            &self.supervisor,
        );
        let mut child: Box<dyn Process> = self.launcher.launch(launch).await?;
        poll_fn(|cx| child.poll_exit(cx)).await?;
        Ok(start.elapsed())
    }
}
