//! A component with all that it is given, and its run.

use super::ending::Ending;
use super::guest::{self, Guest};
use super::interruption::{self, Watch};
use crate::args::{DirectoryArg, Variable};
use crate::component::inspect;
use crate::engine::{self, CacheChoice};
use anyhow::{Context, Result};
use offspring_host::{HostLimits, ProcessCtx, Supervisor};
use offspring_policy::{Denial, PinnedPolicy};
use std::path::PathBuf;
use std::time::Duration;
use tokio::runtime;
use wasmtime::component::{Component, ResourceTable};
use wasmtime::{Engine, Store};
use wasmtime_wasi::FsPerms;

/// How much longer than its teardown the end of a child may take on a machine that is busy.
const MARGIN: Duration = Duration::from_secs(1);

/// Is told of a request that the policy refuses.
pub(crate) type DenialObserver = Box<dyn Fn(&Denial) + Send + Sync>;

/// A component, and all that it is given.
pub(crate) struct Job {
    /// The component's file, for messages.
    pub file: PathBuf,
    pub bytes: Vec<u8>,
    pub policy: PinnedPolicy,
    pub directories: Vec<DirectoryArg>,
    pub variables: Vec<Variable>,
    /// The arguments, the guest's name first.
    pub argv: Vec<String>,
    pub timeout: Option<Duration>,
    pub fuel: Option<u64>,
    pub cache: CacheChoice,
    /// Whether notes are left out.
    pub quiet: bool,
    /// Is told of each request that the policy refuses.
    pub on_denial: Option<DenialObserver>,
}

impl Job {
    /// Runs it to its end, and says how: the exit code.
    ///
    /// # Errors
    ///
    /// What keeps the guest from starting.
    pub(crate) fn run(mut self) -> Result<i32> {
        let generation = inspect(&self.file, &self.bytes)?;
        let engine = engine::engine(self.fuel.is_some(), &self.cache)?;
        let component = Component::from_binary(&engine, &std::mem::take(&mut self.bytes))
            .map_err(anyhow::Error::from)
            .with_context(|| format!("{} is not a valid component", self.file.display()))?;
        let linker = guest::linker(&engine)?;
        let guest = Guest::new(generation, &linker, &component).map_err(anyhow::Error::from);
        let guest = guest.with_context(|| {
            let file = self.file.display();
            format!(
                "{file} and this host disagree about an interface: it was built against another \
                 version; build it again against the interfaces of offspring {}",
                env!("CARGO_PKG_VERSION")
            )
        })?;

        let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
        let ending = runtime.block_on(self.drive(&engine, guest));
        // What may still wait there is a read from a terminal, which no one can end.
        runtime.shutdown_background();
        Ok(ending?.report())
    }

    async fn drive(self, engine: &Engine, guest: Guest) -> Result<Ending> {
        let supervisor = Supervisor::new(HostLimits::default());
        let watch = Watch {
            engine: engine.clone(),
            timeout: self.timeout,
            supervisor: supervisor.clone(),
            teardown: self.policy.teardown_time(),
            quiet: self.quiet,
        };
        let teardown = watch.teardown;
        let mut store = self.store(engine, &supervisor)?;
        let interrupted = interruption::watch(watch)?;
        let ending = tokio::select! {
            biased;
            Ok(interruption) = interrupted => Ending::Interrupted(interruption),
            result = guest.run(&mut store) => Ending::of(result),
        };
        // The children go with the store, by the policy's teardown.
        drop(store);
        let left = supervisor
            .shutdown(teardown.saturating_add(MARGIN))
            .await
            .left;
        if left > 0 {
            eprintln!("offspring: error: {left} processes of the guest cannot be ended");
        }
        Ok(ending)
    }

    fn store(self, engine: &Engine, supervisor: &Supervisor) -> Result<Store<guest::State>> {
        let mut builder = ProcessCtx::builder();
        builder
            .policy(self.policy)
            .supervisor(supervisor)
            .inherit_stdio();
        for directory in &self.directories {
            let permissions = match directory.writable {
                true => FsPerms::ReadWrite,
                false => FsPerms::ReadOnly,
            };
            builder.preopened_dir(&directory.host, &directory.guest, permissions)?;
        }
        if let Some(observer) = self.on_denial {
            builder.on_denial(observer);
        }
        builder.wasi().args(&self.argv);
        for variable in &self.variables {
            builder.wasi().env(&variable.name, &variable.value);
        }
        let (wasi, process) = builder.build()?;
        let table = ResourceTable::new();
        let mut store = Store::new(
            engine,
            guest::State {
                wasi,
                process,
                table,
            },
        );
        if let Some(fuel) = self.fuel {
            store.set_fuel(fuel)?;
        }
        // The epoch only moves when the guest is to be interrupted: it yields, and is not resumed.
        store.set_epoch_deadline(1);
        store.epoch_deadline_async_yield_and_update(1);
        Ok(store)
    }
}
