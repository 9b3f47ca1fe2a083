//! The preopen for reading and writing: what a child may do there, and what it
//! may not even there.

use std::fs;
use std::path::PathBuf;

use super::acts::{ACTS, Place, after, undone};
use super::attempt::{Attempt, apart};
use super::descriptors;
use super::given::{Given, c};
use super::outcome::Outcome;
use super::sys::call;

/// What is tried.
pub(crate) fn attempts() -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = ACTS
        .iter()
        .map(|(name, act)| {
            apart(*name, |given| {
                let place = Place(given.inside("place")?);
                Some(furnished(&place.0, || act(&place)))
            })
        })
        .collect();
    attempts.extend(descriptors::ACTS.iter().map(|(name, act)| {
        apart(format!("opened-{name}"), |given| {
            let place = given.inside("place")?;
            Some(furnished(&place, || {
                let file = descriptors::reading(&place.join("file"));
                after(file, |file| act(&file))
            }))
        })
    }));
    attempts.extend([
        // The null device, the first loop device, and what overlays take for a deletion.
        apart("node-character", |given| {
            node(given, libc::S_IFCHR, 1 << 8 | 3)
        }),
        apart("node-block", |given| node(given, libc::S_IFBLK, 7 << 8)),
        apart("node-whiteout", |given| node(given, libc::S_IFCHR, 0)),
        apart("node-file", |given| node(given, libc::S_IFREG, 0)),
        apart("node-socket", |given| node(given, libc::S_IFSOCK, 0)),
        apart("become-set-uid", |given| own_mode(given, 0o4755)),
        apart("become-set-gid", |given| own_mode(given, 0o2755)),
        apart("give-away", |given| {
            let file = given.inside("made-by-probe")?;
            let given_away = fs::write(&file, "")
                .and_then(|()| std::os::unix::fs::chown(&file, Some(12345), None));
            let _ = fs::remove_file(&file);
            Some(given_away.into())
        }),
    ]);
    attempts
}

/// Acts on a directory that holds what a place holds, and takes it away.
fn furnished(place: &PathBuf, act: impl FnOnce() -> Outcome) -> Outcome {
    let sub = place.join("sub");
    let made = fs::create_dir_all(&sub).and_then(|()| fs::write(place.join("file"), "file\n"));
    let outcome = after(made, |()| act());
    undone_tree(place, outcome)
}

fn undone_tree(place: &PathBuf, outcome: Outcome) -> Outcome {
    match fs::remove_dir_all(place) {
        Ok(()) => outcome,
        Err(error) => Outcome::value(format!("{outcome}, and stayed: {}", error.kind())),
    }
}

fn node(given: &Given, kind: u32, device: u32) -> Option<Outcome> {
    let name = given.inside("made-by-probe")?;
    let here = libc::AT_FDCWD;
    let made = call!(libc::SYS_mknodat, here, &c(&name), kind | 0o600, device);
    Some(undone(made, || fs::remove_file(&name)))
}

fn own_mode(given: &Given, mode: u32) -> Option<Outcome> {
    let name = given.inside("made-by-probe")?;
    let here = libc::AT_FDCWD;
    let changed =
        fs::write(&name, "").and_then(|()| Ok(call!(libc::SYS_fchmodat, here, &c(&name), mode)?));
    let _ = fs::remove_file(&name);
    Some(changed.into())
}
