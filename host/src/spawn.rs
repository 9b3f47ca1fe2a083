//! From a guest's command to a running child: policy, streams, launch.

use crate::budget::{Budget, Share};
use crate::child::meter::{Meter, Stream};
use crate::child::pipe::{self, ReadEnd, WriteEnd};
use crate::child::{Child, Pipes, Running, Supervised, supervise};
use crate::command::Command;
use crate::ctx::ProcessCtx;
use crate::deferred::Deferred;
use crate::error::{ErrorCode, Limit, Part};
use crate::launch::{ChildStream, ChildStreams, Directories, Launch, Launcher, Process};
use crate::stdio::{GuestInput, GuestOutput, Inheritance};
use crate::supervisor::{Closing, Place, Supervisor};
use offspring_policy::{Confinement, SpawnPlan, StdioPlan};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use tokio::sync::watch;

/// Start a command: a request becomes a plan, or is refused, before anything else happens.
///
/// Dropping what is returned ends the attempt, or the child.
pub(crate) fn spawn(ctx: &ProcessCtx, command: Command) -> Deferred<Child> {
    match begin(ctx, command) {
        Ok(spawning) => spawning,
        Err(error) => Deferred::ready(Err(error)),
    }
}

fn begin(ctx: &ProcessCtx, command: Command) -> Result<Deferred<Child>, ErrorCode> {
    let (request, joined, held) = command.into_parts()?;
    let plan = ctx.policy.authorize(&request).map_err(|denial| {
        tracing::info!(%denial, "refused");
        if let Some(observer) = &ctx.on_denial {
            observer(&denial);
        }
        ErrorCode::from(denial.code())
    })?;
    let guest = Guest::of(ctx);
    let mut spawning = match ctx.places.take()? {
        Ok(place) => {
            let prepared = Prepared::new(&guest, &plan, joined, place)?;
            Deferred::pending(async move { prepared.launch(&guest, &plan).await })
        }
        Err(queued) => Deferred::pending(async move {
            let place = queued.wait().await?;
            drop(held);
            let prepared = Prepared::new(&guest, &plan, joined, place)?;
            prepared.launch(&guest, &plan).await
        }),
    };
    // A launcher that needs no time, as the direct one does not, is done right here. A slower one
    // goes on whether or not the guest waits for it: the child's deadline does not wait either.
    Ok(
        match spawning.poll_ready(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(()) => spawning,
            Poll::Pending => spawning.driven(),
        },
    )
}

/// What of a guest a spawn needs, also after the call that asked for it.
struct Guest {
    directories: Directories,
    stdin: GuestInput,
    stdout: GuestOutput,
    stderr: GuestOutput,
    launcher: Arc<dyn Launcher>,
    supervisor: Supervisor,
    descriptors: Budget,
    memory: Budget,
    owner: watch::Receiver<()>,
}

impl Guest {
    fn of(ctx: &ProcessCtx) -> Self {
        Self {
            directories: ctx.directories.clone(),
            stdin: ctx.stdin.clone(),
            stdout: ctx.stdout.clone(),
            stderr: ctx.stderr.clone(),
            launcher: ctx.launcher.clone(),
            supervisor: ctx.supervisor.clone(),
            descriptors: ctx.descriptors.clone(),
            memory: ctx.memory.clone(),
            owner: ctx.owner.subscribe(),
        }
    }

    /// Count descriptors that the host is to hold for the guest.
    fn descriptors(&self, count: u64) -> Result<Share, ErrorCode> {
        let share = self.descriptors.take(count);
        share.ok_or(ErrorCode::LimitReached(Limit::Descriptors))
    }
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
    meter: Arc<Meter>,
    owner: watch::Receiver<()>,
    closing: Closing,
    memory: Budget,
    /// What tells of the exit of a child that is not confined.
    ended: Option<Share>,
    place: Arc<Place>,
}

