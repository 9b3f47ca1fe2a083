//! A guest, what it is given, and its run.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use offspring_host::{
    HostLimits, ProcessCtx, ProcessCtxBuilder, ProcessCtxView, ProcessView, Supervisor,
};
use offspring_policy::{Confinement, ParsedPolicy};
use tempfile::TempDir;
use tokio::runtime::Builder;
use wasmtime::Store;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxView, WasiView};

use crate::engine;
use crate::outcome::{Ending, Outcome};
use crate::premises::{self, Premises};

/// No guest of these suites needs more than a second or two on an idle machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// More than anybody reads of what a guest wrote.
const SHOWN: usize = 16 << 10;

/// More than any guest of these suites writes.
const OUTPUT: usize = 16 << 20;

static QUIET: AtomicBool = AtomicBool::new(false);

/// Shows nothing of what guests write from now on, for a test that measures memory: the harness
/// keeps all that is shown until the test is over.
pub fn show_nothing() {
    QUIET.store(true, Ordering::Relaxed);
}

/// A component to run, and all that it is given: nothing, until the test says so.
pub struct Guest {
    component: PathBuf,
    policy: String,
    arguments: Vec<String>,
    input: Vec<u8>,
    directory: TempDir,
    mounted: Option<(String, FsPerms)>,
    stop: Option<(String, Stop)>,
    fuel: u64,
    again: bool,
    host: HostLimits,
}

/// What ends a guest, its host or its children in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Its store is dropped, wherever it waits.
    Drop,
    /// Its time is over, whatever it computes.
    Interrupt,
    /// Its host ends all children, and starts none any more.
    Shutdown,
    /// Every child process of this one is killed. Where the guest's children are confined, these
    /// are what confines them.
    Kill,
}

impl Guest {
    /// A guest whose component is at `path`, which is one of [`crate::artifacts`].
    pub fn new(path: &str) -> Self {
        Self {
            component: path.into(),
            policy: String::new(),
            arguments: vec![path.to_owned()],
            input: Vec::new(),
            directory: TempDir::new().expect("a temporary directory can be made"),
            mounted: None,
            stop: None,
            fuel: u64::MAX,
            again: false,
            host: HostLimits::default(),
        }
    }

    /// Confines its children in this tier, and not in the default one, under a
    /// policy that allows nothing yet.
    #[must_use]
    pub fn confined(self, tier: Confinement) -> Self {
        self.policy(&format!("confinement = \"{tier}\"\n"))
    }

    /// Gives it a policy, instead of one that allows nothing.
    #[must_use]
    pub fn policy(mut self, text: &str) -> Self {
        text.clone_into(&mut self.policy);
        self
    }

    /// Lets it run the program at `path`, under `name`, with any arguments.
    #[must_use]
    pub fn allow(mut self, name: &str, path: &str) -> Self {
        self.policy.push_str(&format!(
            "\n[[program]]\nname = {name:?}\npath = {path:?}\nargs = [[\"{{any}}...\"]]\n"
        ));
        self
    }

    /// Gives it arguments, beside its own name.
    #[must_use]
    pub fn args(mut self, arguments: &[&str]) -> Self {
        self.arguments
            .extend(arguments.iter().map(|&argument| argument.to_owned()));
        self
    }

