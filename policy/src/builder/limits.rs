//! The bounds of a guest and its children, written in Rust.

use super::program::text;
use super::{PolicyBuilder, ProgramBuilder};
use crate::raw::{RawCount, RawLimits, Text, Words, unplaced};
use crate::rule::Bounds;
use crate::{Background, PinnedPolicy, Rate, Teardown, TeardownStep};
use std::time::Duration;
use toml::Spanned;

/// Bounds of the guest, and of children whose rule says nothing of them.
impl PolicyBuilder {
    /// Bounds how many children run at once.
    pub fn children(self, most: u32) -> Self {
        self.limits(|limits| limits.children = Some(count(most.into())))
    }

    /// Bounds how many children a guest starts in all its life.
    pub fn spawns(self, most: u64) -> Self {
        self.limits(|limits| limits.spawns = Some(count(most)))
    }

    /// Bounds how fast a guest starts children.
    pub fn spawn_rate(self, rate: Rate) -> Self {
        let rate = format!("{}/{}ms", rate.count, whole_milliseconds(rate.period));
        self.limits(|limits| limits.spawn_rate = Some(text(&rate)))
    }

    /// Lets a spawn wait so long for another child to end, where as many as may run do.
    pub fn queue(self, longest: Duration) -> Self {
        self.limits(|limits| limits.queue = Some(milliseconds(longest)))
    }

    /// Bounds how many processes and threads a guest's children are, all together. Nothing is
    /// launched on a machine that cannot keep it.
    pub fn processes(self, most: u64) -> Self {
        self.limits(|limits| limits.processes = Some(count(most)))
    }

    /// Takes away the bound of [`processes`](Self::processes) that there is by default.
    ///
    /// # Authority
    ///
    /// As many processes as the host's user may have, and so that others may have none.
    pub fn unbounded_processes(self) -> Self {
        let none = unplaced(RawCount::Word("none".to_owned()));
        self.limits(|limits| limits.processes = Some(none))
    }

    /// Bounds how long a child runs whose rule says nothing of it.
    pub fn deadline(self, after: Duration) -> Self {
        self.limits(|limits| limits.deadline = Some(milliseconds(after)))
    }

    /// Bounds how long a child runs without writing to its pipes whose rule says nothing of it.
    pub fn idle(self, after: Duration) -> Self {
        self.limits(|limits| limits.idle = Some(milliseconds(after)))
    }

    /// Says how long the host reads on after a child has exited whose rule says nothing of it.
    pub fn drain(self, after: Duration) -> Self {
        self.limits(|limits| limits.drain = Some(milliseconds(after)))
    }

    /// Bounds how many bytes a child writes to its pipes whose rule says nothing of it.
    pub fn output(self, bytes: u64) -> Self {
        self.limits(|limits| limits.output = Some(size(bytes)))
    }

    /// Bounds how many bytes a child writes to each of its pipes whose rule says nothing of it.
    pub fn output_per_stream(self, bytes: u64) -> Self {
        self.limits(|limits| limits.output_per_stream = Some(size(bytes)))
    }

    /// Bounds the processor time of each process of a child whose rule says nothing of it, in whole
    /// seconds.
    pub fn cpu(self, time: Duration) -> Self {
        self.limits(|limits| limits.cpu = Some(milliseconds(time)))
    }

    /// Bounds the address space of each process of a child whose rule says nothing of it.
    pub fn memory(self, bytes: u64) -> Self {
        self.limits(|limits| limits.memory = Some(size(bytes)))
    }

    /// Bounds the size of the files that a child writes whose rule says nothing of it.
    pub fn file_size(self, bytes: u64) -> Self {
        self.limits(|limits| limits.file_size = Some(size(bytes)))
    }

    /// Bounds the descriptors of each process of a child whose rule says nothing of it.
    pub fn open_files(self, most: u64) -> Self {
        self.limits(|limits| limits.open_files = Some(count(most)))
    }

    /// Says how the host ends a child whose rule says nothing of it.
    pub fn teardown(self, steps: Teardown) -> Self {
        self.limits(|limits| limits.teardown = Some(words(&steps)))
    }

    /// Says what becomes of the processes that a child leaves behind whose rule says nothing of it.
    pub fn background(self, background: Background) -> Self {
        self.limits(|limits| limits.background = Some(text(background.name())))
    }

