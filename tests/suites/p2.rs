//! Guests that speak `offspring:process@0.2.0`.

use offspring_tests::artifacts::*;
use offspring_tests::{Guest, assert_test_exists, child, for_each_p2};

for_each_p2!(assert_test_exists);

#[test]
fn p2_refuses_an_unknown_program() {
    Guest::new(P2_REFUSES_AN_UNKNOWN_PROGRAM).run().passes();
}

#[test]
fn p2_waits_for_an_exit() {
    Guest::new(P2_WAITS_FOR_AN_EXIT)
        .allow("exit-with", child!("exit-with"))
        .run()
        .passes();
}
