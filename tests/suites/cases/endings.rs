//! Guests that end, or are ended, while their children run. What they leave is
//! what the premises look at after each of them.

use offspring_tests::{Ending, Stop};

use super::Case;

/// So little time for those that do not go that nobody waits for them long.
pub(super) fn briefly(case: Case) -> Case {
    case.rule(
        "ignore-term",
        "limits = { teardown = [\"TERM\", \"100ms\"] }",
    )
}

pub fn returns_while_children_run(case: Case) {
    briefly(case).guest().stdin("input").run().passes();
}

pub fn exits_while_children_run(case: Case) {
    let guest = briefly(case).guest().stdin("input");
    guest.run().ends(&Ending::Exited(0));
}

pub fn waits_in_every_way(case: Case) {
    let case = case.policy("[limits]\nchildren = 4\nqueue = \"1h\"");
    let guest = briefly(case).guest().stop("waiting", Stop::Drop);
    guest.run().ends(&Ending::Dropped);
}

pub fn runs_out_of_fuel_while_children_run(case: Case) {
    let outcome = briefly(case).guest().stdin("input").fuel(FUEL).run();
    let said = String::from_utf8_lossy(&outcome.stderr);
    assert!(said.contains("computing"), "it had too little fuel");
    let out = match &outcome.ending {
        Ending::Trapped(reason) => reason.contains("fuel"),
        _ => false,
    };
    assert!(out, "{:?}", outcome.ending);
}

/// Enough for a guest to start some children, and used up within a second.
const FUEL: u64 = 1_000_000_000;

pub fn traps_while_children_run(case: Case) {
    let outcome = briefly(case).guest().stdin("input").run();
    let said = String::from_utf8_lossy(&outcome.stderr);
    assert!(
        matches!(outcome.ending, Ending::Trapped(_)),
        "{:?}",
        outcome.ending
    );
    assert!(said.contains("on purpose"));
}

pub fn waits_while_children_run(case: Case) {
    let guest = briefly(case)
        .guest()
        .stdin("input")
        .stop("waiting", Stop::Drop);
    guest.run().ends(&Ending::Dropped);
}

pub fn computes_while_children_run(case: Case) {
    let outcome = briefly(case)
        .guest()
        .stdin("input")
        .stop("computing", Stop::Interrupt)
        .run();
    let interrupted = match &outcome.ending {
        Ending::Trapped(reason) => reason.contains("interrupt"),
        _ => false,
    };
    assert!(interrupted, "{:?}", outcome.ending);
}

pub fn spawns_two_hundred_without_a_wait(case: Case) {
    case.policy("[limits]\nchildren = 200")
        .guest()
        .run()
        .passes();
}
