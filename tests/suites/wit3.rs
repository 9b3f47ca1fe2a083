//! Guests that call `offspring:process@0.3.0` without the library for guests, in
//! each tier of confinement.

use offspring_policy::Confinement;
use offspring_tests::artifacts::*;
use offspring_tests::{Guest, assert_test_exists, child, for_each_wit3};

for_each_wit3!(assert_test_exists);

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
fn wit3_drops_in_every_order() {
    in_each_tier(WIT3_DROPS_IN_EVERY_ORDER, |guest| guest);
}

#[test]
fn wit3_takes_everything_once() {
    in_each_tier(WIT3_TAKES_EVERYTHING_ONCE, |guest| guest);
}

#[test]
fn wit3_is_called_again() {
    in_each_tier(WIT3_IS_CALLED_AGAIN, Guest::again);
}
