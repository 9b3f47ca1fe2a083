//! The context, its builder, its view and the view's trait: what an embedder sees.

use crate::budget::Budget;
use crate::command::CommandBudget;
use crate::launch::{Directories, Directory, Launcher, Local};
use crate::limits::{DESCRIPTORS, DESCRIPTORS_PER_CHILD, MEMORY_BYTES};
use crate::sandbox::{self, SandboxError};
use crate::stdio::{GuestInput, GuestOutput};
use crate::supervisor::{Places, Supervisor};
use offspring_policy::{BoundPolicy, Denial, PinnedPolicy, PolicyError};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;
use wasmtime::component::{HasData, ResourceTable};
use wasmtime_wasi::cli::{StdinStream, StdoutStream};
use wasmtime_wasi::{FsPerms, WasiCtx, WasiCtxBuilder};

/// What one guest may launch, and what its children inherit from it: per-store state, made by
/// [`ProcessCtxBuilder`].
///
/// Dropping it, as dropping the store does, ends the guest's children, by the teardown that the
/// policy says.
pub struct ProcessCtx {
    pub(crate) policy: BoundPolicy,
    pub(crate) directories: Directories,
    pub(crate) stdin: GuestInput,
    pub(crate) stdout: GuestOutput,
    pub(crate) stderr: GuestOutput,
    pub(crate) launcher: Arc<dyn Launcher>,
    pub(crate) commands: CommandBudget,
    /// Descriptors that the host holds for the guest.
    pub(crate) descriptors: Budget,
    /// Bytes that the host holds for the guest between a child and a call.
    pub(crate) memory: Budget,
    pub(crate) places: Places,
    pub(crate) supervisor: Supervisor,
    pub(crate) on_denial: Option<DenialObserver>,
    /// Tells the children and their pumps, by being dropped, that the guest is gone.
    pub(crate) owner: watch::Sender<()>,
}

impl fmt::Debug for ProcessCtx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessCtx")
            .field("directories", &self.directories)
            .field("supervisor", &self.supervisor)
            .finish_non_exhaustive()
    }
}

/// Is told of each request that the policy refuses.
pub(crate) type DenialObserver = Arc<dyn Fn(&Denial) + Send + Sync>;

impl ProcessCtx {
    /// The same as [`ProcessCtxBuilder::new`].
    pub fn builder() -> ProcessCtxBuilder {
        ProcessCtxBuilder::new()
    }
}

/// Builds the contexts of a guest, WASI's and this crate's alike.
///
/// Directories and standard streams are given once and go to both, so that what the guest has and
/// what its children get cannot drift apart. Everything else of WASI is set through
/// [`wasi`](Self::wasi).
pub struct ProcessCtxBuilder {
    wasi: WasiCtxBuilder,
    policy: PinnedPolicy,
    directories: Vec<Directory>,
    stdin: Box<dyn StdinStream>,
    stdout: Box<dyn StdoutStream>,
    stderr: Box<dyn StdoutStream>,
    launcher: Option<Arc<dyn Launcher>>,
    supervisor: Option<Supervisor>,
    on_denial: Option<DenialObserver>,
}

impl fmt::Debug for ProcessCtxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessCtxBuilder")
            .field("directories", &self.directories)
            .field("supervisor", &self.supervisor)
            .finish_non_exhaustive()
    }
}

impl Default for ProcessCtxBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl ProcessCtxBuilder {
    /// A builder for a guest that has nothing and may launch nothing:
    ///
    /// * every program is refused,
    /// * there are no directories,
    /// * standard input is at its end,
    /// * standard output and standard error take everything and keep nothing,
    /// * there are no arguments and no environment variables.
    pub fn new() -> Self {
        Self {
            wasi: WasiCtxBuilder::new(),
            policy: PinnedPolicy::deny_all(),
            directories: Vec::new(),
            stdin: Box::new(tokio::io::empty()),
            stdout: Box::new(tokio::io::empty()),
            stderr: Box::new(tokio::io::empty()),
            launcher: None,
            supervisor: None,
            on_denial: None,
        }
    }

