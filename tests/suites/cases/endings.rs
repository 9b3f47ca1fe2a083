//! Guests that end, or are ended, while their children run. What they leave is
//! what the premises look at after each of them.

use offspring_tests::{Ending, Stop};

use super::Case;

pub fn returns_while_children_run(case: Case) {
    case.guest().stdin("input").run().passes();
}

pub fn traps_while_children_run(case: Case) {
    let outcome = case.guest().stdin("input").run();
    let said = String::from_utf8_lossy(&outcome.stderr);
    assert!(
        matches!(outcome.ending, Ending::Trapped(_)),
        "{:?}",
        outcome.ending
    );
    assert!(said.contains("on purpose"));
}

pub fn waits_while_children_run(case: Case) {
    let guest = case.guest().stdin("input").stop("waiting", Stop::Drop);
    guest.run().ends(&Ending::Dropped);
}

pub fn computes_while_children_run(case: Case) {
    let outcome = case
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
