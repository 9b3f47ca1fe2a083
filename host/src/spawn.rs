//! From a guest's command to a running child: policy, streams, launch.

use crate::budget::{Budget, Share};
use crate::child::pipe::{self, OutputBudget, ReadEnd, WriteEnd};
use crate::child::{Child, Pipes, Running, Supervised, supervise};
use crate::command::Command;
use crate::ctx::ProcessCtx;
use crate::deferred::Deferred;
use crate::error::{ErrorCode, Limit, Part};
use crate::launch::{ChildStream, ChildStreams, Launch};
use crate::stdio::Inheritance;
use offspring_policy::{SpawnPlan, StdioPlan};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use tokio::sync::watch;

/// Start a command: a request becomes a plan, or is refused, before anything else happens.
///
/// Dropping what is returned ends the attempt, or the child.
pub(crate) fn spawn(ctx: &ProcessCtx, command: Command) -> Deferred<Child> {
    let (plan, Prepared { streams, child }) = match prepare(ctx, command) {
        Ok(prepared) => prepared,
        Err(error) => return Deferred::ready(Err(error)),
    };
    let (launcher, directories) = (ctx.launcher.clone(), ctx.directories.clone());
    let mut spawning = Deferred::pending(async move {
        let launch = Launch {
            plan: &plan,
            streams,
            directories: &directories,
        };
        let process = launcher.launch(launch).await?;
        Ok(child.started(process, &plan))
    });
    // A launcher that needs no time, as the direct one does not, is done right here. A slower one
    // goes on whether or not the guest waits for it: the child's deadline does not wait either.
    match spawning.poll_ready(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(()) => spawning,
        Poll::Pending => spawning.driven(),
    }
}

impl ProcessCtx {
    /// Count descriptors that the host is to hold for the guest.
    fn descriptors(&self, count: u64) -> Result<Share, ErrorCode> {
        let share = self.descriptors.take(count);
        share.ok_or(ErrorCode::LimitReached(Limit::Descriptors))
    }
}

fn prepare(ctx: &ProcessCtx, command: Command) -> Result<(SpawnPlan, Prepared), ErrorCode> {
    let (request, joined) = command.into_parts()?;
    let plan = ctx.policy.authorize(&request).map_err(|denial| {
        tracing::info!(%denial, "refused");
        if let Some(observer) = &ctx.on_denial {
            observer(&denial);
        }
        ErrorCode::from(denial.code())
    })?;
    let slot = ctx.children.take(&ctx.policy.guest_limits())?;
    let prepared = Prepared::new(ctx, &plan, joined, slot)?;
    Ok((plan, prepared))
}

/// What a launch needs, and what becomes the child afterwards.
struct Prepared {
    streams: ChildStreams,
    child: Unstarted,
}

/// The host's side of a child that does not run yet.
struct Unstarted {
    pipes: Pipes,
    inheritance: Inheritance,
    budget: Arc<OutputBudget>,
    owner: watch::Receiver<()>,
    memory: Budget,
    slot: Slot,
}

impl Prepared {
    fn new(
        ctx: &ProcessCtx,
        plan: &SpawnPlan,
        joined: Option<ReadEnd>,
        slot: Slot,
    ) -> Result<Self, ErrorCode> {
        let mut child = Unstarted {
            pipes: Pipes::default(),
            inheritance: Inheritance::default(),
            budget: OutputBudget::new(plan.limits().output),
            owner: ctx.owner.subscribe(),
            memory: ctx.memory.clone(),
            slot,
        };
        let size = plan.special().pipe_size;

        let at_part = |part| move |error: std::io::Error| ErrorCode::of_part(&error, part);
        let stdin = match plan.stdin() {
            StdioPlan::Null => ChildStream::Null,
            StdioPlan::Pipe => {
                let (reader, writer) = pipe::make(size).map_err(at_part(Part::Stdin))?;
                child.pipes.stdin =
                    Some(WriteEnd::new(writer, ctx.descriptors(1)?).map_err(at_part(Part::Stdin))?);
                ChildStream::Pipe(reader)
            }
            StdioPlan::Inherit => {
                let end = child
                    .inheritance
                    .input(&ctx.stdin, ctx.descriptors(2)?)
                    .map_err(at_part(Part::Stdin))?;
                ChildStream::Pipe(end)
            }
            StdioPlan::File(file) => ChildStream::File(file.clone()),
            StdioPlan::Joined => {
                let joined = joined.ok_or(ErrorCode::InvalidArgument(Part::Stdin))?;
                ChildStream::Pipe(joined.into_fd().map_err(at_part(Part::Stdin))?)
            }
            StdioPlan::Stdout => return Err(ErrorCode::InvalidArgument(Part::Stdin)),
        };
        let stdout = child.output(ctx, plan.stdout(), size, Part::Stdout)?;
        let stderr = child.output(ctx, plan.stderr(), size, Part::Stderr)?;
        let mut extra = Vec::new();
        for &pipe in &plan.special().extra_pipes {
            let descriptors = ctx.descriptors(1)?;
            let pipes = &mut child.pipes.extra;
            let end = pipes
                .make(pipe, size, &child.budget, descriptors)
                .map_err(at_part(Part::ExtraPipe))?;
            extra.push((pipe.fd, end));
        }
        Ok(Self {
            streams: ChildStreams {
                stdin,
                stdout,
                stderr,
                extra,
            },
            child,
        })
    }
}

