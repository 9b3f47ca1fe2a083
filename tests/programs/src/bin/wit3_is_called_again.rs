//! The children of one call are there for the next one on the same instance,
//! and so is what the guest has begun to wait for.

use std::cell::RefCell;

use offspring_test_programs::again::wit3::{Guest, export_async_again};
use offspring_test_programs::wit3::process::{Child, ErrorCode, Exit, Stdio, spawn};
use offspring_test_programs::wit3::{
    FutureReader, StreamReader, StreamWriter, command, wit_stream,
};

type FutureOf<T> = FutureReader<Result<T, ErrorCode>>;

/// What the first call keeps.
struct Kept {
    stdin: StreamWriter<u8>,
    written: FutureOf<()>,
    stdout: StreamReader<u8>,
    read: FutureOf<()>,
    exit: FutureOf<Exit>,
    child: Child,
    spawned: FutureOf<Child>,
}

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

async fn run() {
    let filter = command("echo-lines", &[]);
    filter.stdin(&Stdio::Pipe);
    filter.stdout(&Stdio::Pipe);
    let other = command("sink", &[]);
    other.stdin(&Stdio::Pipe);
    let child = spawn(filter).await.expect("it starts");
    let (stdin, data) = wit_stream::new();
    let written = child.stdin(data).expect("a pipe");
    let (stdout, read) = child.stdout().expect("a pipe");
    let kept = Kept {
        stdin,
        written,
        stdout,
        read,
        exit: child.wait(),
        child,
        spawned: spawn(other),
    };
    KEPT.set(Some(kept));
}

impl Guest for Program {
    async fn again() {
        let mut kept = KEPT.take().expect("the first call has kept it");
        assert!(kept.stdin.write_all(b"hello\n".to_vec()).await.is_empty());
        let (_, answer) = kept.stdout.read(Vec::with_capacity(100)).await;
        assert_eq!(answer, b"HELLO\n");
        drop(kept.stdin);
        kept.written.await.expect("all of it was written");
        drop(kept.stdout);
        kept.read.await.expect("the pipe did not fail");
        kept.exit.await.expect("it exits");
        assert!(kept.child.kill().is_err(), "it has exited");

        let other = kept.spawned.await.expect("it starts");
        other.terminate().expect("it runs");
        other.wait().await.expect("it ends");
    }
}

export_async_again!(Program);

offspring_test_programs::wit3!(run);
