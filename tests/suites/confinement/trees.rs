//! Trees of processes that are hard to kill are gone when their guest is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use offspring_tests::{Premises, Told, child};
use tempfile::TempDir;
use wasmtime_wasi::FsPerms;

use super::marker::{held_after, is_held};
use super::stage::Tier;

/// How long a machine with much to do may take for what takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// A guest with a directory, and a shell.
struct Grove {
    guest: Told,
    directory: TempDir,
    tier: Tier,
}

impl Grove {
    fn new(tier: Tier) -> Self {
        let directory = TempDir::new().expect("a temporary directory can be made");
        let probe = child!("probe");
        let policy = format!(
            "confinement = {:?}\nlimits = {{ background = \"keep\" }}\n\
             [[program]]\nname = \"probe\"\npath = {probe:?}\nargs = [[\"{{any}}...\"]]\n\
             [[program]]\nname = \"sh\"\npath = \"/bin/sh\"\nargs = [[\"-c\", \"{{any}}\"]]\n",
            tier.name(),
        );
        let given = [(directory.path(), "/inside", FsPerms::ReadWrite)];
        let guest = Told::new(&policy, &given);
        Self {
            guest: guest.expect("these tests need user namespaces, Landlock and seccomp"),
            directory,
            tier,
        }
    }

    /// A file of the guest's directory as its children call it.
    fn inside(&self, name: &str) -> String {
        let root = match self.tier {
            Tier::Namespace => Path::new("/inside"),
            _ => self.directory.path(),
        };
        root.join(name).display().to_string()
    }

    fn outside(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }
}

/// Grows trees in each confined tier, and drops or dismisses their guest.
fn in_each_tier(grow: impl Fn(&mut Grove) -> Vec<PathBuf>) {
    for tier in [Tier::Namespace, Tier::Landlock] {
        for dropped in [true, false] {
            let premises = Premises::enter();
            let mut grove = Grove::new(tier);
            let markers = grow(&mut grove);
            let markers: Vec<&Path> = markers.iter().map(PathBuf::as_path).collect();
            for marker in &markers {
                assert!(is_held(marker), "{}: nobody lives", tier.name());
            }
            if dropped {
                drop(grove.guest);
            } else {
                grove.guest.dismiss();
            }
            let held = held_after(&markers, PATIENCE);
            assert!(held.is_empty(), "{}: {held:?}", tier.name());
            premises.leave();
        }
    }
}

#[test]
fn daemons_and_stepchildren_are_gone() {
    in_each_tier(|grove| {
        let mut markers = Vec::new();
        for tree in ["daemon", "stepchild"] {
            for n in 0..5 {
                let name = format!("{tree}-{n}");
                let marker = grove.inside(&name);
                let ran = grove.guest.run(&["probe", tree, &marker, "600"]);
                assert_eq!(ran.succeeds(), "left\n");
                markers.push(grove.outside(&name));
            }
        }
        markers
    });
}

#[test]
fn who_hops_from_process_to_process_is_gone() {
    in_each_tier(|grove| {
        let marker = grove.inside("hopper");
        let ran = grove.guest.run(&["probe", "hopper", &marker, "200"]);
        assert_eq!(ran.succeeds(), "hopped 200 of 200\n");
        // It is on its way when the guest goes.
        let line = format!("echo; exec {} hopper {marker} 1000000000", child!("probe"));
        grove.guest.start(&["sh", "-c", &line]);
        let marker = grove.outside("hopper");
        while !is_held(&marker) {
            std::thread::yield_now();
        }
        vec![marker]
    });
}

#[test]
fn a_bomb_of_forks_is_gone() {
    in_each_tier(|grove| {
        let ran = grove.guest.run(&["probe", "fork-bomb", "200"]);
        assert_eq!(ran.succeeds(), "forked 200 of 200\n");
        let marker = grove.inside("daemon");
        let ran = grove.guest.run(&["probe", "daemon", &marker, "600"]);
        assert_eq!(ran.succeeds(), "left\n");
        // All of them, and what each leaves, wait to be read from.
        let line = "echo; for n in 0 1 2 3 4 5 6 7 8 9; do (while :; do :; done) & done; wait";
        for _ in 0..3 {
            grove.guest.start(&["sh", "-c", line]);
        }
        vec![grove.outside("daemon")]
    });
}

#[test]
fn what_a_killed_child_leaves_is_gone() {
    in_each_tier(|grove| {
        let marker = grove.inside("daemon");
        // It stops itself, and so is there until it is killed.
        let line = format!("{} daemon {marker} 600; kill -STOP $$", child!("probe"));
        assert_eq!(grove.guest.start(&["sh", "-c", &line]), "left");
        let daemon = grove.outside("daemon");
        assert!(is_held(&daemon));
        assert_eq!(grove.guest.kill(), "signal: 9 (SIGKILL)");
        assert!(
            held_after(&[&daemon], PATIENCE).is_empty(),
            "with the child"
        );
        Vec::new()
    });
}