    /// WASI's own builder, for arguments, environment, clocks, random numbers and sockets.
    ///
    /// Standard streams that are set there are overridden: set them here.
    ///
    /// # Authority
    ///
    /// A directory that is given there is not compared with the policy. If an allowed program
    /// lies beneath it, a guest that may write there can race its launch. Give directories here.
    pub fn wasi(&mut self) -> &mut WasiCtxBuilder {
        &mut self.wasi
    }

    /// Say what the guest may launch.
    ///
    /// # Authority
    ///
    /// Children run with the confinement that the policy names, which may be none: then an
    /// allowed program can do whatever the host's own user can.
    pub fn policy(&mut self, policy: PinnedPolicy) -> &mut Self {
        self.policy = policy;
        self
    }

    /// Give the guest the directory `host_path` of the host, as `guest_path`.
    ///
    /// # Authority
    ///
    /// The guest may use it as `perms` says, and so may its children: all of it, at the guest's path
    /// for it, without executing what is there. Children that are not confined may have it as
    /// working directory and its files as standard streams, and reach whatever the host's user may.
    ///
    /// # Errors
    ///
    /// [`BuildError::Directory`] where it is no directory or cannot be opened.
    pub fn preopened_dir(
        &mut self,
        host_path: impl AsRef<Path>,
        guest_path: impl AsRef<str>,
        perms: FsPerms,
    ) -> Result<&mut Self, BuildError> {
        let (host_path, guest_path) = (host_path.as_ref(), guest_path.as_ref());
        let failed = |error| BuildError::Directory {
            path: host_path.to_owned(),
            error,
        };
        let directory =
            Directory::open(host_path, guest_path, !perms.write_not_permitted()).map_err(failed)?;
        self.wasi
            .preopened_dir(directory.host_path(), guest_path, perms)
            .map_err(|error| failed(io::Error::other(error)))?;
        self.directories.push(directory);
        Ok(self)
    }

    /// Set the guest's standard input, which children may inherit.
    pub fn stdin(&mut self, stdin: impl StdinStream + 'static) -> &mut Self {
        self.stdin = Box::new(stdin);
        self
    }

    /// Set the guest's standard output, which children may inherit.
    pub fn stdout(&mut self, stdout: impl StdoutStream + 'static) -> &mut Self {
        self.stdout = Box::new(stdout);
        self
    }

    /// Set the guest's standard error, which children may inherit.
    pub fn stderr(&mut self, stderr: impl StdoutStream + 'static) -> &mut Self {
        self.stderr = Box::new(stderr);
        self
    }

    /// Make the guest's standard streams those of this process.
    ///
    /// # Authority
    ///
    /// The guest, and children that inherit, read and write this process's streams. A child gets
    /// a pipe to them, never the descriptors.
    pub fn inherit_stdio(&mut self) -> &mut Self {
        self.stdin(tokio::io::stdin())
            .stdout(tokio::io::stdout())
            .stderr(tokio::io::stderr())
    }

    /// Launch with `launcher` in the place of a [`Local`] of the guest's own.
    ///
    /// # Authority
    ///
    /// A launcher decides how a plan becomes a process, confinement included.
    pub fn launcher(&mut self, launcher: impl Launcher) -> &mut Self {
        self.launcher = Some(Arc::new(launcher));
        self
    }

    /// Keep the guest's children within the bounds of `supervisor`, and end them when it shuts down,
    /// instead of [`Supervisor::global`].
    pub fn supervisor(&mut self, supervisor: &Supervisor) -> &mut Self {
        self.supervisor = Some(supervisor.clone());
        self
    }

