//! Guests that speak `offspring:process@0.3.0`.

use offspring_tests::artifacts::*;
use offspring_tests::{Guest, assert_test_exists, for_each_p3};

for_each_p3!(assert_test_exists);

#[test]
fn p3_refuses_an_unknown_program() {
    Guest::new(P3_REFUSES_AN_UNKNOWN_PROGRAM).run().passes();
}