impl Unstarted {
    /// Prepare standard output or standard error, which `part` tells.
    fn output(
        &mut self,
        ctx: &ProcessCtx,
        plan: &StdioPlan,
        size: Option<u32>,
        part: Part,
    ) -> Result<ChildStream, ErrorCode> {
        let at_part = |error: std::io::Error| ErrorCode::of_part(&error, part);
        Ok(match plan {
            StdioPlan::Null => ChildStream::Null,
            StdioPlan::Pipe => {
                let (reader, writer) = pipe::make(size).map_err(at_part)?;
                let reader = ReadEnd::new(reader, self.budget.clone(), ctx.descriptors(1)?)
                    .map_err(at_part)?;
                match part {
                    Part::Stderr => self.pipes.stderr = Some(reader),
                    _ => self.pipes.stdout = Some(reader),
                }
                ChildStream::Pipe(writer)
            }
            StdioPlan::Inherit => {
                let guest = if part == Part::Stderr {
                    &ctx.stderr
                } else {
                    &ctx.stdout
                };
                ChildStream::Pipe(
                    self.inheritance
                        .output(guest, self.budget.clone(), ctx.descriptors(1)?)
                        .map_err(at_part)?,
                )
            }
            StdioPlan::File(file) => ChildStream::File(file.clone()),
            StdioPlan::Stdout if part == Part::Stderr => ChildStream::Stdout,
            StdioPlan::Stdout | StdioPlan::Joined => {
                return Err(ErrorCode::InvalidArgument(part));
            }
        })
    }

    fn started(mut self, process: Box<dyn crate::launch::Process>, plan: &SpawnPlan) -> Child {
        self.slot.attempt = false;
        let limits = plan.limits();
        let (running, exits) = Running::new(process);
        let supervised = Supervised {
            deadline: limits.deadline,
            drain: limits.drain,
            budget: self.budget,
            inherited: self.inheritance.start(),
            owner: self.owner,
            slot: Box::new(self.slot),
        };
        supervise(running.clone(), exits, supervised);
        Child::new(
            running,
            self.pipes,
            *plan.signals(),
            limits.drain,
            self.memory,
        )
    }
}

/// How many children a guest has, and has had.
#[derive(Clone, Default)]
pub(crate) struct ChildCount(Arc<Counts>);

#[derive(Default)]
struct Counts {
    running: AtomicU64,
    spawned: AtomicU64,
}

impl ChildCount {
    fn take(&self, limits: &offspring_policy::GuestLimits) -> Result<Slot, ErrorCode> {
        let within = |limit: u64| move |count: u64| (count < limit).then_some(count + 1);
        let take = |count: &AtomicU64, limit, name| {
            count
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, within(limit))
                .map_err(|_| ErrorCode::LimitReached(name))
        };
        take(&self.0.running, limits.children.into(), Limit::Children)?;
        let mut slot = Slot {
            counts: self.0.clone(),
            attempt: false,
        };
        take(
            &self.0.spawned,
            limits.spawns.unwrap_or(u64::MAX),
            Limit::Spawns,
        )?;
        slot.attempt = true;
        Ok(slot)
    }
}

/// A child's place among those that run; free again when it is dropped.
struct Slot {
    counts: Arc<Counts>,
    /// It was counted as a spawn, and does not run so far.
    attempt: bool,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.counts.running.fetch_sub(1, Ordering::Relaxed);
        if self.attempt {
            self.counts.spawned.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests;
