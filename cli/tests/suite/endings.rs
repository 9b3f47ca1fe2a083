//! How a guest ends, and the exit code of the command.

use crate::components::{both, p2};
use crate::offspring::Offspring;

/// A guest that computes without end and calls nothing.
pub const ENDLESS: &str = "(loop (br 0)) unreachable";

#[test]
fn success_is_0_and_failure_is_1() {
    let offspring = Offspring::new()
        .wat("ok.wasm", &p2("i32.const 0"))
        .wat("err.wasm", &p2("i32.const 1"));
    assert_eq!(offspring.run(&["run", "ok.wasm"]).code, Some(0));
    let done = offspring.run(&["run", "err.wasm"]);
    assert_eq!((done.code, done.stderr.as_str()), (Some(1), ""));
}

#[test]
fn the_run_of_0_3_comes_before_that_of_0_2() {
    let done = Offspring::new()
        .wat("a.wasm", &both())
        .run(&["run", "a.wasm"]);
    done.ends(0, &[]);
}

#[test]
fn a_trap_is_134_with_its_backtrace() {
    let offspring = Offspring::new().wat("a.wasm", &p2("unreachable"));
    let expected = ["the guest trapped", "wasm backtrace", "unreachable"];
    offspring.run(&["run", "a.wasm"]).ends(134, &expected);
}

#[test]
fn a_guest_that_never_waits_is_ended_when_its_time_is_over() {
    let offspring = Offspring::new().wat("a.wasm", &p2(ENDLESS));
    for limit in [["--timeout", "50ms"], ["-W", "timeout=50ms"]] {
        let done = offspring.run(&["run", limit[0], limit[1], "a.wasm"]);
        done.ends(124, &["the guest did not end in 50ms"]);
    }
}

#[test]
fn a_guest_that_uses_up_its_fuel_is_ended() {
    let offspring = Offspring::new().wat("a.wasm", &p2(ENDLESS));
    for limit in [["--fuel", "10000"], ["-W", "fuel=10000"]] {
        let done = offspring.run(&["run", limit[0], limit[1], "a.wasm"]);
        done.ends(124, &["used up its fuel"]);
    }
}

#[test]
fn what_follows_the_component_is_the_guests() {
    let offspring = Offspring::new().wat("a.wasm", &p2("i32.const 0"));
    offspring
        .run(&["run", "a.wasm", "--timeout", "soon", "--help"])
        .ends(0, &[]);
}
