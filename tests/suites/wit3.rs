//! Guests that call `offspring:process@0.3.0` without the library for guests.

use offspring_tests::artifacts::*;
use offspring_tests::{Guest, assert_test_exists, child, for_each_wit3};

for_each_wit3!(assert_test_exists);

fn guest(component: &str) -> Guest {
    Guest::new(component)
        .allow("echo-lines", child!("echo-lines"))
        .allow("interleave", child!("interleave"))
        .allow("sink", child!("sink"))
        .allow("take-n", child!("take-n"))
}

#[test]
fn wit3_drops_in_every_order() {
    guest(WIT3_DROPS_IN_EVERY_ORDER).run().passes();
}

#[test]
fn wit3_takes_everything_once() {
    guest(WIT3_TAKES_EVERYTHING_ONCE).run().passes();
}
