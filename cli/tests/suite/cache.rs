//! The cache of compiled components.

use crate::components::p2;
use crate::offspring::Offspring;
use std::fs;
use std::path::Path;

fn files(directory: &Path) -> usize {
    let Ok(entries) = fs::read_dir(directory) else {
        return 0;
    };
    let count = |path: &Path| if path.is_dir() { files(path) } else { 1 };
    entries.map(|entry| count(&entry.unwrap().path())).sum()
}

#[test]
fn a_compiled_component_is_kept_in_the_users_cache() {
    let offspring = Offspring::new().wat("a.wasm", &p2("i32.const 0"));
    offspring.run(&["run", "a.wasm"]).ends(0, &[]);
    assert!(files(&offspring.path("cache/offspring")) > 0);
}

#[test]
fn the_cache_can_be_elsewhere_or_nowhere() {
    let offspring = Offspring::new().wat("a.wasm", &p2("i32.const 0"));
    offspring.run(&["run", "--no-cache", "a.wasm"]).ends(0, &[]);
    offspring
        .run(&["run", "--cache-dir", "mine", "a.wasm"])
        .ends(0, &[]);
    assert_eq!(files(&offspring.path("cache")), 0);
    assert!(files(&offspring.path("mine")) > 0);
}

#[test]
fn a_cache_that_cannot_be_written_keeps_no_guest_from_running() {
    let offspring = Offspring::new()
        .wat("a.wasm", &p2("i32.const 0"))
        .file("file", "");
    for unusable in ["file/cache", "/proc/cache", "file"] {
        let done = offspring.run(&["run", "--cache-dir", unusable, "a.wasm"]);
        done.ends(0, &[]);
        assert_eq!(done.stderr, "", "{unusable}");
    }
}
