//! Each stream is given out once. Asking again is no trap, and neither are
//! reads of nothing, which ask whether there is something to read.

use offspring_test_programs::wit3::process::{
    ChildOutput, ErrorCode, OutputStreamName, Part, Stdio, spawn,
};
use offspring_test_programs::wit3::{StreamResult, command, wit_stream};

async fn run() {
    let filter = command("echo-lines", &[]);
    filter.stdin(&Stdio::Pipe);
    filter.stdout(&Stdio::Pipe);
    let child = spawn(filter).await.expect("it starts");

    assert!(child.stderr().is_none() && child.pipe_reader(3).is_none());
    let (mut stdin, data) = wit_stream::new();
    let written = child.stdin(data).expect("a pipe");
    let (mut stdout, read) = child.stdout().expect("a pipe");
    assert!(child.stdout().is_none());
    let (mut lost, data) = wit_stream::new();
    assert!(child.stdin(data).is_none());
    assert_eq!(
        lost.write_all(b"lost".to_vec()).await,
        b"lost",
        "it is dropped"
    );

    // What was taken cannot be given to another child, nor what was no pipe.
    for stream in [OutputStreamName::Stdout, OutputStreamName::Stderr] {
        let joined = command("sink", &[]);
        joined.stdin(&Stdio::Child(ChildOutput {
            child: &child,
            stream,
        }));
        let refused = spawn(joined).await;
        assert!(
            matches!(refused, Err(ErrorCode::InvalidArgument(Part::Stdin))),
            "{refused:?}"
        );
    }

    assert!(stdin.write_all(b"hello\n".to_vec()).await.is_empty());
    let (probe, nothing) = stdout.read(Vec::new()).await;
    assert_eq!((probe, nothing.len()), (StreamResult::Complete(0), 0));
    let (_, bytes) = stdout.read(Vec::with_capacity(100)).await;
    assert_eq!(bytes, b"HELLO\n");
    drop(stdin);
    written.await.expect("all of it was written");
    let (end, bytes) = stdout.read(Vec::with_capacity(100)).await;
    assert_eq!((end, bytes.len()), (StreamResult::Dropped, 0));
    read.await.expect("the pipe did not fail");

    let (exit, same) = (child.wait(), child.wait());
    assert!(exit.await.is_ok() && same.await.is_ok() && child.wait().await.is_ok());
    let all = child.communicate(None, 10).await.expect("it has exited");
    assert!(all.stdout.is_none() && all.stderr.is_none());
}

offspring_test_programs::wit3!(run);
