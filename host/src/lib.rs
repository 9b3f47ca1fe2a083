//! Lets WebAssembly components launch native programs, under a policy that the operator writes.
//!
//! WASI has no interface to start a process. This crate implements one, `offspring:process`, for
//! wasmtime: a guest describes a command, the policy allows or refuses it, and the guest gets a
//! child with pipes, a wait, signals and an exit status. A guest starts with no authority at all.
//!
//! # Embedding
//!
//! ```
//! use offspring_host::policy::ParsedPolicy;
//! use offspring_host::{ProcessCtx, ProcessCtxView, ProcessView};
//! use wasmtime::component::{Linker, ResourceTable};
//! use wasmtime::{Engine, Store};
//! use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
//!
//! struct Guest {
//!     wasi: WasiCtx,
//!     process: ProcessCtx,
//!     table: ResourceTable,
//! }
//!
//! impl WasiView for Guest {
//!     fn ctx(&mut self) -> WasiCtxView<'_> {
//!         WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
//!     }
//! }
//!
//! impl ProcessView for Guest {
//!     fn process(&mut self) -> ProcessCtxView<'_> {
//!         ProcessCtxView { ctx: &mut self.process, table: &mut self.table }
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let runtime = tokio::runtime::Runtime::new()?;
//! # let _inside = runtime.enter();
//! let engine = Engine::default();
//!
//! let mut linker = Linker::<Guest>::new(&engine);
//! wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
//! wasmtime_wasi::p3::add_to_linker(&mut linker)?;
//! offspring_host::p2::add_to_linker(&mut linker)?;
//! offspring_host::p3::add_to_linker(&mut linker)?;
//!
//! let policy = r#"
//!     [[program]]
//!     name = "echo"
//!     path = "/bin/echo"
//!     args = [["{word}..."]]
//! "#;
//! let policy = ParsedPolicy::parse(policy, "policy.toml")?.pin()?;
//!
//! let mut builder = ProcessCtx::builder();
//! builder.policy(policy).inherit_stdio();
//! builder.wasi().arg("guest.wasm");
//! let (wasi, process) = builder.build()?;
//! let store = Store::new(&engine, Guest { wasi, process, table: ResourceTable::new() });
//! // … instantiate a component with `linker` and `store`, inside of a tokio runtime.
//! # Ok(())
//! # }
//! ```
//!
//! # The parts
//!
//! * [`ProcessCtx`], its builder, view and the view's trait: what an embedder sees;
//! * [`p2`] and [`p3`]: the two generations of the interface, for guests of WASI 0.2 and 0.3;
//! * [`Supervisor`]: bounds on all guests together, and an orderly end;
//! * [`policy`]: what may run;
//! * [`doctor`]: what this machine can enforce;
//! * [`launch`]: the one door to the operating system, with a trait for launchers of your own.
//!
//! # Confinement
//!
//! Children live in the guest's world unless the policy says otherwise: its directories at its own
//! paths with its own rights, the system's programs read-only, and nothing else. An embedder does
//! nothing for it. The library carries a small program, the warden, and starts one for each guest
//! and set of grants when its first child is spawned; it ends with the guest's context, and with
//! this process, and everything in the guest's world ends with it.
//!
//! The first [`build`](ProcessCtxBuilder::build) of a process puts a confinement up to see whether it
//! holds, which takes milliseconds, and fails where it does not and the policy allows nothing
//! weaker. [`try_confinement`] asks beforehand, [`doctor`] says why and what to do.
//!
//! # Ending
//!
//! Dropping a store begins the teardown of its children, and does not wait for it. Await
//! [`Supervisor::shutdown`] before the runtime is dropped: a runtime that ends kills children at
//! once, without their teardown.
//!
//! # Runtimes
//!
//! Children and their wardens belong to the tokio runtime that runs when they are started, which
//! needs its timers and its input and output enabled. When that runtime ends, so do they.
//!
//! # Systems
//!
//! Linux 5.19 on x86-64 and 64-bit ARM is the least that confines children, with user namespaces,
//! Landlock, seccomp and a `/proc`; some grants need a later one. Linux is the system that this is
//! made for, and x86-64 is what is tested. On other systems only a policy that says
//! `confinement = "none"` runs anything, and there is no openat2(2), so that working directories and
//! files as streams are `unsupported`. Windows is not supported yet.

#![warn(missing_debug_implementations)]

mod budget;
mod child;
mod command;
mod convert;
mod ctx;
mod deferred;
pub mod doctor;
mod error;
mod host;
pub mod launch;
mod limits;
pub mod p2;
pub mod p3;
mod sandbox;
mod spawn;
mod stdio;
mod supervisor;

pub use child::{ExitStatus, Usage};
pub use ctx::{BuildError, ProcessCtx, ProcessCtxBuilder, ProcessCtxView, ProcessView};
pub use error::{ErrorCode, IoError, Limit, Part};
#[doc(no_inline)]
pub use offspring_policy as policy;
pub use sandbox::{
    SandboxError, SandboxFault, SandboxStep, Settled, StepFault, settle, try_confinement,
};
pub use supervisor::{HostLimits, ShutdownReport, Supervisor};
