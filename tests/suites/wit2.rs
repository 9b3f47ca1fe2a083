//! Guests that call `offspring:process@0.2.0` without the library for guests.

use offspring_tests::artifacts::*;
use offspring_tests::{Guest, assert_test_exists, child, for_each_wit2};

for_each_wit2!(assert_test_exists);

fn guest(component: &str) -> Guest {
    Guest::new(component)
        .allow("echo-lines", child!("echo-lines"))
        .allow("interleave", child!("interleave"))
        .allow("sink", child!("sink"))
        .allow("take-n", child!("take-n"))
}

#[test]
fn wit2_drops_in_every_order() {
    guest(WIT2_DROPS_IN_EVERY_ORDER).run().passes();
}

#[test]
fn wit2_takes_everything_once() {
    guest(WIT2_TAKES_EVERYTHING_ONCE).run().passes();
}

#[test]
fn wit2_gives_an_open_file_to_a_child() {
    guest(WIT2_GIVES_AN_OPEN_FILE_TO_A_CHILD)
        .directory("data", wasmtime_wasi::FsPerms::ReadWrite)
        .file("file", b"some text")
        .run()
        .passes();
}
