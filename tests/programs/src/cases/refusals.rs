//! What the policy, the launcher or the library refuses.

use crate::support::{command, given, piped, refused, start};
use offspring::{Asynchronous, Command, Direction, Error, FileMode, Part, Stdio};

/// A program that the policy does not name is refused, and nothing is told of it.
pub(super) async fn refuses_an_unknown_program<G: Asynchronous>() {
    for name in ["no-such-program", "Recorder", "recorder ", " recorder"] {
        let spawned = Command::<G>::new(name).spawn().await;
        refused(spawned, Error::AccessDenied(Part::Program));
    }
}

/// Programs have names. A path is refused, whether or not there is such a file.
pub(super) async fn refuses_a_path_for_a_program<G: Asynchronous>() {
    for path in ["/bin/sh", "/no/such/file", "./recorder", "../recorder", "/"] {
        let spawned = Command::<G>::new(path).spawn().await;
        refused(spawned, Error::AccessDenied(Part::Program));
    }
    // The name of a program that is allowed, and where it is.
    let path = given();
    refused(
        Command::<G>::new(path.as_str()).spawn().await,
        Error::AccessDenied(Part::Program),
    );
}

/// Arguments that have none of the allowed shapes are refused.
pub(super) async fn refuses_arguments_without_a_shape<G: Asynchronous>() {
    for args in [
        &[][..],
        &["a"],
        &["1", "2"],
        &["-1"],
        &["1\n"],
        &[""],
        &["1", ""],
    ] {
        let spawned = command::<G>("exit-with", args).spawn().await;
        refused(spawned, Error::AccessDenied(Part::Arguments));
    }
    let status = command::<G>("exit-with", &["7"]).status().await;
    assert_eq!(status.map(|it| it.code()), Ok(Some(7)));
}

/// Argument 0 is the program's name, unless the policy says otherwise.
pub(super) async fn refuses_another_argument_0<G: Asynchronous>() {
    let spawned = Command::<G>::new("recorder").arg0("busybox").spawn().await;
    refused(spawned, Error::AccessDenied(Part::Arguments));
}

/// Of the environment only what the policy names may be set.
pub(super) async fn refuses_a_variable_that_is_not_allowed<G: Asynchronous>() {
    for key in [
        "OTHER",
        "LANGUAGE",
        "lang",
        "LD_PRELOAD",
        "PATH",
        "SET_BY_THE_HOST",
    ] {
        let spawned = Command::<G>::new("recorder")
            .env("LANG", "C")
            .env(key, "x")
            .spawn()
            .await;
        refused(spawned, Error::AccessDenied(Part::Environment));
    }
}

/// A shell is the operator's to give.
pub(super) async fn refuses_a_shell_without_one<G: Asynchronous>() {
    let spawned = Command::<G>::shell("exit 0").spawn().await;
    refused(spawned, Error::AccessDenied(Part::Program));
    let spawned = Command::<G>::new("sh")
        .arg("-c")
        .arg("exit 0")
        .spawn()
        .await;
    refused(spawned, Error::AccessDenied(Part::Program));
}

/// Users and groups are the operator's to allow, and then the launcher's to set;
/// there is none that makes a child anybody but the host's own user.
pub(super) async fn refuses_another_identity<G: Asynchronous>() {
    for (program, error) in [
        ("recorder", Error::AccessDenied(Part::Identity)),
        ("recorder-of-anybody", Error::Unsupported(Part::Identity)),
    ] {
        let new = || Command::<G>::new(program);
        refused(new().uid(NOBODYS).spawn().await, error);
        refused(new().uid("nobody").spawn().await, error);
        refused(new().gid(NOBODYS).spawn().await, error);
        refused(new().gid("nogroup").spawn().await, error);
        refused(new().groups([NOBODYS]).spawn().await, error);
    }
}

/// A number that no user and no group has.
const NOBODYS: u32 = 4_000_000_000;

/// An extra pipe is no standard stream, has one purpose, and there are few.
pub(super) async fn refuses_an_extra_pipe_out_of_range<G: Asynchronous>() {
    let error = Error::InvalidArgument(Part::ExtraPipe);
    for fd in [0, 1, 2, 256, u32::MAX] {
        let mut command = Command::<G>::new("recorder");
        refused(
            command.extra_pipe(fd, Direction::ToChild).spawn().await,
            error,
        );
    }
    let mut twice = Command::<G>::new("recorder");
    twice
        .extra_pipe(3, Direction::ToChild)
        .extra_pipe(3, Direction::FromChild);
    refused(twice.spawn().await, error);
    let mut many = Command::<G>::new("recorder");
    for fd in 3..20 {
        many.extra_pipe(fd, Direction::ToChild);
    }
    refused(many.spawn().await, Error::TooBig(Part::ExtraPipe));
}

/// A stream that cannot be what it is to be is refused.
pub(super) async fn refuses_streams_that_do_not_fit<G: Asynchronous>() {
    let spawned = Command::<G>::new("recorder")
        .stdin(Stdio::stdout())
        .spawn()
        .await;
    refused(spawned, Error::InvalidArgument(Part::Stdin));
    let spawned = Command::<G>::new("recorder")
        .stdout(Stdio::stdout())
        .spawn()
        .await;
    refused(spawned, Error::InvalidArgument(Part::Stdout));
    let output = piped::<G>("recorder", &[])
        .await
        .stdout
        .take()
        .expect("it is a pipe");
    let spawned = Command::<G>::new("recorder").stdout(output).spawn().await;
    refused(spawned, Error::InvalidArgument(Part::Stdout));
    let file = || Stdio::file("file", FileMode::Write);
    let spawned = Command::<G>::new("recorder").stdin(file()).spawn().await;
    refused(spawned, Error::InvalidArgument(Part::Stdin));
    let file = || Stdio::file("file", FileMode::Read);
    let spawned = Command::<G>::new("recorder").stderr(file()).spawn().await;
    refused(spawned, Error::InvalidArgument(Part::Stderr));
}

/// What was read from, or given away, cannot be the input of a child.
pub(super) async fn refuses_a_stream_that_was_taken<G: Asynchronous>() {
    let error = Error::InvalidArgument(Part::Stdin);
    let mut writer = piped::<G>("interleave", &["3"]).await;
    let mut output = writer.stdout.take().expect("it is a pipe");
    let mut line = String::new();
    output.read_line(&mut line).await.expect("a line comes");
    assert_eq!(line, "out 0\n");
    refused(Command::<G>::new("sink").stdin(output).spawn().await, error);

    let errors = writer.stderr.take().expect("it is a pipe");
    let mut sink = Command::<G>::new("sink");
    sink.stdin(errors);
    drop(start(&mut sink).await);
    refused(sink.spawn().await, error);

    let mut gone = piped::<G>("interleave", &["3"]).await;
    let output = gone.stdout.take().expect("it is a pipe");
    drop(gone);
    refused(Command::<G>::new("sink").stdin(output).spawn().await, error);
}
