//! Worlds that a guest has tampered with before they are built.

use super::attempt;
use crate::launch::{Directories, Directory};
use crate::sandbox::{SandboxFault, SandboxStep};
use offspring_policy::{Confinement, Network, Profile};
use std::fs;
use std::os::unix::fs::symlink;
use tempfile::TempDir;

fn profile() -> Profile {
    Profile {
        confinement: Confinement::Namespace,
        network: Network::None,
        tmp: None,
        proc: false,
        processes: None,
        runtime: Vec::new(),
        execute: Vec::new(),
    }
}

/// While a world is built the host's tree is still beneath its root, under this name.
const HOST: &str = ".offspring-host";

#[test]
fn a_link_in_the_place_of_a_directory_makes_nothing_outside() {
    let host = TempDir::new().expect("a directory can be made");
    let (work, inner, victim) = (
        host.path().join("work"),
        host.path().join("inner"),
        host.path().join("victim"),
    );
    fs::create_dir_all(work.join("a/b")).expect("a directory can be made");
    fs::create_dir(&inner).expect("a directory can be made");
    fs::create_dir(&victim).expect("a directory can be made");
    let open = |path, name| Directory::open(path, name, true).expect("it is there");
    let directories = Directories::new(vec![open(&work, "/work"), open(&inner, "/work/a/b")]);
    attempt(&profile(), &directories).expect("a directory can be shown in another");

    fs::rename(work.join("a"), work.join("z")).expect("the guest may rename");
    let there = victim.strip_prefix("/").expect("it is absolute");
    for target in [
        format!("../{HOST}/{}", there.display()),
        format!("/{HOST}/{}", there.display()),
        victim.display().to_string(),
    ] {
        symlink(&target, work.join("a")).expect("a child may make links");
        let fault = attempt(&profile(), &directories).expect_err("it is no directory");
        assert!(
            matches!(&fault, SandboxFault::Step(fault) if fault.step == SandboxStep::Mounts),
            "{fault}"
        );
        fs::remove_file(work.join("a")).expect("it is there");
    }
    let fault = attempt(&profile(), &directories).expect_err("nothing is there to mount on");
    assert!(fault.to_string().contains("/work/a/b"), "{fault}");
    assert_eq!(fs::read_dir(&victim).expect("it is there").count(), 0);
    assert!(!work.join("a").exists(), "nor in the guest's directory");
}

#[test]
fn a_directory_that_was_swapped_for_another_is_not_shown() {
    let host = TempDir::new().expect("a directory can be made");
    let (work, other) = (host.path().join("work"), host.path().join("other"));
    fs::create_dir(&work).expect("a directory can be made");
    fs::create_dir(&other).expect("a directory can be made");
    let opened = Directory::open(&work, "/work", true).expect("it is there");
    let directories = Directories::new(vec![opened]);
    fs::remove_dir(&work).expect("it is empty");
    fs::rename(&other, &work).expect("it can be renamed");
    let fault = attempt(&profile(), &directories).expect_err("it is another directory");
    assert!(fault.to_string().contains("/work"), "{fault}");
}
