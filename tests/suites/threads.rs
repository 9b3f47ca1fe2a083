//! Guests of both generations on several threads and runtimes at once.

use std::thread;

use offspring_tests::artifacts::{P2_CASES, P3_CASES};
use offspring_tests::{Ending, Guest, Premises, child};
use tokio::runtime::Builder;
use tokio::task::JoinSet;

/// A guest that talks with many children.
fn guest(component: &str) -> Guest {
    Guest::new(component)
        .args(&["talks_and_spawns_beside_others"])
        .allow("echo-lines", child!("echo-lines"))
        .allow("exit-with", child!("exit-with"))
}

#[test]
fn each_thread_has_a_runtime_of_its_own() {
    let premises = Premises::enter();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let runtime = Builder::new_current_thread().enable_all().build();
                let runtime = runtime.expect("a runtime can be made");
                for component in [P2_CASES, P3_CASES] {
                    let outcome = runtime.block_on(guest(component).run_here());
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
            guests.spawn(guest(component).run_here());
        }
        while let Some(outcome) = guests.join_next().await {
            assert_eq!(outcome.expect("it runs to its end").ending, Ending::Passed);
        }
    });
    drop(runtime);
    premises.leave();
}
