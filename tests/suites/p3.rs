//! The cases, run by guests that speak `offspring:process@0.3.0`.

mod cases;
#[macro_use]
#[path = "../programs/src/cases/table.rs"]
mod table;

use cases::Case;
use offspring_policy::Confinement;
use offspring_tests::artifacts::P3_CASES;

macro_rules! test_cases {
    ($($subject:ident { $($case:ident,)* })*) => {
        $(mod $subject {
            use super::*;

            $(mod $case {
                use super::*;

                #[test]
                fn namespace() {
                    let case = Case::new(P3_CASES, stringify!($case), Confinement::Namespace);
                    cases::try_in_tier(case, cases::$case);
                }

                #[test]
                fn landlock() {
                    let case = Case::new(P3_CASES, stringify!($case), Confinement::Landlock);
                    cases::try_in_tier(case, cases::$case);
                }

                #[test]
                fn none() {
                    let case = Case::new(P3_CASES, stringify!($case), Confinement::None);
                    cases::try_in_tier(case, cases::$case);
                }
            })*
        })*
    };
}

for_each_case!(test_cases);
