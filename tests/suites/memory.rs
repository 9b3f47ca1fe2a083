//! No guest leaves memory behind in its host, however it ends and whatever it was doing.
//!
//! The same is done again and again, so that what is made once and kept is there before it is
//! measured. One test has the process to itself.

#[expect(dead_code, unused_imports, reason = "the other suites run all of them")]
mod cases;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use cases::Case;
use offspring_policy::Confinement;
use offspring_tests::artifacts::{P2_CASES, P3_CASES};
use offspring_tests::show_nothing;

/// A case by its name.
type Named = (&'static str, fn(Case));

macro_rules! cases {
    ($($case:ident)*) => { &[$((stringify!($case), cases::$case)),*] };
}

/// Every way to end, to wait and to be refused, and every stream.
const CASES: &[Named] = cases! {
    cancels_a_communicate
    cancels_a_write_that_waits
    communicates_with_both_outputs
    ends_a_child_that_writes_too_much
    exits_while_children_run
    gives_no_turn_to_a_spawn_that_was_cancelled
    leaves_the_rest_of_the_input_to_the_guest
    refuses_a_stream_that_was_taken
    spawns_in_a_join_and_cancels_a_spawn
    talks_and_spawns_beside_others
    tells_that_the_host_shuts_down
    traps_while_children_run
    waits_in_every_way
    writes_to_the_guests_streams_in_order
};

/// How often a case is run before it is measured, and then.
const RUNS: (usize, usize) = (2, 3);

#[test]
fn guests_leave_no_memory_behind() {
    show_nothing();
    assert_ne!(LIVE.load(Relaxed), 0, "it is counted");
    for component in [P2_CASES, P3_CASES] {
        for tier in Confinement::ALL {
            for (name, run) in CASES {
                let run = |times| (0..times).for_each(|_| run(Case::new(component, name, tier)));
                run(RUNS.0);
                let before = LIVE.load(Relaxed);
                run(RUNS.1);
                let more = more_than(before);
                assert_eq!(more, 0, "bytes, by {name} in {tier} of {component}");
            }
        }
    }
}

/// How much more is allocated than was then, once nothing more goes away: wardens are reaped by
/// threads of their own, which may still be about to end.
fn more_than(before: usize) -> usize {
    let begun = Instant::now();
    loop {
        let more = LIVE.load(Relaxed).saturating_sub(before);
        if more == 0 || begun.elapsed() > PATIENCE {
            return more;
        }
        thread::park_timeout(Duration::from_millis(1));
    }
}

/// How long a thread may take to end that has nothing left to do.
const PATIENCE: Duration = Duration::from_secs(10);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes that are allocated.
static LIVE: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted.
struct Counting;

#[expect(unsafe_code, reason = "an allocator is unsafe to implement")]
// SAFETY: all of it is done by the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Relaxed);
        // SAFETY: the caller keeps the promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps the promises.
        unsafe { System.dealloc(memory, layout) }
    }
}