    /// Be told, with its reason, of each request that the policy refuses. The guest is told only
    /// which part of its request was refused.
    pub fn on_denial(&mut self, observer: impl Fn(&Denial) + Send + Sync + 'static) -> &mut Self {
        self.on_denial = Some(Arc::new(observer));
        self
    }

    /// Make the contexts. The builder is as new afterwards.
    ///
    /// The first build of a process with a policy that confines tries the confinement, and this thread
    /// waits for that: milliseconds as a rule, and ten seconds for each tier at most. In asynchronous
    /// code that cannot wait, call [`settle`](crate::settle) before, where a thread may block.
    ///
    /// # Errors
    ///
    /// [`BuildError::Policy`] where the policy does not fit the directories: a program that the
    /// guest could overwrite, an example that fails, or a directory that would be in the way of
    /// what children need. [`BuildError::Sandbox`] where this machine cannot confine children as
    /// the policy wants, or as weakly as it allows; a launcher of the embedder's own is not asked.
    pub fn build(&mut self) -> Result<(WasiCtx, ProcessCtx), BuildError> {
        let Self {
            mut wasi,
            policy,
            directories,
            stdin,
            stdout,
            stderr,
            launcher,
            supervisor,
            on_denial,
        } = std::mem::take(self);
        let preopens: Vec<_> = directories.iter().map(Directory::to_preopen).collect();
        let (launcher, policy) = match launcher {
            Some(launcher) => (launcher, policy),
            None => {
                let local = Arc::new(Local::new()) as Arc<dyn Launcher>;
                (local, sandbox::settle(policy)?.policy)
            }
        };
        let policy = policy.bind(&preopens)?;
        let supervisor = supervisor.unwrap_or_else(Supervisor::global);
        let limits = policy.guest_limits();
        let descriptors = DESCRIPTORS_PER_CHILD * u64::from(limits.children);
        let (owner, gone) = watch::channel(());
        let process = ProcessCtx {
            policy,
            directories: Directories::new(directories),
            stdin: GuestInput::new(stdin),
            stdout: GuestOutput::new(stdout, gone.clone()),
            stderr: GuestOutput::new(stderr, gone),
            launcher,
            commands: CommandBudget::default(),
            descriptors: supervisor.descriptors(descriptors.max(DESCRIPTORS)),
            memory: Budget::new(MEMORY_BYTES),
            places: Places::new(limits, supervisor.clone()),
            supervisor,
            on_denial,
            owner,
        };
        wasi.stdin(process.stdin.clone())
            .stdout(process.stdout.clone())
            .stderr(process.stderr.clone());
        Ok((wasi.build(), process))
    }
}

/// Why the contexts of a guest could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A directory could not be opened.
    #[error("the directory {} cannot be given to the guest: {error}", path.display())]
    Directory {
        /// The directory, as it was given.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The policy does not fit this guest.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// Children cannot be confined as the policy wants.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
}

/// What the host functions work on: the context, and the table of the guest's resources.
#[derive(Debug)]
pub struct ProcessCtxView<'a> {
    /// The context.
    pub ctx: &'a mut ProcessCtx,
    /// The resources of the guest.
    pub table: &'a mut ResourceTable,
}

/// Gives access to the [`ProcessCtx`] inside of a store's data.
///
/// ```
/// use offspring_host::{ProcessCtx, ProcessCtxView, ProcessView};
/// use wasmtime::component::ResourceTable;
///
/// struct State {
///     process: ProcessCtx,
///     table: ResourceTable,
/// }
///
/// impl ProcessView for State {
///     fn process(&mut self) -> ProcessCtxView<'_> {
///         ProcessCtxView { ctx: &mut self.process, table: &mut self.table }
///     }
/// }
/// ```
pub trait ProcessView: Send {
    /// The context and the table.
    fn process(&mut self) -> ProcessCtxView<'_>;
}

/// Marks what the host functions work on; see [`HasData`].
pub(crate) struct HasProcess;

impl HasData for HasProcess {
    type Data<'a> = ProcessCtxView<'a>;
}
