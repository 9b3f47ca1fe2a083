//! Guests that call `offspring:process@0.2.0` without the library for guests, in
//! each tier of confinement.

use offspring_policy::Confinement;
use offspring_tests::artifacts::*;
use offspring_tests::{Guest, assert_test_exists, child, for_each_wit2};

for_each_wit2!(assert_test_exists);

fn guest(component: &str, tier: Confinement) -> Guest {
    Guest::new(component)
        .confined(tier)
        .allow("echo-lines", child!("echo-lines"))
        .allow("interleave", child!("interleave"))
        .allow("sink", child!("sink"))
        .allow("take-n", child!("take-n"))
}

fn in_each_tier(component: &str, give: impl Fn(Guest) -> Guest) {
    for tier in Confinement::ALL {
        give(guest(component, tier)).run().passes();
    }
}

#[test]
fn wit2_drops_in_every_order() {
    in_each_tier(WIT2_DROPS_IN_EVERY_ORDER, |guest| guest);
}

#[test]
fn wit2_takes_everything_once() {
    in_each_tier(WIT2_TAKES_EVERYTHING_ONCE, |guest| guest);
}

#[test]
fn wit2_gives_an_open_file_to_a_child() {
    in_each_tier(WIT2_GIVES_AN_OPEN_FILE_TO_A_CHILD, |guest| {
        guest
            .directory("data", wasmtime_wasi::FsPerms::ReadWrite)
            .file("file", b"some text")
    });
}

#[test]
fn wit2_is_called_again() {
    in_each_tier(WIT2_IS_CALLED_AGAIN, Guest::again);
}
