//! Cases of the bounds that an operator sets, and of how children are ended.

use offspring_host::HostLimits;
use offspring_policy::Rate;
use offspring_tests::Stop;
use rustix::process::geteuid;
use std::time::Duration;
use wasmtime_wasi::FsPerms;

use super::Case;

pub fn lets_a_dropped_child_end_itself(case: Case) {
    case.guest().run().passes();
}

pub fn lets_a_child_end_itself_at_its_deadline(case: Case) {
    case.guest().run().passes();
}

pub fn kills_a_child_that_does_not_go(case: Case) {
    super::endings::briefly(case).guest().run().passes();
}

/// In so many steps that the last one comes far too late for a child that goes.
fn in_steps(case: Case, steps: &'static str) -> Case {
    case.rule("last-words", steps)
}

pub fn takes_the_steps_in_their_order(case: Case) {
    let steps = "limits = { teardown = [\"HUP\", \"50ms\", \"INT\", \"50ms\", \"TERM\", \"1m\"] }";
    in_steps(case, steps).guest().run().passes();
}

pub fn kills_at_once_without_a_step(case: Case) {
    in_steps(case, "limits = { teardown = [] }")
        .guest()
        .run()
        .passes();
}

pub fn kills_in_the_middle_of_the_steps(case: Case) {
    let steps = "limits = { teardown = [\"HUP\", \"1m\", \"TERM\"] }";
    in_steps(case, steps).guest().run().passes();
}

pub fn leaves_nothing_of_a_tree(case: Case) {
    let late = "limits = { teardown = [\"TERM\", \"100ms\"], drain = \"1h\" }";
    case.rule("descendants", late).guest().run().passes();
}

pub fn keeps_what_a_child_leaves_until_the_drop(case: Case) {
    let case = case.policy("[limits]\nchildren = 1\ndrain = \"1h\"");
    case.guest().run().passes();
}

pub fn keeps_what_a_child_leaves_until_the_end(case: Case) {
    let keeping = "limits = { background = \"keep\", drain = \"1h\" }";
    let case = case.policy("[limits]\nchildren = 1");
    case.rule("leave-echo", keeping).guest().run().passes();
}

pub fn ends_a_silent_child_at_the_shorter_time(case: Case) {
    let late = case.rule("sink", "limits = { idle = \"1h\" }");
    let both = late.rule("sink-briefly", "limits = { idle = \"50ms\" }");
    both.guest().run().passes();
}

pub fn bounds_what_a_child_writes_to_each_stream(case: Case) {
    let case = case.rule(
        "flood-a-little",
        "limits = { output-per-stream = \"1000B\" }",
    );
    case.guest().run().passes();
}

pub fn bounds_the_processor_time(case: Case) {
    let case = case.rule("consume-a-little", "limits = { cpu = \"1s\" }");
    case.guest().run().passes();
}

pub fn bounds_the_size_of_a_file(case: Case) {
    let case = case.rule("relay-into-files", "limits = { file-size = \"1000B\" }");
    case.guest()
        .directory("data", FsPerms::ReadWrite)
        .run()
        .passes();
}

pub fn bounds_the_memory(case: Case) {
    let case = case.rule("consume-a-little", "limits = { memory = \"32MiB\" }");
    case.guest().run().passes();
}

pub fn bounds_the_open_files(case: Case) {
    let case = case.rule("consume-a-little", "limits = { open-files = 16 }");
    case.guest().run().passes();
}

pub fn bounds_the_processes(case: Case) {
    // The kernel bounds root's by their numbers alone, of which the first 300 do not count.
    let most = if geteuid().is_root() { 330 } else { 30 };
    let case = case.policy("[limits]\nprocesses = 30");
    case.given(&most.to_string()).guest().run().passes();
}

pub fn bounds_how_fast_children_are_started(case: Case) {
    let case = case.policy("[limits]\nspawn-rate = \"2/h\"");
    case.guest().run().passes();
}

pub fn lets_spawns_that_come_too_fast_wait(case: Case) {
    let case = case.policy("[limits]\nspawn-rate = \"2/300ms\"\nqueue = \"1m\"");
    case.guest().run().passes();
}

pub fn lets_spawns_wait_in_their_order(case: Case) {
    let case = case.policy("[limits]\nchildren = 1\nqueue = \"1m\"");
    case.guest().run().passes();
}

pub fn refuses_a_spawn_whose_turn_does_not_come(case: Case) {
    let case = case.policy("[limits]\nchildren = 1\nqueue = \"100ms\"");
    case.guest().run().passes();
}

pub fn gives_no_turn_to_a_spawn_that_was_cancelled(case: Case) {
    let case = case.policy("[limits]\nchildren = 1\nspawns = 5\nqueue = \"1m\"");
    case.guest().run().passes();
}

pub fn bounds_the_children_of_the_host(case: Case) {
    let two = |host: &mut HostLimits| host.children = 2;
    case.guest().supervised(two).run().passes();
}

pub fn waits_for_a_place_of_the_host(case: Case) {
    let two = |host: &mut HostLimits| host.children = 2;
    let case = case.policy("[limits]\nqueue = \"1m\"");
    case.guest().supervised(two).run().passes();
}

pub fn bounds_how_fast_the_host_starts_children(case: Case) {
    let slow = |host: &mut HostLimits| {
        let period = Duration::from_secs(3600);
        host.spawn_rate = Some(Rate { count: 2, period });
    };
    case.guest().supervised(slow).run().passes();
}

pub fn bounds_the_descriptors_of_the_host(case: Case) {
    // Three for pipes, and three for the warden, or one for an exit where there is no warden.
    let few = |host: &mut HostLimits| host.descriptors = 7;
    case.guest().supervised(few).run().passes();
}

pub fn tells_that_the_host_shuts_down(case: Case) {
    let case = super::endings::briefly(case);
    case.guest().stop("ready", Stop::Shutdown).run().passes();
}

pub fn gives_no_turn_when_the_host_shuts_down(case: Case) {
    let case = case.policy("[limits]\nchildren = 1\nqueue = \"1m\"");
    case.guest().stop("ready", Stop::Shutdown).run().passes();
}

pub fn tells_that_the_sandbox_was_lost(case: Case) {
    case.guest().stop("ready", Stop::Kill).run().passes();
}
