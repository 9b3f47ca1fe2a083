//! What each case of the guests is given, and what it is to leave.
//!
//! Both generations are given the same, so the suites `p2` and `p3` share this.

mod bounds;
mod endings;
mod given;
mod surroundings;
mod tiers;

pub use given::Case;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use nix::unistd::mkfifo;
use offspring_tests::child;
use wasmtime_wasi::FsPerms;

pub use bounds::*;
pub use endings::*;
pub use surroundings::*;
pub use tiers::*;

/// Cases that need nothing but the native programs.
macro_rules! plain {
    ($($case:ident)*) => {
        $(pub fn $case(case: Case) {
            case.guest().run().passes();
        })*
    };
}

plain! {
    breaks_a_pipe_as_an_error
    breaks_a_pipeline_whose_reader_is_gone
    cancels_a_communicate
    cancels_a_read_that_waits
    cancels_a_write_that_waits
    cancels_reads_and_loses_nothing
    cancels_a_wait
    closes_the_input_when_it_waits
    communicates_a_mebibyte_both_ways
    communicates_after_a_read
    communicates_beside_an_extra_pipe
    communicates_with_a_child_that_does_not_read
    communicates_with_both_outputs
    cuts_at_the_limit_and_says_so
    delivers_what_was_written_before_a_drop
    begins_anew_with_each_output
    ends_a_child_whose_output_is_dropped
    ends_all_that_waits_for_a_dropped_child
    ends_extra_pipes_with_a_dropped_child
    gives_each_extra_pipe_out_once
    gives_nothing_for_what_is_no_pipe
    gives_pipes_of_the_size_that_is_asked_for
    holds_a_flood_back
    joins_a_pipeline_of_three
    joins_standard_error
    leads_a_new_session
    lets_a_child_end_before_its_deadline
    masks_the_modes_of_new_files
    merges_errors_in_order
    passes_as_much_as_the_kernel_takes
    reads_lines_up_to_a_limit
    reads_the_end_after_a_read_that_was_dropped
    finds_a_broken_pipe_after_a_write_that_was_dropped
    reads_to_the_end
    refuses_a_key_that_names_no_variable
    refuses_a_shell_without_one
    refuses_a_stream_that_was_taken
    refuses_an_empty_program_name
    refuses_an_extra_pipe_out_of_range
    refuses_an_unknown_program
    refuses_another_argument_0
    refuses_names_that_are_not_text
    refuses_names_that_are_too_long
    refuses_signals_outside_the_policy
    refuses_streams_that_do_not_fit
    refuses_what_is_too_big
    refuses_what_only_a_confined_child_can_have
    reports_a_signal
    reports_every_exit_code
    says_that_a_child_has_exited
    sends_signals_by_name
    spawns_a_command_again
    spawns_in_a_join_and_cancels_a_spawn
    talks_and_spawns_beside_others
    talks_through_extra_pipes
    talks_with_several_children_at_once
    takes_a_child_without_a_pipe_for_no_silent_one
    takes_unread_output_for_no_silence
    tells_a_protocol
    tells_of_no_memory_but_a_childs
    tells_the_memory_that_a_child_had
    tells_the_time_that_a_child_took
    tells_what_extra_pipes_carried
    tells_what_the_pipes_carried
    tells_of_an_early_end_and_of_bytes_that_are_no_text
    tells_that_a_child_closed_its_input
    terminates_in_vain_and_then_kills
    waits_for_an_exit
    waits_many_times
}

pub fn refuses_a_path_for_a_program(case: Case) {
    case.given(child!("recorder")).guest().run().passes();
}

pub fn refuses_arguments_without_a_shape(case: Case) {
    let case = case.rule("exit-with", "args = [[\"{int}\"]]");
    case.guest().run().passes();
}

pub fn refuses_another_identity(case: Case) {
    let case = case.rule("recorder-of-anybody", "allow-identity = true");
    case.guest().run().passes();
}

pub fn always_allows_a_kill(case: Case) {
    let case = case.rule("close-stdin-then-wait", "signals = []");
    case.guest().run().passes();
}

fn with_shell(case: Case) -> Case {
    let child = child!("close-stdin-then-wait");
    case.given(child).policy("[shell]\npath = \"/bin/sh\"")
}

pub fn signals_the_group(case: Case) {
    with_shell(case).guest().run().passes();
}

pub fn kills_the_group(case: Case) {
    with_shell(case).guest().run().passes();
}

pub fn ends_the_group_of_a_dropped_child(case: Case) {
    with_shell(case).guest().run().passes();
}

pub fn runs_a_command_line(case: Case) {
    with_shell(case).guest().run().passes();
}

pub fn ends_a_child_at_the_shorter_deadline(case: Case) {
    let late = case.rule("close-stdin-then-wait", "limits = { deadline = \"1h\" }");
    let brief = "limits = { deadline = \"50ms\" }";
    let both = late.rule("close-stdin-then-wait-briefly", brief);
    both.guest().run().passes();
}

fn flood_a_little(case: Case) -> Case {
    case.rule("flood-a-little", "limits = { output = \"1000B\" }")
}

pub fn ends_a_child_that_writes_too_much(case: Case) {
    flood_a_little(case).guest().run().passes();
}

pub fn ends_a_child_that_writes_too_much_to_an_extra_pipe(case: Case) {
    let case = case.rule("relay-a-little", "limits = { output = \"1000B\" }");
    case.guest().run().passes();
}

pub fn lets_a_child_write_all_that_it_may(case: Case) {
    flood_a_little(case).guest().run().passes();
}

pub fn bounds_the_children_that_run_at_once(case: Case) {
    let case = case.policy("[limits]\nchildren = 2");
    case.guest().run().passes();
}

pub fn bounds_the_children_that_are_started(case: Case) {
    let case = case.policy("[limits]\nspawns = 3");
    case.guest().run().passes();
}

pub fn counts_only_children_that_were_started(case: Case) {
    let case = case.policy("[limits]\nspawns = 3");
    case.guest()
        .directory("data", FsPerms::ReadWrite)
        .run()
        .passes();
}

/// A directory of the guest with a bit of everything in it.
pub(crate) fn furnish(root: &Path) {
    fs::write(root.join("file"), "some text").expect("a file can be written");
    fs::create_dir(root.join("sub")).expect("a directory can be made");
    for (target, link) in [
        ("/etc", "out"),
        ("..", "up"),
        ("circle", "circle"),
        ("/etc/passwd", "secret"),
        ("sub", "inner"),
    ] {
        symlink(target, root.join(link)).expect("a link can be made");
    }
    let all = nix::sys::stat::Mode::S_IRWXU;
    mkfifo(&root.join("fifo"), all).expect("a named pipe can be made");
}
