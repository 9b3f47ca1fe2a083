//! Guests of both generations on several threads and runtimes at once, in each
//! tier of confinement.

use std::thread;

use offspring_policy::Confinement;
use offspring_tests::artifacts::{P2_CASES, P3_CASES};
use offspring_tests::{Ending, Guest, Premises, child};
use tokio::runtime::Builder;
use tokio::task::JoinSet;

/// A guest that talks with many children.
fn guest(component: &str, tier: Confinement) -> Guest {
    Guest::new(component)
        .confined(tier)
        .args(&["talks_and_spawns_beside_others"])
        .allow("echo-lines", child!("echo-lines"))
        .allow("exit-with", child!("exit-with"))
}

/// All pairs of a component and a tier.
fn guests() -> impl Iterator<Item = (&'static str, Confinement)> {
    let components = [P2_CASES, P3_CASES].into_iter();
    components.flat_map(|component| Confinement::ALL.map(|tier| (component, tier)))
}

#[test]
fn each_thread_has_a_runtime_of_its_own() {
    let premises = Premises::enter();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let runtime = Builder::new_current_thread().enable_all().build();
                let runtime = runtime.expect("a runtime can be made");
                for (component, tier) in guests() {
                    let outcome = runtime.block_on(guest(component, tier).run_here());
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
        let mut running = JoinSet::new();
        for (component, tier) in guests().chain(guests()) {
            running.spawn(guest(component, tier).run_here());
        }
        while let Some(outcome) = running.join_next().await {
            assert_eq!(outcome.expect("it runs to its end").ending, Ending::Passed);
        }
    });
    drop(runtime);
    premises.leave();
}
