//! Every case, by its subject. The guests run the one that is asked for, and the
//! suites have a test for each in each tier where it holds: this file is included
//! in both.

/// Calls a macro with the cases that hold in every tier of confinement.
macro_rules! for_each_case {
    ($each:ident) => {
        $each! {
            collecting {
                communicates_a_mebibyte_both_ways,
                communicates_with_both_outputs,
                cuts_at_the_limit_and_says_so,
                gives_nothing_for_what_is_no_pipe,
                communicates_with_a_child_that_does_not_read,
                communicates_after_a_read,
                communicates_in_spite_of_a_held_pipe,
                cancels_a_communicate,
            }
            commands {
                passes_arguments_and_values_as_bytes,
                passes_another_argument_0,
                gives_no_variable_but_those_of_policy_and_guest,
                gives_three_descriptors_and_a_group,
                gives_pipes_of_the_size_that_is_asked_for,
                runs_a_command_line,
                spawns_a_command_again,
                talks_with_several_children_at_once,
                spawns_in_a_join_and_cancels_a_spawn,
            }
            endings {
                returns_while_children_run,
                traps_while_children_run,
                waits_while_children_run,
                exits_while_children_run,
                waits_in_every_way,
                computes_while_children_run,
                runs_out_of_fuel_while_children_run,
                spawns_two_hundred_without_a_wait,
                talks_and_spawns_beside_others,
            }
            files {
                reads_a_file,
                writes_files_in_every_mode,
                refuses_a_file_that_exists_or_does_not,
                merges_errors_into_a_file,
                filters_a_file_into_another,
            }
            limits {
                ends_a_child_at_the_shorter_deadline,
                lets_a_child_end_before_its_deadline,
                ends_a_child_that_writes_too_much,
                lets_a_child_write_all_that_it_may,
                bounds_the_children_that_run_at_once,
                bounds_the_children_that_are_started,
                counts_only_children_that_were_started,
            }
            malformed {
                refuses_nul_in_every_part,
                refuses_a_key_that_names_no_variable,
                refuses_names_that_are_not_text,
                refuses_an_empty_program_name,
                refuses_what_is_too_big,
                refuses_names_that_are_too_long,
                passes_as_much_as_the_kernel_takes,
            }
            paths {
                refuses_a_working_directory_outside,
                refuses_a_file_outside,
                refuses_a_named_pipe,
                refuses_to_write_in_a_read_only_directory,
                starts_in_a_directory_of_the_guest,
            }
            pipes {
                reads_to_the_end,
                reads_the_end_after_a_read_that_was_dropped,
                finds_a_broken_pipe_after_a_write_that_was_dropped,
                reads_lines_up_to_a_limit,
                tells_of_an_early_end_and_of_bytes_that_are_no_text,
                cancels_reads_and_loses_nothing,
                cancels_a_read_that_waits,
                cancels_a_write_that_waits,
                breaks_a_pipe_as_an_error,
                tells_that_a_child_closed_its_input,
                delivers_what_was_written_before_a_drop,
                holds_a_flood_back,
                ends_a_child_whose_output_is_dropped,
                merges_errors_in_order,
                joins_a_pipeline_of_three,
                joins_standard_error,
                breaks_a_pipeline_whose_reader_is_gone,
            }
            refusals {
                refuses_an_unknown_program,
                refuses_a_path_for_a_program,
                refuses_arguments_without_a_shape,
                refuses_another_argument_0,
                refuses_a_variable_that_is_not_allowed,
                refuses_a_shell_without_one,
                refuses_another_identity,
                refuses_an_extra_pipe_out_of_range,
                refuses_streams_that_do_not_fit,
                refuses_a_stream_that_was_taken,
            }
            resources {
                bounds_what_a_child_writes_to_each_stream,
                bounds_the_processor_time,
                bounds_the_size_of_a_file,
                bounds_the_memory,
                bounds_the_open_files,
                tells_the_time_that_a_child_took,
                tells_the_memory_that_a_child_had,
                tells_what_the_pipes_carried,
            }
            sharing {
                leaves_the_rest_of_the_input_to_the_guest,
                gives_all_of_the_input_to_a_child,
                writes_to_the_guests_streams_in_order,
                merges_errors_into_the_guests_output,
                writes_much_to_the_guests_output,
            }
            signals {
                refuses_signals_outside_the_policy,
                always_allows_a_kill,
                sends_signals_by_name,
                says_that_a_child_has_exited,
                terminates_in_vain_and_then_kills,
                signals_the_group,
                kills_the_group,
                ends_the_group_of_a_dropped_child,
            }
            silence {
                ends_a_silent_child_at_the_shorter_time,
                begins_anew_with_each_output,
                takes_unread_output_for_no_silence,
                takes_a_child_without_a_pipe_for_no_silent_one,
                drains_for_the_shorter_time,
                collects_what_came_within_the_drain_time,
            }
            supervised {
                bounds_the_children_of_the_host,
                waits_for_a_place_of_the_host,
                bounds_how_fast_the_host_starts_children,
                bounds_the_descriptors_of_the_host,
                tells_that_the_host_shuts_down,
                gives_no_turn_when_the_host_shuts_down,
            }
            teardown {
                lets_a_dropped_child_end_itself,
                lets_a_child_end_itself_at_its_deadline,
                kills_a_child_that_does_not_go,
                takes_the_steps_in_their_order,
                kills_at_once_without_a_step,
                kills_in_the_middle_of_the_steps,
            }
            turns {
                bounds_how_fast_children_are_started,
                lets_spawns_that_come_too_fast_wait,
                lets_spawns_wait_in_their_order,
                refuses_a_spawn_whose_turn_does_not_come,
                gives_no_turn_to_a_spawn_that_was_cancelled,
            }
            waiting {
                waits_for_an_exit,
                reports_every_exit_code,
                reports_a_signal,
                waits_many_times,
                waits_not_for_a_held_pipe,
                closes_the_input_when_it_waits,
                tells_a_protocol,
                cancels_a_wait,
                ends_all_that_waits_for_a_dropped_child,
            }
        }
    };
}

/// Calls a macro with the cases that hold where children are confined.
macro_rules! for_each_confined_case {
    ($each:ident) => {
        $each! {
            confined {
                leads_a_new_session,
                masks_the_modes_of_new_files,
                sends_real_time_signals,
                runs_as_the_user_of_the_host,
                gives_no_descriptor_of_the_host,
                gives_no_signal_that_the_host_ignores_or_blocks,
                tells_of_no_memory_but_a_childs,
                tells_that_the_sandbox_was_lost,
            }
            extra_pipes {
                talks_through_extra_pipes,
                gives_each_extra_pipe_out_once,
                communicates_beside_an_extra_pipe,
                ends_extra_pipes_with_a_dropped_child,
                ends_a_child_that_writes_too_much_to_an_extra_pipe,
                tells_what_extra_pipes_carried,
            }
            trees {
                leaves_nothing_of_a_tree,
                keeps_what_a_child_leaves_until_the_drop,
                keeps_what_a_child_leaves_until_the_end,
            }
        }
    };
}

/// Calls a macro with the cases that hold where children are in a world of their
/// own.
macro_rules! for_each_world_case {
    ($each:ident) => {
        $each! {
            world {
                bounds_the_processes,
            }
        }
    };
}

/// Calls a macro with the cases that hold where children are not confined: what
/// the launcher of such children is not capable of.
macro_rules! for_each_unconfined_case {
    ($each:ident) => {
        $each! {
            unconfined {
                refuses_what_only_a_confined_child_can_have,
                cannot_send_real_time_signals,
                lets_what_has_escaped_stay,
            }
        }
    };
}
