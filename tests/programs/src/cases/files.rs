//! Files of the guest as the streams of a child.

use crate::support::{command, refused, succeed};
use offspring::{Asynchronous, Command, Error, FileMode, IoError, Stdio};
use std::fs;

/// A child reads a file from its start or from an offset.
pub(super) async fn reads_a_file<G: Asynchronous>() {
    let mut take = command::<G>("take-n", &["4"]);
    take.stdin(Stdio::file("data/file", FileMode::Read));
    assert_eq!(succeed(&mut take).await.stdout, b"some");
    // The description is whole, so it can be spawned again.
    assert_eq!(succeed(&mut take).await.stdout, b"some");
    take.stdin(Stdio::file_at("data/file", FileMode::Read, 5));
    assert_eq!(succeed(&mut take).await.stdout, b"text");
    take.stdin(Stdio::file_at("data/file", FileMode::ReadWrite, 5));
    assert_eq!(succeed(&mut take).await.stdout, b"text");
    let mut sink = command::<G>("sink", &[]);
    sink.stdin(Stdio::file_at("data/file", FileMode::Read, 1 << 40));
    assert!(
        succeed(&mut sink).await.stdout.starts_with(b"0 "),
        "beyond the end is the end"
    );
}

/// A child writes a file in each of the ways that files are opened.
pub(super) async fn writes_files_in_every_mode<G: Asynchronous>() {
    for (mode, offset, expected) in [
        (FileMode::Write, 0, "out 0\next"),
        (FileMode::Write, 3, "somout 0\n"),
        (FileMode::ReadWrite, 5, "some out 0\n"),
        (FileMode::Truncate, 0, "out 0\n"),
        (FileMode::Truncate, 2, "\0\0out 0\n"),
        (FileMode::Append, 0, "some textout 0\n"),
        (FileMode::Append, 3, "some textout 0\n"),
    ] {
        fs::write("data/file", "some text").expect("the directory can be written");
        write::<G>("data/file", mode, offset).await;
        let text = fs::read_to_string("data/file").expect("it is there");
        assert_eq!(text, expected, "{mode:?} {offset}");
    }
    for mode in [FileMode::Truncate, FileMode::Append, FileMode::CreateNew] {
        write::<G>("data/new", mode, 0).await;
        assert_eq!(
            fs::read_to_string("data/new").expect("it is there"),
            "out 0\n",
            "{mode:?}"
        );
        fs::remove_file("data/new").expect("the directory can be written");
    }
}

async fn write<G: Asynchronous>(path: &str, mode: FileMode, offset: u64) {
    let mut writer = command::<G>("interleave", &["1"]);
    writer.stdout(Stdio::file_at(path, mode, offset));
    succeed(&mut writer).await;
}

/// `create-new` is for files that are not there, and `write` for those that are.
pub(super) async fn refuses_a_file_that_exists_or_does_not<G: Asynchronous>() {
    let mut writer = command::<G>("interleave", &["1"]);
    writer.stdout(Stdio::file("data/file", FileMode::CreateNew));
    refused(writer.spawn().await, Error::Io(IoError::Exists));
    for mode in [FileMode::Write, FileMode::ReadWrite] {
        writer.stdout(Stdio::file("data/none", mode));
        refused(
            writer.spawn().await,
            Error::NotFound(offspring::Part::Stdout),
        );
    }
    assert_eq!(
        fs::read_to_string("data/file").expect("it is there"),
        "some text"
    );
    assert!(!fs::exists("data/none").expect("the directory can be read"));
}

/// Standard error goes where standard output goes, and the order is kept.
pub(super) async fn merges_errors_into_a_file<G: Asynchronous>() {
    let mut writer = command::<G>("interleave", &["2"]);
    writer
        .stdout(Stdio::file("data/file", FileMode::Truncate))
        .stderr(Stdio::stdout());
    let output = writer.output().await.expect("it runs");
    assert_eq!((output.stdout, output.stderr), (vec![], vec![]));
    let text = fs::read_to_string("data/file").expect("it is there");
    assert_eq!(text, "out 0\nerr 0\nout 1\nerr 1\n");
}

/// Input from one file and output to another need no guest in between.
pub(super) async fn filters_a_file_into_another<G: Asynchronous>() {
    let mut filter = Command::<G>::new("echo-lines");
    filter.stdin(Stdio::file("data/file", FileMode::Read));
    filter.stdout(Stdio::file("data/new", FileMode::CreateNew));
    assert!(filter.status().await.expect("it runs").success());
    assert_eq!(
        fs::read_to_string("data/new").expect("it is there"),
        "SOME TEXT\n"
    );
}
