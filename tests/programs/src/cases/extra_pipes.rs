//! Pipes beyond the three standard streams.

use crate::support::{ChildOf, command, start};
use offspring::{Asynchronous, Direction, EndCause, Error, Stdio};

/// A relay between two extra pipes: the child reads from 3 and writes to 200.
async fn relay<G: Asynchronous>() -> ChildOf<G> {
    let mut relay = command::<G>("relay", &["3", "200"]);
    relay
        .extra_pipe(3, Direction::ToChild)
        .extra_pipe(200, Direction::FromChild);
    start(&mut relay).await
}

/// Extra pipes have the numbers that the guest gave them, and carry bytes while
/// the child runs; closing one is an end on the other side.
pub(super) async fn talks_through_extra_pipes<G: Asynchronous>() {
    let mut child = relay::<G>().await;
    let (mut to, mut from) = (child.pipe_writer(3), child.pipe_reader(200));
    let mut line = String::new();
    for said in ["one\n", "two\n"] {
        to.write_all(said.as_bytes()).await.expect("it listens");
        line.clear();
        from.read_line(&mut line).await.expect("it answers");
        assert_eq!(line, said);
    }
    to.close().await.expect("everything arrived");
    line.clear();
    assert_eq!(from.read_line(&mut line).await, Ok(0));
    assert!(child.wait().await.expect("it exits").success());
}

/// Each extra pipe is given out once, and one that goes the other way, or is not
/// there, is none.
pub(super) async fn gives_each_extra_pipe_out_once<G: Asynchronous>() {
    let mut child = relay::<G>().await;
    let (mut to, mut from) = (child.pipe_writer(3), child.pipe_reader(200));
    to.write_all(b"taken").await.expect("it listens");
    let mut bytes = [0; 5];
    from.read_exact(&mut bytes).await.expect("it answers");
    for fd in [3, 4, 200] {
        let read = child.pipe_reader(fd).read(&mut bytes).await;
        assert_eq!(read, Ok(0), "reading from {fd}");
        let written = child.pipe_writer(fd).write_all(b"lost").await;
        assert_eq!(written.err(), Some(Error::BrokenPipe), "writing to {fd}");
    }
    drop(to);
    assert!(child.wait().await.expect("it exits").success());
}

/// A child that is dropped is gone from the other ends of its extra pipes.
pub(super) async fn ends_extra_pipes_with_a_dropped_child<G: Asynchronous>() {
    let child = relay::<G>().await;
    let (mut to, mut from) = (child.pipe_writer(3), child.pipe_reader(200));
    to.write_all(b"before").await.expect("it listens");
    let mut bytes = [0; 6];
    from.read_exact(&mut bytes).await.expect("it answers");
    drop(child);
    assert_eq!(&bytes, b"before");
    assert_eq!(from.read(&mut bytes).await, Ok(0));
    // A process that ends closes its descriptors in no certain order.
    let broken = loop {
        if let Err(error) = to.write_all(b"after").await {
            break error;
        }
    };
    assert_eq!(broken, Error::BrokenPipe);
}

/// Communicating collects the standard streams, and leaves extra pipes alone.
pub(super) async fn communicates_beside_an_extra_pipe<G: Asynchronous>() {
    let mut relay = command::<G>("relay", &["0", "3"]);
    relay
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .extra_pipe(3, Direction::FromChild);
    let mut child = start(&mut relay).await;
    let mut from = child.pipe_reader(3);
    let all = child.communicate(Some(b"aside"), 1024).await;
    let all = all.expect("the pipes work");
    assert!(all.status.success());
    assert_eq!(all.stdout.expect("it is a pipe").data, b"");
    let mut aside = Vec::new();
    from.read_to_end(&mut aside).await.expect("it can be read");
    assert_eq!(aside, b"aside");
}

/// What comes out of extra pipes is output, and bounded like it.
pub(super) async fn ends_a_child_that_writes_too_much_to_an_extra_pipe<G: Asynchronous>() {
    let mut relay = command::<G>("relay-a-little", &["0", "3"]);
    relay
        .stdin(Stdio::piped())
        .extra_pipe(3, Direction::FromChild);
    let mut child = start(&mut relay).await;
    let mut from = child.pipe_reader(3);
    let mut to = child.stdin.take().expect("it is a pipe");
    to.write_all(&[b'x'; 2000]).await.expect("it listens");
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).await.expect("it can be read");
    assert_eq!(bytes.len(), 1000);
    let status = child.wait().await.expect("it exits");
    assert_eq!(status.cause(), Some(EndCause::OutputLimit));
}

/// An exit says how much the extra pipes carried, either way.
pub(super) async fn tells_what_extra_pipes_carried<G: Asynchronous>() {
    let mut child = relay::<G>().await;
    let (mut to, mut from) = (child.pipe_writer(3), child.pipe_reader(200));
    to.write_all(b"five\n").await.expect("it listens");
    to.close().await.expect("everything arrived");
    let mut all = Vec::new();
    from.read_to_end(&mut all).await.expect("it answers");
    let status = child.wait().await.expect("it exits");
    assert_eq!(status.usage().extra_bytes, 10);
}
