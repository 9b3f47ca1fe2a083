//! Hosts that are killed with SIGKILL in the middle: what their guests' children have left behind
//! goes with them.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use offspring_tests::artifacts::CONFINEMENT_OBEYS;
use offspring_tests::{child, precompile};
use tempfile::TempDir;

use super::marker::{held_after, is_held};
use super::stage::Tier;

/// How long anybody may survive.
const SURVIVAL: Duration = Duration::from_secs(1);

/// How long nothing must be heard of a host for it to be held up.
const SILENCE: Duration = Duration::from_millis(500);

/// How many children a host starts that nobody holds up.
const ENOUGH: u32 = 200;

/// A host of its own, with guests.
struct LoneHost {
    process: Child,
    _input: ChildStdin,
    lines: Option<BufReader<ChildStdout>>,
    directory: TempDir,
    guests: usize,
}

impl LoneHost {
    #[expect(
        clippy::disallowed_methods,
        reason = "it is a host of its own, which is killed"
    )]
    fn new(component: &Path, tier: Tier, mode: &str, guests: usize) -> Self {
        let directory = TempDir::new().expect("a temporary directory can be made");
        let policy = directory.path().join("policy.toml");
        let probe = child!("probe");
        let text = format!(
            "confinement = {:?}\nlimits = {{ children = 1000, spawns = 100000, background = \"keep\" }}\n\
             [[program]]\nname = \"probe\"\npath = {probe:?}\nargs = [[\"{{any}}...\"]]\n\
             [[program]]\nname = \"sh\"\npath = \"/bin/sh\"\nargs = [[\"-c\", \"{{any}}\"]]\n",
            tier.name(),
        );
        std::fs::write(&policy, text).expect("a file can be written");
        let marker = match tier {
            Tier::Namespace => "/inside/marker",
            _ => "{}/marker",
        };
        let mut process = Command::new(child!("lone-host"))
            .arg(mode)
            .args([component, &policy, directory.path()])
            .args([&guests.to_string(), marker])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the host starts");
        let (input, output) = (process.stdin.take(), process.stdout.take());
        let mut lines = BufReader::new(output.expect("it is a pipe"));
        let mut line = String::new();
        let heard = lines.read_line(&mut line);
        assert!(heard.is_ok() && line == "ready\n", "the host says {line:?}");
        Self {
            process,
            _input: input.expect("it is a pipe"),
            lines: Some(lines),
            directory,
            guests,
        }
    }

    /// Kills the host, and looks for survivors.
    fn kill(mut self) {
        let markers = (0..self.guests).map(|n| self.directory.path().join(format!("{n}/marker")));
        let markers: Vec<PathBuf> = markers.collect();
        let markers: Vec<&Path> = markers.iter().map(PathBuf::as_path).collect();
        assert!(markers.iter().all(|marker| is_held(marker)), "all live");
        self.process.kill().expect("the host runs");
        self.process.wait().expect("the host can be awaited");
        let survivors = held_after(&markers, SURVIVAL);
        assert!(survivors.is_empty(), "they survive: {survivors:?}");
    }
}

/// Two hundred guests, in hosts that are killed two at a time.
fn nobody_survives(tier: Tier) {
    let compiled = TempDir::new().expect("a temporary directory can be made");
    let component = precompile(CONFINEMENT_OBEYS, compiled.path());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..10 {
                    LoneHost::new(&component, tier, "hold", 10).kill();
                }
            });
        }
    });
}

#[test]
fn nobody_survives_a_killed_host_in_namespaces() {
    nobody_survives(Tier::Namespace);
}

#[test]
fn nobody_survives_a_killed_host_behind_landlock() {
    nobody_survives(Tier::Landlock);
}

/// A child that stops every process that it sees can stop one that is not its program yet, and for
/// that the warden waits.
fn nobody_holds_the_warden_up(tier: Tier) {
    let compiled = TempDir::new().expect("a temporary directory can be made");
    let component = precompile(CONFINEMENT_OBEYS, compiled.path());
    for _ in 0..3 {
        let mut host = LoneHost::new(&component, tier, "busy", 4);
        let lines = host.lines.take().expect("nobody reads yet");
        let (sender, started) = mpsc::channel();
        let reader = std::thread::spawn(move || {
            for _ in lines.lines() {
                if sender.send(()).is_err() {
                    break;
                }
            }
        });
        let mut count = 0;
        while count < ENOUGH && started.recv_timeout(SILENCE).is_ok() {
            count += 1;
        }
        host.kill();
        drop(started);
        reader.join().expect("it ends with the host");
    }
}

#[test]
fn nobody_holds_the_warden_up_in_namespaces() {
    nobody_holds_the_warden_up(Tier::Namespace);
}

#[test]
fn nobody_holds_the_warden_up_behind_landlock() {
    nobody_holds_the_warden_up(Tier::Landlock);
}
