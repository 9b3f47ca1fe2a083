//! Guests of both generations on several threads and runtimes at once.

#[path = "cases/given.rs"]
mod given;

use std::thread;

use given::Case;
use offspring_tests::artifacts::{P2_CASES, P3_CASES};
use offspring_tests::{Ending, Premises};
use tokio::runtime::Builder;
use tokio::task::JoinSet;

/// What each guest does.
const CASE: &str = "talks_and_spawns_beside_others";

#[test]
fn each_thread_has_a_runtime_of_its_own() {
    let premises = Premises::enter();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let runtime = Builder::new_current_thread().enable_all().build();
                let runtime = runtime.expect("a runtime can be made");
                for component in [P2_CASES, P3_CASES] {
                    let outcome = runtime.block_on(Case::new(component, CASE).guest().run_here());
                    outcome.passes();
                }
            });
        }
    });
    premises.leave();
}

#[test]
fn all_share_a_runtime() {
    let premises = Premises::enter();
    let runtime = Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime can be made");
    runtime.block_on(async {
        let mut guests = JoinSet::new();
        for component in [P2_CASES, P3_CASES].into_iter().cycle().take(8) {
            guests.spawn(Case::new(component, CASE).guest().run_here());
        }
        while let Some(outcome) = guests.join_next().await {
            assert_eq!(outcome.expect("it runs to its end").ending, Ending::Passed);
        }
    });
    drop(runtime);
    premises.leave();
}
