//! What this process has at the moment.

use rustix::process::{WaitId, WaitIdOptions, waitid};
use std::fs;

/// The memory that is resident, in KiB.
pub fn resident() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    kib.ok_or_else(|| anyhow::anyhow!("/proc/self/status has no VmRSS"))
}

/// How many descriptors are open.
pub fn descriptors() -> anyhow::Result<usize> {
    Ok(fs::read_dir("/proc/self/fd")?.count())
}

/// How many children have ended and are not reaped.
pub fn zombies() -> anyhow::Result<usize> {
    let own = std::process::id().to_string();
    let mut found = 0;
    for entry in fs::read_dir("/proc")? {
        let Ok(stat) = fs::read_to_string(entry?.path().join("stat")) else {
            continue;
        };
        // The name before it may hold anything but this.
        let fields = stat.rsplit(") ").next().unwrap_or_default();
        let mut fields = fields.split(' ');
        found += usize::from(fields.next() == Some("Z") && fields.next() == Some(&own));
    }
    Ok(found)
}

/// Whether there is any child, a warden too.
pub fn has_children() -> bool {
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    waitid(WaitId::All, look).is_ok()
}
