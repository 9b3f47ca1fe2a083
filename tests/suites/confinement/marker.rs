//! Marker files: whoever lives holds the lock on one.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

fn open(path: &Path) -> File {
    let file = OpenOptions::new().append(true).open(path);
    file.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whether somebody holds it.
pub fn is_held(path: &Path) -> bool {
    open(path).try_lock().is_err()
}

/// Those that are still held when the time is over.
pub fn held_after<'a>(paths: &[&'a Path], time: Duration) -> Vec<&'a Path> {
    let begun = Instant::now();
    let mut held = paths.to_vec();
    // The system has no event for "nobody holds it".
    loop {
        held.retain(|path| is_held(path));
        if held.is_empty() || begun.elapsed() > time {
            return held;
        }
        thread::park_timeout(Duration::from_millis(1));
    }
}
