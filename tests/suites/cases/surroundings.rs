//! Cases with directories, files, variables or streams of the guest's own.

use offspring_tests::Guest;
use wasmtime_wasi::FsPerms;

use super::{Case, furnish};

const VARIABLES: &str = "env = { SET_BY_THE_HOST = \"1\" }\nallow-env = [\"LANG\", \"LC_ALL\"]";

pub fn refuses_a_variable_that_is_not_allowed(case: Case) {
    case.rule("recorder", VARIABLES).guest().run().passes();
}

pub fn gives_no_variable_but_those_of_policy_and_guest(case: Case) {
    case.rule("recorder", VARIABLES).guest().run().passes();
}

pub fn passes_arguments_and_values_as_bytes(case: Case) {
    case.rule("recorder", "allow-env = [\"LANG\"]")
        .guest()
        .run()
        .passes();
}

pub fn passes_another_argument_0(case: Case) {
    case.rule("recorder", "allow-arg0 = true")
        .guest()
        .run()
        .passes();
}

pub(super) fn furnished(case: Case, permissions: FsPerms) -> Guest {
    case.guest().directory("data", permissions).prepare(furnish)
}

pub fn refuses_nul_in_every_part(case: Case) {
    furnished(case, FsPerms::ReadWrite).run().passes();
}

pub fn refuses_a_working_directory_outside(case: Case) {
    furnished(case, FsPerms::ReadWrite).run().passes();
}

pub fn refuses_a_file_outside(case: Case) {
    furnished(case, FsPerms::ReadWrite).run().passes();
}

pub fn refuses_a_named_pipe(case: Case) {
    furnished(case, FsPerms::ReadWrite).run().passes();
}

pub fn refuses_to_write_in_a_read_only_directory(case: Case) {
    let outcome = furnished(case, FsPerms::ReadOnly).run().passes();
    assert!(!outcome.directory().join("new").exists());
}

fn with_a_file(case: Case) -> Guest {
    case.guest()
        .directory("data", FsPerms::ReadWrite)
        .file("file", b"some text")
}

pub fn reads_a_file(case: Case) {
    with_a_file(case).run().passes();
}

pub fn writes_files_in_every_mode(case: Case) {
    with_a_file(case).run().passes();
}

pub fn refuses_a_file_that_exists_or_does_not(case: Case) {
    with_a_file(case).run().passes();
}

pub fn merges_errors_into_a_file(case: Case) {
    with_a_file(case).run().passes();
}

pub fn filters_a_file_into_another(case: Case) {
    with_a_file(case).run().passes();
}

pub fn leaves_the_rest_of_the_input_to_the_guest(case: Case) {
    let input = format!("firstagain{}", "r".repeat(100_000));
    case.guest().stdin(input).run().passes();
}

pub fn gives_all_of_the_input_to_a_child(case: Case) {
    case.guest().stdin(vec![b'x'; 300_000]).run().passes();
}

pub fn writes_to_the_guests_streams_in_order(case: Case) {
    let outcome = case.guest().run().passes();
    let (mut stdout, mut stderr) = (String::new(), String::new());
    for n in 0..10 {
        stdout += &format!("before {n}\nout 0\nafter {n}\n");
        stderr += "err 0\n";
    }
    assert_eq!(String::from_utf8_lossy(&outcome.stdout), stdout);
    assert_eq!(String::from_utf8_lossy(&outcome.stderr), stderr);
}

pub fn merges_errors_into_the_guests_output(case: Case) {
    let outcome = case.guest().run().passes();
    let expected = "out 0\nerr 0\nout 1\nerr 1\nout 2\nerr 2\ndone\n";
    assert_eq!(String::from_utf8_lossy(&outcome.stdout), expected);
}

pub fn writes_much_to_the_guests_output(case: Case) {
    let outcome = case.guest().run().passes();
    assert_eq!(outcome.stdout.len(), 1_200_000);
}
