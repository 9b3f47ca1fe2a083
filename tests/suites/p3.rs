//! The cases, run by guests that speak `offspring:process@0.3.0`.

mod cases;
#[macro_use]
#[path = "../programs/src/cases/table.rs"]
mod table;

use cases::Case;
use offspring_tests::artifacts::P3_CASES;

macro_rules! test_cases {
    ($($subject:ident { $($case:ident,)* })*) => {
        $(mod $subject {
            use super::*;

            $(#[test]
            fn $case() {
                cases::$case(Case::new(P3_CASES, stringify!($case)));
            })*
        })*
    };
}

for_each_case!(test_cases);