impl Prepared {
    fn new(
        guest: &Guest,
        plan: &SpawnPlan,
        joined: Option<ReadEnd>,
        place: Place,
    ) -> Result<Self, ErrorCode> {
        let limits = plan.limits();
        let mut child = Unstarted {
            pipes: Pipes::default(),
            inheritance: Inheritance::default(),
            meter: Meter::new(limits.output, limits.stream_output),
            owner: guest.owner.clone(),
            closing: guest.supervisor.closing(),
            memory: guest.memory.clone(),
            ended: match plan.confinement() {
                Confinement::None => Some(guest.descriptors(1)?),
                Confinement::Namespace | Confinement::Landlock => None,
            },
            place: Arc::new(place),
        };
        let size = plan.special().pipe_size;

        let at_part = |part| move |error: std::io::Error| ErrorCode::of_part(&error, part);
        let stdin = match plan.stdin() {
            StdioPlan::Null => ChildStream::Null,
            StdioPlan::Pipe => {
                let (reader, writer) = pipe::make(size).map_err(at_part(Part::Stdin))?;
                let counter = child.meter.counter(Stream::Stdin);
                let writer = WriteEnd::new(writer, counter, guest.descriptors(1)?);
                child.pipes.stdin = Some(writer.map_err(at_part(Part::Stdin))?);
                ChildStream::Pipe(reader)
            }
            StdioPlan::Inherit => {
                let counter = child.meter.counter(Stream::Stdin);
                let end = child
                    .inheritance
                    .input(&guest.stdin, counter, guest.descriptors(2)?)
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
        let stdout = child.output(guest, plan.stdout(), size, Part::Stdout)?;
        let stderr = child.output(guest, plan.stderr(), size, Part::Stderr)?;
        let mut extra = Vec::new();
        for &pipe in &plan.special().extra_pipes {
            let descriptors = guest.descriptors(1)?;
            let pipes = &mut child.pipes.extra;
            let end = pipes
                .make(pipe, size, &child.meter, descriptors)
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

    async fn launch(self, guest: &Guest, plan: &SpawnPlan) -> Result<Child, ErrorCode> {
        let Self { streams, child } = self;
        let launch = Launch {
            plan,
            streams,
            directories: &guest.directories,
            supervisor: &guest.supervisor,
            held: child.place.clone(),
        };
        // One whose spawn is given up in the middle may have run.
        child.place.count(true);
        match guest.launcher.launch(launch).await {
            Ok(process) => Ok(child.started(process, plan)),
            Err(error) => {
                child.place.count(false);
                Err(error)
            }
        }
    }
}

impl Unstarted {
    /// Prepare standard output or standard error, which `part` tells.
    fn output(
        &mut self,
        guest: &Guest,
        plan: &StdioPlan,
        size: Option<u32>,
        part: Part,
    ) -> Result<ChildStream, ErrorCode> {
        let at_part = |error: std::io::Error| ErrorCode::of_part(&error, part);
        let name = match part {
            Part::Stderr => Stream::Stderr,
            _ => Stream::Stdout,
        };
        Ok(match plan {
            StdioPlan::Null => ChildStream::Null,
            StdioPlan::Pipe => {
                let (reader, writer) = pipe::make(size).map_err(at_part)?;
                let reader = ReadEnd::new(reader, &self.meter, name, guest.descriptors(1)?)
                    .map_err(at_part)?;
                match part {
                    Part::Stderr => self.pipes.stderr = Some(reader),
                    _ => self.pipes.stdout = Some(reader),
                }
                ChildStream::Pipe(writer)
            }
            StdioPlan::Inherit => {
                let stream = match name {
                    Stream::Stderr => &guest.stderr,
                    _ => &guest.stdout,
                };
                let metered = (&self.meter, name);
                let end = self
                    .inheritance
                    .output(stream, metered, guest.descriptors(1)?);
                ChildStream::Pipe(end.map_err(at_part)?)
            }
            StdioPlan::File(file) => ChildStream::File(file.clone()),
            StdioPlan::Stdout if part == Part::Stderr => ChildStream::Stdout,
            StdioPlan::Stdout | StdioPlan::Joined => {
                return Err(ErrorCode::InvalidArgument(part));
            }
        })
    }

    fn started(self, process: Box<dyn Process>, plan: &SpawnPlan) -> Child {
        let (running, exits) = Running::new(process, plan, self.meter.clone());
        let supervised = Supervised {
            limits: *plan.limits(),
            meter: self.meter,
            inherited: self.inheritance.start(),
            owner: self.owner,
            closing: self.closing,
            held: (self.place, self.ended),
        };
        supervise(running.clone(), exits, supervised);
        Child::new(running, self.pipes, *plan.signals(), self.memory)
    }
}

#[cfg(test)]
mod tests;
