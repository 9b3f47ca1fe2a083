//! A guest that does what a test tells it.

use std::path::Path;
use std::time::Duration;

use offspring_host::{BuildError, ProcessCtx};
use offspring_policy::{ParsedPolicy, PinnedPolicy};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::FsPerms;
use wasmtime_wasi::cli::{AsyncStdinStream, AsyncStdoutStream};

use crate::artifacts::CONFINEMENT_OBEYS;
use crate::engine;
use crate::guest::{FAR, State, run};

/// No order takes longer on a machine that does nothing else.
const PATIENCE: Duration = Duration::from_secs(120);

/// More than any answer.
const OUTPUT: usize = 16 << 20;

const BETWEEN_WORDS: &str = "\u{1f}";
const LINE_FEED: &str = "\u{1e}";

/// A directory of the host, its name for the guest, and what the guest may do there.
pub type Given<'a> = (&'a Path, &'a str, FsPerms);

/// A guest of its own runtime, which runs the programs that a test tells it to.
///
/// Dropping it drops the guest's store, wherever the guest waits.
pub struct Told {
    orders: DuplexStream,
    answers: BufReader<DuplexStream>,
    guest: JoinHandle<()>,
    runtime: Runtime,
}

/// What came of a program that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// How it ended, such as `exit status: 0`, or the error for which it was not started.
    pub status: String,
    /// What it wrote to its standard output.
    pub stdout: String,
    /// What it wrote to its standard error.
    pub stderr: String,
}

impl Told {
    /// A guest under a policy, with directories.
    ///
    /// # Errors
    ///
    /// Why there can be no context for it.
    ///
    /// # Panics
    ///
    /// Where the policy has a fault.
    pub fn new(policy: &str, directories: &[Given<'_>]) -> Result<Self, BuildError> {
        Self::of(CONFINEMENT_OBEYS, &pinned(policy), directories)
    }

    /// The same, of a component that may be compiled already.
    ///
    /// # Errors
    ///
    /// Why there can be no context for it.
    ///
    /// # Panics
    ///
    /// Where there can be no runtime.
    pub fn of(
        component: &str,
        policy: &PinnedPolicy,
        directories: &[Given<'_>],
    ) -> Result<Self, BuildError> {
        let component = engine::component(component.as_ref());
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime can be made");
        let _inside = runtime.enter();
        let (orders, stdin) = tokio::io::duplex(64 << 10);
        let (stdout, answers) = tokio::io::duplex(64 << 10);
        let mut builder = ProcessCtx::builder();
        for (host, guest, permissions) in directories {
            builder.preopened_dir(host, guest, *permissions)?;
        }
        builder
            .policy(policy.clone())
            .stdin(AsyncStdinStream::new(stdin))
            .stdout(AsyncStdoutStream::new(OUTPUT, stdout))
            .stderr(tokio::io::stderr());
        let (wasi, process) = builder.build()?;
        let state = State {
            wasi,
            process,
            table: ResourceTable::new(),
        };
        let guest = runtime.spawn(async move {
            match run(state, &component, FAR, u64::MAX, false).await {
                Ok(ended) => ended.expect("the guest is content"),
                Err(error) => panic!("the guest trapped: {error:?}"),
            }
        });
        drop(_inside);
        Ok(Self {
            orders,
            answers: BufReader::new(answers),
            guest,
            runtime,
        })
    }

    /// Gives an order, and returns the answer.
    ///
    /// # Panics
    ///
    /// Where no answer comes.
    pub fn tell(&mut self, words: &[&str]) -> Vec<String> {
        let words: Vec<String> = words.iter().map(|it| it.replace('\n', LINE_FEED)).collect();
        let mut order = words.join(BETWEEN_WORDS);
        order.push('\n');
        let mut answer = String::new();
        let talk = async {
            self.orders.write_all(order.as_bytes()).await?;
            self.answers.read_line(&mut answer).await
        };
        let heard = self
            .runtime
            .block_on(async { tokio::time::timeout(PATIENCE, talk).await });
        let heard = heard.unwrap_or_else(|_| panic!("no answer to {words:?}"));
        assert!(
            heard.is_ok_and(|bytes| bytes > 0),
            "the guest ended at {words:?}"
        );
        let words = answer.trim_end_matches('\n').split(BETWEEN_WORDS);
        words.map(|word| word.replace(LINE_FEED, "\n")).collect()
    }

    /// Runs a program to its end. Settings are `cwd=`, `stdin=`, `stdout=`, `stderr=` and `env=`.
    pub fn run_with(&mut self, settings: &[&str], program: &[&str]) -> Ran {
        let mut parts = self
            .tell(&[&["run"], settings, &["--"], program].concat())
            .into_iter();
        let mut next = || parts.next().unwrap_or_default();
        Ran {
            status: next(),
            stdout: next(),
            stderr: next(),
        }
    }

    /// Runs a program to its end.
    pub fn run(&mut self, program: &[&str]) -> Ran {
        self.run_with(&[], program)
    }

    /// Starts a program, and returns the first line that it writes.
    pub fn start(&mut self, program: &[&str]) -> String {
        self.tell(&[&["start", "--"], program].concat()).concat()
    }

    /// Kills the child that was started first, and returns how it ended.
    pub fn kill(&mut self) -> String {
        self.tell(&["kill"]).concat()
    }

    /// Lets the guest come to its end.
    ///
    /// # Panics
    ///
    /// Where it does not.
    pub fn dismiss(self) {
        drop(self.orders);
        let ended = self.runtime.block_on(self.guest);
        ended.expect("the guest comes to its end");
    }
}

/// A policy of a test.
///
/// # Panics
///
/// Where it has a fault.
pub fn pinned(policy: &str) -> PinnedPolicy {
    let policy = ParsedPolicy::parse(policy, "policy of the test").and_then(ParsedPolicy::pin);
    policy.unwrap_or_else(|error| panic!("the test's policy: {error}"))
}

impl Ran {
    /// Fails the test unless the program succeeded, and returns what it wrote.
    #[track_caller]
    pub fn succeeds(self) -> String {
        assert_eq!(
            self.status, "exit status: 0",
            "{}\n{}",
            self.stdout, self.stderr
        );
        self.stdout
    }
}
