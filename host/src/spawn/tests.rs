//! The core without WebAssembly: commands in, children out, with real programs.

use super::*;
use crate::child::{EndCause, Exit, ExitStatus, Output, Usage};
use crate::launch::{Exited, SignalTarget};
use offspring_policy::{
    Background, Confinement, FileMode, PinnedPolicy, PolicyBuilder, ProgramRequest, Signal,
    StdioRequest, Teardown, TeardownStep,
};
use std::future::poll_fn;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;
use wasmtime_wasi::FsPerms;
use wasmtime_wasi::cli::StdinStream;
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};

mod communicating;
mod descriptors;
mod endings;
mod extra_pipes;
mod faults;
mod files;
mod inherited;
mod launchers;
mod refusals;
mod slow;
mod streams;
mod supervised;

/// More than a pipe holds (pipe(7)), so that a peer that does not read would block.
const LARGE: usize = 1 << 20;

/// Holds a test in every tier of confinement.
async fn in_each_tier(test: impl AsyncFn(PolicyBuilder)) {
    for tier in Confinement::ALL {
        eprintln!("in the tier {tier}:");
        test(policy_in(tier)).await;
    }
}

/// A policy without confinement, for what a tier makes no difference to.
fn policy() -> PolicyBuilder {
    policy_in(Confinement::None)
}

fn policy_in(tier: Confinement) -> PolicyBuilder {
    PinnedPolicy::builder(tier)
        .allow("sh", Some("/bin/sh".into()))
        .allow("cat", Some("/bin/cat".into()))
}

fn context(policy: PolicyBuilder) -> ProcessCtx {
    let policy = policy.build().expect("the policy is sound");
    ProcessCtx::builder()
        .policy(policy)
        .build()
        .expect("it fits the guest")
        .1
}

fn command(ctx: &ProcessCtx, program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(ProgramRequest::Named(program.into()), &ctx.commands);
    command.args(args.iter().map(|arg| arg.as_bytes().to_vec()).collect());
    command
}

fn script(ctx: &ProcessCtx, script: &str) -> Command {
    command(ctx, "sh", &["-c", script])
}

async fn run(ctx: &ProcessCtx, command: Command) -> Result<Child, ErrorCode> {
    let mut spawning = spawn(ctx, command);
    poll_fn(|cx| spawning.poll_take(cx)).await
}

async fn communicate(child: &mut Child, input: &[u8], limit: u64) -> Output {
    let mut output = child.communicate(Some(input.to_vec()), limit);
    poll_fn(|cx| output.poll_take(cx))
        .await
        .expect("the pipes work")
}

/// How and why a child has ended.
type Ending = (ExitStatus, Option<EndCause>);

async fn exit(child: &Child) -> Ending {
    child
        .wait()
        .exited()
        .await
        .map(ending)
        .expect("the child is waited for")
}

fn ending(exit: Exit) -> Ending {
    (exit.status, exit.cause)
}

/// An exit that has used and left nothing.
fn exited(status: ExitStatus) -> Exited {
    Exited::new(status, Usage::default())
}

/// Read `size` bytes of what a child writes.
async fn read(pipe: &mut ReadEnd, size: usize) -> Vec<u8> {
    let mut data = vec![0; size];
    let mut read = 0;
    while read < size {
        match poll_fn(|cx| pipe.poll_read(cx, &mut data[read..]))
            .await
            .expect("readable")
        {
            0 => break,
            more => read += more,
        }
    }
    data.truncate(read);
    data
}

fn piped(mut command: Command) -> Command {
    for part in [Part::Stdin, Part::Stdout, Part::Stderr] {
        command.stdio(part, StdioRequest::Pipe);
    }
    command
}

const TERMINATED: ExitStatus = ExitStatus::Signaled {
    signal: Signal::Term,
    core_dumped: false,
};

const KILLED: ExitStatus = ExitStatus::Signaled {
    signal: Signal::Kill,
    core_dumped: false,
};
