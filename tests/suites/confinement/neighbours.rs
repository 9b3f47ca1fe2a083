//! Two guests side by side: the children of neither see, signal or open anything of the other's.

use std::fs;
use std::path::Path;

use offspring_tests::{Premises, Told, child};
use tempfile::TempDir;
use wasmtime_wasi::FsPerms;

use super::marker::is_held;
use super::stage::Tier;
use super::table::is_open;

/// A guest, and its directory.
struct Neighbour {
    guest: Told,
    directory: TempDir,
}

impl Neighbour {
    fn new(tier: Tier, grants: &str) -> Self {
        let directory = TempDir::new().expect("a temporary directory can be made");
        fs::write(directory.path().join("file"), "own").expect("a file can be written");
        fs::create_dir(directory.path().join("sub")).expect("a directory can be made");
        fs::write(directory.path().join("secret"), "own").expect("a file can be written");
        let mut policy = format!(
            "confinement = {:?}\nlimits = {{ background = \"keep\" }}\n[[program]]\nname = \"sh\"\npath = \"/bin/sh\"\n\
             args = [[\"-c\", \"{{any}}\"]]\n{grants}\n",
            tier.name(),
        );
        // A `/tmp` of the child's own would hide the probe, where that lies in the host's.
        if !grants.contains("tmp") {
            let probe = child!("probe");
            policy += &format!(
                "[[program]]\nname = \"probe\"\npath = {probe:?}\nargs = [[\"{{any}}...\"]]\n{grants}\n"
            );
        }
        let given = [(directory.path(), "/inside", FsPerms::ReadWrite)];
        let guest = Told::new(&policy, &given);
        Self {
            guest: guest.expect("these tests need user namespaces, Landlock and seccomp"),
            directory,
        }
    }

    fn shell(&mut self, line: &str) -> String {
        self.guest.run(&["sh", "-c", line]).succeeds()
    }

    /// Leaves a process behind, and returns the host's number of it.
    fn daemon(&mut self, tier: Tier) -> u32 {
        let outside = self.directory.path().join("marker");
        let marker = match tier {
            Tier::Namespace => Path::new("/inside/marker"),
            _ => outside.as_path(),
        };
        let marker = marker.display().to_string();
        let ran = self.guest.run(&["probe", "daemon", &marker, "600"]);
        assert_eq!(ran.succeeds(), "left\n");
        holder(&outside)
    }
}

/// Which process has a file open.
fn holder(file: &Path) -> u32 {
    use std::os::unix::fs::MetadataExt as _;
    let own = fs::metadata(file).expect("the file is there");
    let locks = fs::read_to_string("/proc/locks").expect("these tests need /proc");
    let inode = format!(":{}", own.ino());
    let mut lines = locks
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let line = lines.find(|fields| fields.get(5).is_some_and(|it| it.ends_with(&inode)));
    let line = line.unwrap_or_else(|| panic!("nobody has a lock on {inode}: {locks}"));
    line[4].parse().expect("a process has a number")
}

/// What nobody may do to a neighbour's process.
const TO_A_PROCESS: [&str; 15] = [
    "kill",
    "kill-group",
    "kill-thread",
    "kill-thread-of",
    "queue",
    "queue-to-thread",
    "kill-held",
    "take-descriptor",
    "enter-all-namespaces",
    "trace",
    "read-memory",
    "write-memory",
    "set-limit",
    "set-priority",
    "set-affinity",
];

/// What nobody may do in a neighbour's directory.
const TO_A_DIRECTORY: [&str; 12] = [
    "read",
    "write",
    "truncate",
    "chmod",
    "touch",
    "list",
    "create",
    "link",
    "rename",
    "delete-file",
    "delete-directory",
    "read-secret",
];

#[test]
fn nobody_signals_changes_or_opens_what_is_a_neighbours() {
    for (tier, grants) in [(Tier::Namespace, "proc = true"), (Tier::Landlock, "")] {
        let premises = Premises::enter();
        let mut one = Neighbour::new(tier, grants);
        let mut other = Neighbour::new(tier, grants);
        let process = one.daemon(tier).to_string();
        other.daemon(tier);
        let processes = TO_A_PROCESS.map(|act| format!("processes.sibling-{act}"));
        let files = TO_A_DIRECTORY.map(|act| format!("files.{act}"));
        let only = [processes.as_slice(), files.as_slice()].concat();
        let outside = one.directory.path().display().to_string();
        let ran = other.guest.run(&[
            "probe",
            "--sibling-pid",
            &process,
            "--outside",
            &outside,
            "--inside",
            "/inside",
            "--only",
            &only.join(","),
        ]);
        let output = ran.succeeds();
        assert_eq!(output.lines().count(), only.len(), "{output}");
        for line in output.lines() {
            let (_, outcome) = line.split_once(": ").expect("a line has an outcome");
            assert!(!is_open(outcome), "{}: {line}", tier.name());
        }
        assert!(is_held(&one.directory.path().join("marker")), "it lives");
        one.guest.dismiss();
        other.guest.dismiss();
        premises.leave();
    }
}

#[test]
fn nobody_sees_a_neighbours_processes() {
    let premises = Premises::enter();
    let mut one = Neighbour::new(Tier::Namespace, "proc = true");
    let mut other = Neighbour::new(Tier::Namespace, "proc = true");
    one.daemon(Tier::Namespace);
    // The first is the warden and the last the shell.
    let look = "for p in /proc/[0-9]*; do read name < $p/comm; echo $name; done";
    let [one_sees, other_sees] = [one.shell(look), other.shell(look)];
    let sees = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let [one_sees, other_sees] = [sees(&one_sees), sees(&other_sees)];
    assert_eq!((one_sees.len(), other_sees.len()), (3, 2));
    assert_eq!([&one_sees[0], &other_sees[0]], ["offspring-wardn"; 2]);
    assert_eq!(one_sees[2], other_sees[1]);
    one.guest.dismiss();
    other.guest.dismiss();
    premises.leave();
}

#[test]
fn no_namespace_is_shared() {
    const KINDS: [&str; 7] = ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"];
    let premises = Premises::enter();
    let mut one = Neighbour::new(Tier::Namespace, "proc = true");
    let mut other = Neighbour::new(Tier::Namespace, "proc = true");
    for kind in KINDS {
        let line = format!("readlink /proc/self/ns/{kind}");
        let host = fs::read_link(format!("/proc/self/ns/{kind}")).expect("the host has one");
        let host = format!("{}\n", host.display());
        let (a, b) = (one.shell(&line), other.shell(&line));
        assert!(a.starts_with(&format!("{kind}:[")), "{a}");
        assert!(a != b && a != host && b != host, "{a} {b} {host}");
    }
    one.guest.dismiss();
    other.guest.dismiss();
    premises.leave();
}

#[test]
fn temporary_files_and_shared_memory_are_not_shared() {
    let premises = Premises::enter();
    let mut one = Neighbour::new(Tier::Namespace, "tmp = \"1MiB\"");
    let mut other = Neighbour::new(Tier::Namespace, "tmp = \"1MiB\"");
    one.shell("echo one > /tmp/file; echo one > /dev/shm/memory");
    assert_eq!(one.shell("cat /tmp/memory; ls /tmp"), "one\nfile\nmemory\n");
    assert_eq!(other.shell("ls /tmp /dev/shm/"), "/dev/shm/:\n\n/tmp:\n");
    other.shell("echo other > /tmp/file");
    assert_eq!(one.shell("cat /tmp/file"), "one\n");
    one.guest.dismiss();
    other.guest.dismiss();
    premises.leave();
}
