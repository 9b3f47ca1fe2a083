//! The cases, run by guests that speak `offspring:process@0.2.0`, in each tier.

mod cases;
#[macro_use]
#[path = "../programs/src/cases/table.rs"]
mod table;

use cases::Case;
use offspring_policy::Confinement;
use offspring_tests::artifacts::P2_CASES;

macro_rules! test_cases {
    ($($subject:ident { $($case:ident,)* })*) => {
        $(mod $subject {
            use super::*;

            $(#[test]
            fn $case() {
                cases::$case(Case::new(P2_CASES, stringify!($case), TIER));
            })*
        })*
    };
}

mod namespace {
    use super::*;

    const TIER: Confinement = Confinement::Namespace;

    for_each_case!(test_cases);
    for_each_confined_case!(test_cases);
    for_each_world_case!(test_cases);
}

mod landlock {
    use super::*;

    const TIER: Confinement = Confinement::Landlock;

    for_each_case!(test_cases);
    for_each_confined_case!(test_cases);
}

mod none {
    use super::*;

    const TIER: Confinement = Confinement::None;

    for_each_case!(test_cases);
    for_each_unconfined_case!(test_cases);
}
