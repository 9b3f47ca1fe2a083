//! The children of this process, and whatever they leave behind.

use std::fs;

use nix::sys::prctl::set_child_subreaper;
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

/// Makes this process the parent of every descendant whose own parent is gone
/// (PR_SET_CHILD_SUBREAPER(2const)), so that none is overlooked.
pub(super) fn adopt_orphans() {
    set_child_subreaper(true).expect("a process can adopt");
}

/// Every process, zombies too, whose parent this one is.
///
/// A zombie that was adopted is nobody else's to reap, so that is done here.
pub(super) fn children() -> Vec<String> {
    let entries = fs::read_dir("/proc").expect("these tests need /proc");
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    // Whatever is gone by the time we look was no child that was left.
    let stats = pids.filter_map(|pid| fs::read_to_string(format!("/proc/{pid}/stat")).ok());
    let own = std::process::id().cast_signed();
    let processes = stats.filter_map(|stat| Process::parse(&stat));
    let mut children: Vec<_> = processes.filter(|it| it.parent == own).collect();
    children.retain(|child| !(child.is_adopted_zombie(own) && child.reap()));
    children.into_iter().map(|child| child.what).collect()
}

/// What /proc tells of a process.
#[derive(Debug, PartialEq)]
struct Process {
    /// Number, name and state.
    what: String,
    id: i32,
    zombie: bool,
    parent: i32,
    group: i32,
}

impl Process {
    /// The second field is the name, which may hold spaces and parentheses.
    fn parse(stat: &str) -> Option<Self> {
        let (named, rest) = stat.rsplit_once(')')?;
        let mut fields = rest.split_whitespace();
        let state = fields.next()?;
        Some(Self {
            what: format!("{named}) {state}"),
            id: named.split(' ').next()?.parse().ok()?,
            zombie: state == "Z",
            parent: fields.next()?.parse().ok()?,
            group: fields.next()?.parse().ok()?,
        })
    }

    /// Whether it is dead, and some child of the host started it. What the host
    /// itself starts is in this process's group, leads one, or is a warden.
    fn is_adopted_zombie(&self, own: i32) -> bool {
        let of_the_host = [own, self.id].contains(&self.group) || self.what.contains("offspring-w");
        self.zombie && !of_the_host
    }

    fn reap(&self) -> bool {
        waitpid(Pid::from_raw(self.id), Some(WaitPidFlag::WNOHANG)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_is_found_behind_any_name() {
        let parent = |stat| Process::parse(stat).map(|it| it.parent);
        assert_eq!(parent("7 (a) b) S 42 7 7"), Some(42));
        assert_eq!(parent("7 (sh) Z 1 7"), Some(1));
        assert_eq!(parent("nonsense"), None);
    }

    #[test]
    fn only_the_zombies_of_others_are_reaped() {
        let adopted = |stat| Process::parse(stat).is_some_and(|it| it.is_adopted_zombie(42));
        assert!(adopted("7 (sh) Z 42 6 6"));
        assert!(!adopted("7 (sh) S 42 6 6"), "it lives");
        assert!(!adopted("7 (sh) Z 42 7 7"), "it is a child");
        assert!(!adopted("7 (offspring-wardn) Z 42 6 6"), "it is a warden");
        assert!(
            !adopted("7 (sh) Z 42 42 1"),
            "it is not yet what it is to be"
        );
    }
}