    /// Bounds and ends children whose rule says nothing of it as `policy` says of such children: the
    /// keys of its `[limits]` that are not about a whole guest.
    pub fn children_as_in(self, policy: &PinnedPolicy) -> Self {
        let Bounds {
            limits,
            teardown,
            background,
        } = policy.children().clone();
        self.limits(|raw| {
            raw.deadline = limits.deadline.map(milliseconds);
            raw.idle = limits.idle.map(milliseconds);
            raw.drain = Some(milliseconds(limits.drain));
            raw.output = limits.output.map(size);
            raw.output_per_stream = limits.stream_output.map(size);
            raw.cpu = limits.cpu.map(milliseconds);
            raw.memory = limits.memory.map(size);
            raw.file_size = limits.file_size.map(size);
            raw.open_files = limits.open_files.map(count);
            raw.teardown = Some(words(&teardown));
            raw.background = Some(text(background.name()));
        })
    }

    fn limits(mut self, set: impl FnOnce(&mut RawLimits)) -> Self {
        set(&mut self.raw.limits);
        self
    }
}

/// Bounds of the program's children, in place of those of the policy.
impl ProgramBuilder {
    /// Bounds how long a child runs.
    pub fn deadline(self, after: Duration) -> Self {
        self.limits(|limits| limits.deadline = Some(milliseconds(after)))
    }

    /// Bounds how long a child runs without writing to its pipes.
    pub fn idle(self, after: Duration) -> Self {
        self.limits(|limits| limits.idle = Some(milliseconds(after)))
    }

    /// Says how long the host reads on after a child has exited.
    pub fn drain(self, after: Duration) -> Self {
        self.limits(|limits| limits.drain = Some(milliseconds(after)))
    }

    /// Bounds how many bytes a child writes to its pipes.
    pub fn output(self, bytes: u64) -> Self {
        self.limits(|limits| limits.output = Some(size(bytes)))
    }

    /// Bounds how many bytes a child writes to each of its pipes.
    pub fn output_per_stream(self, bytes: u64) -> Self {
        self.limits(|limits| limits.output_per_stream = Some(size(bytes)))
    }

    /// Bounds the processor time of each process of a child, in whole seconds.
    pub fn cpu(self, time: Duration) -> Self {
        self.limits(|limits| limits.cpu = Some(milliseconds(time)))
    }

    /// Bounds the address space of each process of a child.
    pub fn memory(self, bytes: u64) -> Self {
        self.limits(|limits| limits.memory = Some(size(bytes)))
    }

    /// Bounds the size of the files that a child writes.
    pub fn file_size(self, bytes: u64) -> Self {
        self.limits(|limits| limits.file_size = Some(size(bytes)))
    }

    /// Bounds the descriptors of each process of a child.
    pub fn open_files(self, most: u64) -> Self {
        self.limits(|limits| limits.open_files = Some(count(most)))
    }

    /// Says how the host ends a child.
    pub fn teardown(self, steps: Teardown) -> Self {
        self.limits(|limits| limits.teardown = Some(words(&steps)))
    }

    /// Says what becomes of the processes that a child leaves behind.
    pub fn background(self, background: Background) -> Self {
        self.limits(|limits| limits.background = Some(text(background.name())))
    }

    fn limits(mut self, set: impl FnOnce(&mut RawLimits)) -> Self {
        set(&mut self.raw.limits);
        self
    }
}

/// A time as the policy file writes it, rounded up.
fn milliseconds(time: Duration) -> Text {
    text(&format!("{}ms", whole_milliseconds(time)))
}

fn whole_milliseconds(time: Duration) -> u128 {
    time.as_nanos().div_ceil(1_000_000)
}

fn size(bytes: u64) -> Text {
    text(&format!("{bytes}B"))
}

/// A number as the policy file writes it, which has none beyond 63 bits.
fn count(number: u64) -> Spanned<RawCount> {
    unplaced(RawCount::Number(i64::try_from(number).unwrap_or(i64::MAX)))
}

fn words(teardown: &Teardown) -> Words {
    let word = |step: &TeardownStep| match step {
        TeardownStep::Signal(signal) => text(&signal.name()),
        TeardownStep::Wait(time) => milliseconds(*time),
    };
    unplaced(teardown.steps().iter().map(word).collect())
}
