//! The preopen for reading only, and a file of it as standard input.

use super::acts::{ACTS, Place, after};
use super::attempt::{Attempt, apart};
use super::descriptors;

/// What is tried.
pub(crate) fn attempts() -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = ACTS
        .iter()
        .map(|(name, act)| apart(*name, |given| Some(act(&Place(given.readonly.clone()?)))))
        .collect();
    attempts.extend(descriptors::ACTS.iter().map(|(name, act)| {
        apart(format!("opened-{name}"), |given| {
            let file = descriptors::reading(&given.readonly.as_ref()?.join("file"));
            Some(after(file, |file| act(&file)))
        })
    }));
    attempts.extend(descriptors::ACTS.iter().map(|(name, act)| {
        apart(format!("input-{name}"), |_| {
            Some(act(&descriptors::standard(0)?))
        })
    }));
    attempts
}
