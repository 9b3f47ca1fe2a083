//! The descriptors of this process.

use std::fs;

use offspring_policy::Confinement;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

/// What each open descriptor leads to, such as `pipe:[1234]`.
pub(super) fn open() -> Vec<String> {
    let entries = fs::read_dir("/proc/self/fd").expect("these tests need /proc");
    // The descriptor that reads the directory is gone by the time its link is read.
    let links = entries.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    links
        .map(|link| link.to_string_lossy().into_owned())
        .filter(|link| !link.ends_with("/fd"))
        .collect()
}

/// Those that are open now and were not then.
pub(super) fn beyond(then: &[String]) -> Vec<String> {
    let mut then = then.to_vec();
    let mut beyond = Vec::new();
    for link in open() {
        match then.iter().position(|known| *known == link) {
            Some(place) => drop(then.swap_remove(place)),
            None => beyond.push(link),
        }
    }
    beyond
}

/// Opens what the first use opens once for the life of the process: tokio's
/// pipe for signals, and the file of the warden's program.
pub(super) fn open_what_stays_open() {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be made");
    let _guard = runtime.enter();
    drop(signal(SignalKind::child()).expect("a signal can be watched"));
    let confined = offspring_host::try_confinement(Confinement::Namespace);
    confined.expect("these tests need user namespaces, Landlock and seccomp");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_descriptor_that_was_opened_since_is_found() {
        let then = open();
        let (reader, writer) = std::io::pipe().expect("a pipe can be made");
        let pipes = beyond(&then)
            .into_iter()
            .filter(|link| link.starts_with("pipe:"))
            .count();
        assert_eq!(pipes, 2);
        drop((reader, writer));
    }
}
