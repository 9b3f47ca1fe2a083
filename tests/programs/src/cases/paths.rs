//! Working directories and files that a guest cannot have.

use crate::support::{given, recorded, refused, succeed};
use offspring::{Asynchronous, Command, Error, FileMode, IoError, Part, Stdio};

/// A working directory lies in one of the guest's directories, whatever the words say.
pub(super) async fn refuses_a_working_directory_outside<G: Asynchronous>() {
    for (path, error) in [
        ("..", Error::InvalidArgument(Part::WorkingDirectory)),
        ("data/..", Error::InvalidArgument(Part::WorkingDirectory)),
        (
            "data/sub/../../..",
            Error::InvalidArgument(Part::WorkingDirectory),
        ),
        ("other", Error::InvalidArgument(Part::WorkingDirectory)),
        ("/", Error::InvalidArgument(Part::WorkingDirectory)),
        ("/tmp", Error::InvalidArgument(Part::WorkingDirectory)),
        (
            "/proc/self/cwd",
            Error::InvalidArgument(Part::WorkingDirectory),
        ),
        ("", Error::InvalidArgument(Part::WorkingDirectory)),
        ("data/none", Error::NotFound(Part::WorkingDirectory)),
        ("data/file", Error::Io(IoError::NotDirectory)),
        ("data/out", Error::Io(IoError::Loop)),
        ("data/up", Error::Io(IoError::Loop)),
        ("data/inner", Error::Io(IoError::Loop)),
        ("data/circle", Error::Io(IoError::Loop)),
    ] {
        let result = Command::<G>::new("recorder")
            .current_dir(path)
            .spawn()
            .await;
        assert_eq!(result.err(), Some(error), "{path}");
    }
}

/// So does a file.
pub(super) async fn refuses_a_file_outside<G: Asynchronous>() {
    for (path, error) in [
        ("../file", Error::InvalidArgument(Part::Stdin)),
        ("data/../file", Error::InvalidArgument(Part::Stdin)),
        ("/etc/passwd", Error::InvalidArgument(Part::Stdin)),
        ("/dev/stdin", Error::InvalidArgument(Part::Stdin)),
        ("data/none", Error::NotFound(Part::Stdin)),
        ("data/file/none", Error::Io(IoError::NotDirectory)),
        ("data/sub", Error::Io(IoError::IsDirectory)),
        ("data/out/passwd", Error::Io(IoError::Loop)),
        ("data/secret", Error::Io(IoError::Loop)),
    ] {
        let file = Stdio::file(path, FileMode::Read);
        let result = Command::<G>::new("recorder").stdin(file).spawn().await;
        assert_eq!(result.err(), Some(error), "{path}");
    }
    for mode in [
        FileMode::Write,
        FileMode::Truncate,
        FileMode::Append,
        FileMode::CreateNew,
    ] {
        for (path, error) in [
            ("../new", Error::InvalidArgument(Part::Stdout)),
            ("data/out/new", Error::Io(IoError::Loop)),
            ("data/none/new", Error::NotFound(Part::Stdout)),
        ] {
            let file = Stdio::file(path, mode);
            let result = Command::<G>::new("recorder").stdout(file).spawn().await;
            assert_eq!(result.err(), Some(error), "{path} {mode:?}");
        }
    }
}

/// Only plain files can be streams: a named pipe could hold the host up.
pub(super) async fn refuses_a_named_pipe<G: Asynchronous>() {
    let file = Stdio::file("data/fifo", FileMode::Read);
    let spawned = Command::<G>::new("recorder").stdin(file).spawn().await;
    refused(spawned, Error::InvalidArgument(Part::Stdin));
    for mode in [FileMode::Write, FileMode::Append, FileMode::ReadWrite] {
        let file = Stdio::file("data/fifo", mode);
        let spawned = Command::<G>::new("recorder").stdout(file).spawn().await;
        refused(spawned, Error::InvalidArgument(Part::Stdout));
    }
}

/// What a guest may not write, its children may not write for it.
pub(super) async fn refuses_to_write_in_a_read_only_directory<G: Asynchronous>() {
    for mode in [
        FileMode::Write,
        FileMode::Truncate,
        FileMode::Append,
        FileMode::CreateNew,
        FileMode::ReadWrite,
    ] {
        for path in ["data/file", "data/new"] {
            let spawned = Command::<G>::new("recorder")
                .stdout(Stdio::file(path, mode))
                .spawn()
                .await;
            refused(spawned, Error::AccessDenied(Part::Stdout));
        }
    }
    let mut reads = Command::<G>::new("take-n");
    reads
        .arg("4")
        .stdin(Stdio::file("data/file", FileMode::Read));
    assert_eq!(succeed(&mut reads).await.stdout, b"some");
}

/// A child starts where it is told to, or else in the guest's first directory.
pub(super) async fn starts_in_a_directory_of_the_guest<G: Asynchronous>() {
    let whole = given();
    for (path, expected) in [
        (None, whole.clone()),
        (Some("data"), whole.clone()),
        (Some("data/sub"), format!("{whole}/sub")),
        (Some("data/sub/../sub/."), format!("{whole}/sub")),
    ] {
        let mut command = Command::<G>::new("recorder");
        if let Some(path) = path {
            command.current_dir(path);
        }
        let output = succeed(&mut command).await;
        assert_eq!(recorded(&output, "cwd"), [expected], "{path:?}");
    }
}
