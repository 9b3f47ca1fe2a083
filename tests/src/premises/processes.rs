//! The children of this process.

use std::fs;

/// Every process, zombies too, whose parent this one is.
pub(super) fn children() -> Vec<String> {
    stats().iter().map(|stat| summary(stat)).collect()
}

/// Their numbers.
pub(super) fn ids() -> Vec<i32> {
    let number = |stat: &String| stat.split(' ').next()?.parse().ok();
    stats().iter().filter_map(number).collect()
}

/// What proc_pid_stat(5) says of each of them.
fn stats() -> Vec<String> {
    let entries = fs::read_dir("/proc").expect("these tests need /proc");
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    // Whatever is gone by the time we look was no child that was left.
    let stats = pids.filter_map(|pid| fs::read_to_string(format!("/proc/{pid}/stat")).ok());
    stats
        .filter(|stat| parent(stat) == Some(std::process::id()))
        .collect()
}

/// The fourth field. The second is the name, which may hold spaces and parentheses.
fn parent(stat: &str) -> Option<u32> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

fn summary(stat: &str) -> String {
    stat.split_inclusive(')').next().unwrap_or(stat).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_is_found_behind_any_name() {
        assert_eq!(parent("7 (a) b) S 42 7 7"), Some(42));
        assert_eq!(parent("7 (sh) Z 1 7"), Some(1));
        assert_eq!(parent("nonsense"), None);
    }
}
