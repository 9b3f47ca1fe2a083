//! Guests that speak `offspring:process@0.3.0`.

use offspring_tests::artifacts::*;
use offspring_tests::{Guest, assert_test_exists, child, for_each_p3};

for_each_p3!(assert_test_exists);

#[test]
fn p3_refuses_an_unknown_program() {
    Guest::new(P3_REFUSES_AN_UNKNOWN_PROGRAM).run().passes();
}

#[test]
fn p3_waits_for_an_exit() {
    Guest::new(P3_WAITS_FOR_AN_EXIT)
        .allow("exit-with", child!("exit-with"))
        .run()
        .passes();
}
