//! What bounds a child and its guest, and how the child ends, as text.

use crate::plan::SpawnPlan;
use crate::{GuestLimits, ProcessBound, units};
use std::fmt;

/// All that bounds the child of a plan.
pub(super) struct Limits<'a> {
    pub plan: &'a SpawnPlan,
    pub guest: &'a GuestLimits,
}

impl fmt::Display for Limits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limits = self.plan.limits();
        let time = |time| or_none(time, units::written_duration);
        let size = |size| or_none(size, units::written);
        let number = |number: Option<u64>| or_none(number, |number| number.to_string());
        writeln!(
            f,
            "limits     deadline {}, idle {}, drain {}",
            time(limits.deadline),
            time(limits.idle),
            time(Some(limits.drain)),
        )?;
        writeln!(
            f,
            "           output {}, output-per-stream {}",
            size(limits.output),
            size(limits.stream_output),
        )?;
        writeln!(
            f,
            "process    cpu {}, memory {}, file-size {}, open-files {}",
            time(limits.cpu),
            size(limits.memory),
            size(limits.file_size),
            number(limits.open_files),
        )?;
        let guest = self.guest;
        writeln!(
            f,
            "guest      children {}, spawns {}, spawn-rate {}, queue {}",
            guest.children,
            number(guest.spawns),
            or_none(guest.spawn_rate, units::written_rate),
            time(guest.queue),
        )?;
        writeln!(
            f,
            "           processes {}",
            or_none(self.plan.profile().processes, processes),
        )?;
        writeln!(f, "teardown   {}", self.plan.teardown())?;
        writeln!(f, "background {}", self.plan.background().name())
    }
}

fn or_none<T>(limit: Option<T>, written: impl Fn(T) -> String) -> String {
    limit.map_or_else(|| "none".to_owned(), written)
}

fn processes(bound: ProcessBound) -> String {
    let most = bound.most;
    match bound.required {
        true => format!("{most} (up to 300 more where the host is root)"),
        false => {
            format!("{most} (up to 300 more where the host is root) where the machine can keep it")
        }
    }
}
