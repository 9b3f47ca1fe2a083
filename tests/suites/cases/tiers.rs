//! What differs between the tiers of confinement.

use std::panic::{AssertUnwindSafe, catch_unwind};

use offspring_policy::Confinement;

use super::Case;

/// Cases that do not hold in a tier, and why. Everything else holds in all of them.
const EXCEPTIONS: &[(Confinement, &[&str], &str)] = &[
    (
        Confinement::None,
        &[
            "starts_a_session_with_a_mask",
            "sends_real_time_signals",
            "talks_through_extra_pipes",
            "gives_each_extra_pipe_out_once",
            "communicates_beside_an_extra_pipe",
            "ends_extra_pipes_with_a_dropped_child",
            "ends_a_child_that_writes_too_much_to_an_extra_pipe",
        ],
        "the direct launcher answers that it is unsupported",
    ),
    (
        Confinement::Landlock,
        &[
            "gives_three_descriptors_and_a_group",
            "starts_a_session_with_a_mask",
        ],
        "the native program needs a /proc, which this tier cannot give",
    ),
    (Confinement::Namespace, UNCONFINED, "a warden can do it"),
    (Confinement::Landlock, UNCONFINED, "a warden can do it"),
];

/// What only a launcher without a warden refuses.
const UNCONFINED: &[&str] = &[
    "refuses_what_the_launcher_cannot_do",
    "cannot_send_real_time_signals",
];

/// Try a case in its tier. One that is an exception there must not hold, so that the list above says
/// no more than what is so.
pub fn try_in_tier(case: Case, run: impl FnOnce(Case)) {
    let mut exceptions = EXCEPTIONS.iter();
    let exception =
        exceptions.find(|(tier, names, _)| *tier == case.tier() && names.contains(&case.name()));
    match exception {
        None => run(case),
        Some((tier, _, reason)) => {
            let held = catch_unwind(AssertUnwindSafe(|| run(case))).is_ok();
            assert!(
                !held,
                "this holds in {tier} after all, where \u{201c}{reason}\u{201d}"
            );
        }
    }
}
