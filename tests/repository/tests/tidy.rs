//! The source tree is tidy.

use offspring_repository_tests::tidy::{self, Source};

/// What the repository holds, or a tree of one file.
fn repository() -> Vec<Source> {
    tidy::sources(&offspring_repository_tests::root()).expect("the repository can be read")
}

fn file(path: &str, text: &str) -> Vec<Source> {
    vec![Source {
        path: path.to_owned(),
        text: text.to_owned(),
    }]
}

fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_file_is_longer_than_a_reader_likes() {
    none(tidy::long_files(&repository()));
    assert_eq!(tidy::long_files(&file("a.rs", &"\n".repeat(401))).len(), 1);
    none(tidy::long_files(&file("a.rs", &"\n".repeat(400))));
}

#[test]
fn no_file_has_a_note_to_oneself() {
    none(tidy::unfinished_work(&repository()));
    assert_eq!(
        tidy::unfinished_work(&file("a.md", concat!("a\n// TO", "DO: b"))).len(),
        1
    );
}

#[test]
fn no_file_has_a_path_of_one_machine() {
    none(tidy::machine_paths(&repository()));
    assert_eq!(
        tidy::machine_paths(&file("a.md", concat!("see /wo", "rk/main/a.md"))).len(),
        1
    );
}

#[test]
fn processes_are_started_behind_one_door() {
    none(tidy::doors(&repository(), tidy::DOORS));
    let opened = file(
        "cli/src/a.rs",
        concat!("#[expect(clippy::disallowed", "_methods)]"),
    );
    assert_eq!(tidy::doors(&opened, &[]).len(), 1);
    none(tidy::doors(&opened, &[("cli/src/a.rs", "for this test")]));
    assert_eq!(
        tidy::doors(&[], &[("cli/src/a.rs", "for this test")]).len(),
        1
    );
}

#[test]
fn no_test_waits_for_time_to_pass() {
    none(tidy::sleeps(&repository(), tidy::SLEEPERS));
    assert_eq!(
        tidy::sleeps(
            &file("tests/a.rs", concat!("thread::sle", "ep(SECOND)")),
            &[]
        )
        .len(),
        1
    );
}

#[test]
fn every_guest_example_has_a_test() {
    none(tidy::examples_without_a_test(&repository()));
    let mut sources = file("guest-examples/src/bin/pipeline.rs", "fn main() {}");
    assert_eq!(tidy::examples_without_a_test(&sources).len(), 1);
    sources.extend(file("tests/suites/examples.rs", "fn pipeline() {}"));
    none(tidy::examples_without_a_test(&sources));
}
