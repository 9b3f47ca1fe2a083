//! What each process of a child may use (setrlimit(2)).

use crate::sys::abi::{self, RLimit};
use crate::sys::process;
use crate::wire::Limits;
use std::ffi::c_int;
use std::io;

/// The limits to set, none of which is above one that we have ourselves.
pub fn to_set(limits: &Limits) -> io::Result<Vec<(c_int, RLimit)>> {
    let mut to_set = Vec::new();
    for (resource, soft, beyond) in asked(limits) {
        let Some(soft) = soft else {
            continue;
        };
        let most = process::limit(resource)?.hard;
        let limit = RLimit {
            soft: soft.min(most),
            hard: soft.saturating_add(beyond).min(most),
        };
        to_set.push((resource, limit));
    }
    Ok(to_set)
}

/// Each resource, how much of it, and how far the hard limit is beyond that.
fn asked(limits: &Limits) -> [(c_int, Option<u64>, u64); 4] {
    [
        // A signal comes first that can be handled, and a second later the one that cannot.
        (abi::RLIMIT_CPU, limits.cpu, 1),
        (abi::RLIMIT_AS, limits.memory, 0),
        (abi::RLIMIT_FSIZE, limits.file_size, 0),
        (abi::RLIMIT_NOFILE, limits.open_files, 0),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_limited_is_not_set() {
        assert_eq!(to_set(&Limits::default()).unwrap(), []);
    }

    #[test]
    fn the_processor_is_taken_away_a_second_after_the_warning() {
        let limits = Limits {
            cpu: Some(3),
            file_size: Some(0),
            ..Limits::default()
        };
        let limit = |soft, hard| RLimit { soft, hard };
        assert_eq!(
            to_set(&limits).unwrap(),
            [
                (abi::RLIMIT_CPU, limit(3, 4)),
                (abi::RLIMIT_FSIZE, limit(0, 0)),
            ]
        );
    }

    #[test]
    fn nothing_is_raised() {
        let limits = Limits {
            open_files: Some(u64::MAX),
            ..Limits::default()
        };
        let most = process::limit(abi::RLIMIT_NOFILE).unwrap().hard;
        let limit = RLimit {
            soft: most,
            hard: most,
        };
        assert_eq!(to_set(&limits).unwrap(), [(abi::RLIMIT_NOFILE, limit)]);
    }
}
