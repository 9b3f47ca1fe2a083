//! Each stream is given out once, and each result is delivered once, but for
//! exits, which any number may wait for. Asking again is no trap.

use offspring_test_programs::wit2::process::{
    ChildOutput, ErrorCode, OutputStreamName, Part, Stdio, spawn,
};
use offspring_test_programs::wit2::{command, start};

fn main() {
    let filter = command("echo-lines", &[]);
    filter.stdin(&Stdio::Pipe);
    filter.stdout(&Stdio::Pipe);
    let spawned = spawn(filter);
    spawned.subscribe().block();
    let child = spawned.get().expect("it is ready").expect("it starts");
    let again = spawned.get().expect("it is still ready");
    assert!(
        matches!(again, Err(ErrorCode::InvalidArgument(Part::Delivered))),
        "{again:?}"
    );

    assert!(child.stderr().is_none() && child.pipe_reader(3).is_none());
    let (stdin, stdout) = (
        child.stdin().expect("a pipe"),
        child.stdout().expect("a pipe"),
    );
    assert!(child.stdin().is_none() && child.stdout().is_none());
    assert!(child.stdin_closed().is_some() && child.stdin_closed().is_some());

    // What was taken cannot be given to another child, nor what was no pipe.
    for stream in [OutputStreamName::Stdout, OutputStreamName::Stderr] {
        let joined = command("sink", &[]);
        joined.stdin(&Stdio::Child(ChildOutput {
            child: &child,
            stream,
        }));
        let refused = start(joined);
        assert!(
            matches!(refused, Err(ErrorCode::InvalidArgument(Part::Stdin))),
            "{refused:?}"
        );
    }

    stdin
        .blocking_write_and_flush(b"hello\n")
        .expect("it listens");
    drop(stdin);
    assert_eq!(stdout.blocking_read(100).expect("it answers"), b"HELLO\n");
    let (exit, same) = (child.wait(), child.wait());
    for exit in [&exit, &same, &exit] {
        exit.subscribe().block();
        assert!(exit.get().expect("it is ready").is_ok());
        assert!(exit.get().expect("it is still ready").is_ok());
    }

    let output = child.communicate(None, 10);
    output.subscribe().block();
    let all = output.get().expect("it is ready").expect("it has exited");
    assert!(all.stdout.is_none() && all.stderr.is_none());
    let again = output.get().expect("it is still ready");
    assert!(
        matches!(again, Err(ErrorCode::InvalidArgument(Part::Delivered))),
        "{again:?}"
    );
}