    /// Gives it this to read from its standard input.
    #[must_use]
    pub fn stdin(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Gives it a directory, new and empty on the host, under this name.
    #[must_use]
    pub fn directory(mut self, name: &str, permissions: FsPerms) -> Self {
        self.mounted = Some((name.to_owned(), permissions));
        self
    }

    /// Puts a file into the directory.
    #[must_use]
    pub fn file(self, name: &str, contents: &[u8]) -> Self {
        let path = self.directory.path().join(name);
        fs::write(path, contents).expect("a temporary directory can be written");
        self
    }

    /// Has a look at the directory, and puts into it what no [`file`](Self::file) is.
    #[must_use]
    pub fn prepare(self, prepare: impl FnOnce(&Path)) -> Self {
        prepare(self.directory.path());
        self
    }

    /// Gives its host other bounds than the usual ones.
    #[must_use]
    pub fn supervised(mut self, bound: impl FnOnce(&mut HostLimits)) -> Self {
        bound(&mut self.host);
        self
    }

    /// Calls its export `again` as well, on the same instance, when it has returned.
    #[must_use]
    pub fn again(mut self) -> Self {
        self.again = true;
        self
    }

    /// Ends it once it has written this to its standard error.
    #[must_use]
    pub fn stop(mut self, written: &str, stop: Stop) -> Self {
        self.stop = Some((written.to_owned(), stop));
        self
    }

    /// Lets it compute no more than this.
    #[must_use]
    pub fn fuel(mut self, fuel: u64) -> Self {
        self.fuel = fuel;
        self
    }

    /// Runs the guest to its end, on a runtime of its own, and looks at the
    /// [`Premises`] afterwards.
    ///
    /// # Panics
    ///
    /// Where the guest cannot be started, or left something behind.
    pub fn run(self) -> Outcome {
        self.run_between(|| (), |(), _| ())
    }

    /// Runs the guest like [`run`](Self::run), and does something before and
    /// after, while no other test runs.
    ///
    /// # Panics
    ///
    /// As `run`.
    pub fn run_between<T>(
        self,
        before: impl FnOnce() -> T,
        after: impl FnOnce(T, &Outcome),
    ) -> Outcome {
        // It is compiled before the premises are entered, which other tests wait for.
        drop(engine::component(&self.component));
        let premises = Premises::enter();
        let done = before();
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        let runtime = runtime.expect("a runtime can be made");
        let outcome = runtime.block_on(self.run_here());
        drop(runtime);
        after(done, &outcome);
        premises.leave();
        outcome
    }

    /// Runs the guest to its end, on the runtime of the caller, who looks at the
    /// [`Premises`].
    ///
    /// # Panics
    ///
    /// Where the guest cannot be started.
    pub async fn run_here(self) -> Outcome {
        let component = engine::component(&self.component);
        let (stdout, stderr) = (MemoryOutputPipe::new(OUTPUT), MemoryOutputPipe::new(OUTPUT));
        let supervisor = Supervisor::new(self.host);
        let state = self.state(&supervisor, stdout.clone(), stderr.clone());
        let ticks = match &self.stop {
            Some((written, Stop::Interrupt)) => {
                interrupt(stderr.clone(), written.clone());
                1
            }
            _ => FAR,
        };
        let run = run(state, &component, ticks, self.fuel, self.again);
        let run = tokio::time::timeout(PATIENCE, run);
        let dropped = async {
            match &self.stop {
                Some((written, Stop::Drop)) => return writes(&stderr, written).await,
                Some((written, Stop::Shutdown)) => {
                    writes(&stderr, written).await;
                    let _ = supervisor.shutdown(PATIENCE).await;
                }
                Some((written, Stop::Kill)) => {
                    writes(&stderr, written).await;
                    premises::kill_children();
                }
                _ => {}
            }
            std::future::pending().await
        };
        let ending = tokio::select! {
            ending = run => ending.map_or(Ending::Stuck, Ending::of),
            () = dropped => Ending::Dropped,
        };
        if let Some((_, Stop::Shutdown)) = &self.stop {
            let report = supervisor.shutdown(PATIENCE).await;
            assert_eq!((report.killed, report.left), (0, 0));
        }

        let (stdout, stderr) = (stdout.contents().to_vec(), stderr.contents().to_vec());
        self.show("stdout", &stdout);
        self.show("stderr", &stderr);
        if let Ending::Trapped(reason) = &ending {
            self.show("reason", reason.as_bytes());
        }
        Outcome {
            ending,
            stdout,
            stderr,
            directory: self.directory,
        }
    }

    /// The test harness keeps this to itself unless the test fails.
    fn show(&self, name: &str, output: &[u8]) {
        if !output.is_empty() && !QUIET.load(Ordering::Relaxed) {
            let output = &output[..output.len().min(SHOWN)];
            let guest = self.component.file_stem().unwrap_or_default();
            let guest = Path::new(guest).display();
            eprintln!("--- {name} of {guest}\n{}", String::from_utf8_lossy(output));
        }
    }

    fn state(
        &self,
        supervisor: &Supervisor,
        stdout: MemoryOutputPipe,
        stderr: MemoryOutputPipe,
    ) -> State {
        let policy =
            ParsedPolicy::parse(&self.policy, "policy of the test").and_then(ParsedPolicy::pin);
        let policy = policy.unwrap_or_else(|error| panic!("the test's policy: {error}"));
        let mut builder: ProcessCtxBuilder = ProcessCtx::builder();
        builder.policy(policy).supervisor(supervisor);
        builder.stdout(stdout).stderr(stderr);
        builder.stdin(MemoryInputPipe::new(self.input.clone()));
        if let Some((name, permissions)) = &self.mounted {
            let given = builder.preopened_dir(self.directory.path(), name, *permissions);
            given.expect("a directory can be given");
        }
        builder.wasi().args(&self.arguments);
        let (wasi, process) = builder.build().expect("the policy fits the guest");
        State {
            wasi,
            process,
            table: ResourceTable::new(),
        }
    }
}

/// What the store of a guest holds.
pub(crate) struct State {
    pub(crate) wasi: WasiCtx,
    pub(crate) process: ProcessCtx,
    pub(crate) table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl ProcessView for State {
    fn process(&mut self) -> ProcessCtxView<'_> {
        ProcessCtxView {
            ctx: &mut self.process,
            table: &mut self.table,
        }
    }
}

/// More ticks of the engine's clock than there will be.
pub(crate) const FAR: u64 = 1 << 40;

/// Resolves when a guest has written this.
async fn writes(stderr: &MemoryOutputPipe, text: &str) {
    while !has(stderr, text) {
        tokio::task::yield_now().await;
    }
}

/// Lets the clock tick when a guest has written this, or never will. The guest may
/// have the runtime to itself, so a thread looks.
fn interrupt(stderr: MemoryOutputPipe, text: String) {
    let begun = Instant::now();
    std::thread::spawn(move || {
        while !has(&stderr, &text) && begun.elapsed() < PATIENCE {
            std::thread::park_timeout(Duration::from_millis(1));
        }
        engine::engine().increment_epoch();
    });
}

fn has(output: &MemoryOutputPipe, text: &str) -> bool {
    output
        .contents()
        .windows(text.len())
        .any(|it| it == text.as_bytes())
}

/// Runs a component to its end and, where that is asked for, calls it `again`.
pub(crate) async fn run(
    state: State,
    component: &Component,
    ticks: u64,
    fuel: u64,
    again: bool,
) -> wasmtime::Result<Result<(), ()>> {
    use wasmtime_wasi::{p2, p3};

    let mut linker = Linker::new(engine::engine());
    p2::add_to_linker_async(&mut linker)?;
    offspring_host::p2::add_to_linker(&mut linker)?;
    let p3 = engine::is_p3(component);
    if p3 {
        p3::add_to_linker(&mut linker)?;
        offspring_host::p3::add_to_linker(&mut linker)?;
    }
    let mut store = Store::new(engine::engine(), state);
    store.set_epoch_deadline(ticks);
    store.set_fuel(fuel)?;
    let instance = linker.instantiate_async(&mut store, component).await?;
    let ended = if p3 {
        let command = p3::bindings::Command::new(&mut store, &instance)?;
        let run = store.run_concurrent(async |store| command.wasi_cli_run().call_run(store).await);
        run.await??
    } else {
        let command = p2::bindings::Command::new(&mut store, &instance)?;
        command.wasi_cli_run().call_run(&mut store).await?
    };
    if again {
        let again = instance.get_typed_func::<(), ()>(&mut store, "again")?;
        again.call_async(&mut store, ()).await?;
    }
    Ok(ended)
}
