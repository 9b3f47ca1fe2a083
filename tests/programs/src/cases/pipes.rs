//! Reading from children and writing to them.

use crate::support::{command, first_line, once, piped, rest, start};
use offspring::{Asynchronous, Command, Error, Signal, Stdio};

/// Byte number n of a flood.
fn flood_byte(n: usize) -> u8 {
    u8::try_from(n % 251).unwrap_or_default()
}

fn is_flood(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .enumerate()
        .all(|(n, byte)| *byte == flood_byte(n))
}

/// Everything that a child writes arrives, in order, whoever reads and how.
pub(super) async fn reads_to_the_end<G: Asynchronous>() {
    let mut child = piped::<G>("flood", &["300000"]).await;
    let bytes = rest::<G>(&mut child).await;
    assert!(bytes.len() == 300_000 && is_flood(&bytes));

    let mut child = piped::<G>("flood", &["300000"]).await;
    let mut stdout = child.stdout.take().expect("it is a pipe");
    let (mut bytes, mut chunk, mut size) = (Vec::new(), [0; 5000], 1);
    loop {
        // Now little, now much.
        size = size * 7 % 4999 + 1;
        match stdout
            .read(&mut chunk[..size])
            .await
            .expect("it can be read")
        {
            0 => break,
            read => bytes.extend_from_slice(&chunk[..read]),
        }
    }
    assert!(bytes.len() == 300_000 && is_flood(&bytes));
    assert_eq!(
        stdout.read(&mut chunk).await,
        Ok(0),
        "the end stays the end"
    );
    assert!(child.wait().await.expect("it exits").success());
}

/// Lines come one by one, and one that is too long is an error that loses nothing.
pub(super) async fn reads_lines_up_to_a_limit<G: Asynchronous>() {
    let mut child = piped::<G>("echo-lines", &[]).await;
    let mut stdin = child.stdin.take().expect("it is a pipe");
    stdin
        .write_all(b"short\nthis line is long\nlast")
        .await
        .expect("it listens");
    stdin.close().await.expect("everything arrived");
    let mut stdout = child.stdout.take().expect("it is a pipe");
    stdout.set_limit(10);
    let mut line = String::new();
    assert_eq!(stdout.read_line(&mut line).await, Ok(6));
    for _ in 0..2 {
        assert_eq!(
            stdout.read_line(&mut line).await,
            Err(Error::LimitOverrun { limit: 10 })
        );
    }
    stdout.set_limit(100);
    stdout.read_line(&mut line).await.expect("now it fits");
    stdout.read_line(&mut line).await.expect("this one too");
    assert_eq!(line, "SHORT\nTHIS LINE IS LONG\nLAST\n");
    assert_eq!(stdout.read_line(&mut line).await, Ok(0));
}

/// A stream that ends too early, and a line that is no text, are errors by name.
pub(super) async fn tells_of_an_early_end_and_of_bytes_that_are_no_text<G: Asynchronous>() {
    let mut child = piped::<G>("interleave", &["1"]).await;
    let mut exact = [0; 10];
    let mut stdout = child.stdout.take().expect("it is a pipe");
    let short = stdout.read_exact(&mut exact).await;
    assert_eq!(
        short,
        Err(Error::IncompleteRead {
            read: 6,
            expected: 10
        })
    );
    assert_eq!(&exact[..6], b"out 0\n");

    let mut child = piped::<G>("flood", &["251"]).await;
    let mut stdout = child.stdout.take().expect("it is a pipe");
    let mut line = String::new();
    assert_eq!(stdout.read_line(&mut line).await, Ok(11));
    assert_eq!(stdout.read_line(&mut line).await, Err(Error::NotUtf8));
    assert_eq!(
        stdout.read(&mut exact).await,
        Ok(0),
        "the line was consumed"
    );
}

/// A read that is dropped before it is done loses nothing.
pub(super) async fn cancels_reads_and_loses_nothing<G: Asynchronous>() {
    let mut child = piped::<G>("flood", &["100000"]).await;
    let mut stdout = child.stdout.take().expect("it is a pipe");
    let mut bytes = Vec::with_capacity(200_000);
    while bytes.len() < 100_000 {
        let done = once(stdout.read_buf(&mut bytes)).await;
        assert_ne!(done, Some(Ok(0)), "it ends after {} bytes", bytes.len());
        let mut few = [0; 97];
        let read = stdout.read(&mut few).await.expect("it can be read");
        bytes.extend_from_slice(&few[..read]);
    }
    assert!(bytes.len() == 100_000 && is_flood(&bytes));
}

/// A read that waits, and is dropped, leaves the next line to the next read.
pub(super) async fn cancels_a_read_that_waits<G: Asynchronous>() {
    let mut child = piped::<G>("echo-lines", &[]).await;
    let mut line = String::new();
    for word in ["one\n", "two\n"] {
        let stdout = child.stdout.as_mut().expect("it is a pipe");
        assert_eq!(
            once(stdout.read_line(&mut line)).await,
            None,
            "nothing was written yet"
        );
        let stdin = child.stdin.as_mut().expect("it is a pipe");
        stdin.write_all(word.as_bytes()).await.expect("it listens");
        let stdout = child.stdout.as_mut().expect("it is a pipe");
        stdout.read_line(&mut line).await.expect("it answers");
    }
    assert_eq!(line, "ONE\nTWO\n");
}

/// A write that waits can be dropped, and the child lives on.
pub(super) async fn cancels_a_write_that_waits<G: Asynchronous>() {
    let mut child = piped::<G>("close-stdin-then-wait", &[]).await;
    drop(child.stdout.take());
    let mut sleeper = piped::<G>("ignore-term", &[]).await;
    let mut stdin = sleeper.stdin.take().expect("it is a pipe");
    let megabyte = vec![b'x'; 1 << 20];
    assert_eq!(
        once(stdin.write_all(&megabyte)).await,
        None,
        "it does not read"
    );
    drop(stdin);
    assert_eq!(first_line::<G>(&mut sleeper).await, "ready");
    assert_eq!(sleeper.try_wait(), Ok(None));
}

/// Writing to a child that has closed its input, or is gone, is an error by name.
pub(super) async fn breaks_a_pipe_as_an_error<G: Asynchronous>() {
    let mut child = piped::<G>("close-stdin-then-wait", &[]).await;
    assert_eq!(first_line::<G>(&mut child).await, "closed");
    let mut stdin = child.stdin.take().expect("it is a pipe");
    let megabyte = vec![b'x'; 1 << 20];
    assert_eq!(stdin.write_all(&megabyte).await, Err(Error::BrokenPipe));
    assert_eq!(
        stdin.write_all(b"x").await,
        Err(Error::BrokenPipe),
        "and it stays broken"
    );
    assert_eq!(child.try_wait(), Ok(None));

    let mut child = piped::<G>("exit-with", &["0"]).await;
    let mut stdin = child.stdin.take().expect("it is a pipe");
    assert!(child.wait().await.expect("it exits").success());
    assert_eq!(stdin.write_all(&megabyte).await, Err(Error::BrokenPipe));
}

/// That a child has closed its input is an event, although nothing is written.
pub(super) async fn tells_that_a_child_closed_its_input<G: Asynchronous>() {
    let mut child = piped::<G>("close-stdin-then-wait", &[]).await;
    let mut stdin = child.stdin.take().expect("it is a pipe");
    assert_eq!(stdin.closed().await, Ok(()));
    assert_eq!(
        child.try_wait(),
        Ok(None),
        "it has closed its input, and stays"
    );

    let mut child = piped::<G>("echo-lines", &[]).await;
    let mut stdin = child.stdin.take().expect("it is a pipe");
    assert_eq!(once(stdin.closed()).await, None);
    stdin.write_all(b"still\n").await.expect("it listens");
    assert_eq!(first_line::<G>(&mut child).await, "STILL");
    child.kill().expect("it runs");
    assert_eq!(stdin.closed().await, Ok(()));
}

/// A small input that was written is there, even if the stream is dropped at once.
pub(super) async fn delivers_what_was_written_before_a_drop<G: Asynchronous>() {
    for size in [1, 4096, 65_536, 65_537, 300_000] {
        let mut child = piped::<G>("sink", &[]).await;
        let mut stdin = child.stdin.take().expect("it is a pipe");
        stdin
            .write_all(&vec![b'x'; size])
            .await
            .expect("it listens");
        drop(stdin);
        let line = first_line::<G>(&mut child).await;
        assert_eq!(line.split(' ').next(), Some(size.to_string().as_str()));
    }
}

/// Nobody reads, so the child waits, and costs nothing but its pipe.
pub(super) async fn holds_a_flood_back<G: Asynchronous>() {
    let mut child = piped::<G>("flood", &["forever"]).await;
    let stdout = child.stdout.as_mut().expect("it is a pipe");
    let mut some = vec![0; 1000];
    stdout.read_exact(&mut some).await.expect("it writes");
    assert!(is_flood(&some));
    assert_eq!(child.try_wait(), Ok(None));
    child.kill().expect("it runs");
    let status = child.wait().await.expect("it ends");
    assert_eq!(status.signal(), Some(Signal::Kill));
    let left = rest::<G>(&mut child).await;
    assert!(left.len() < 4 << 20, "{} bytes were waiting", left.len());
}

/// A child whose output nobody wants any more gets `SIGPIPE`, as in a shell.
pub(super) async fn ends_a_child_whose_output_is_dropped<G: Asynchronous>() {
    let mut child = piped::<G>("flood", &["forever"]).await;
    drop(child.stdout.take());
    let status = child.wait().await.expect("it ends");
    assert_eq!(
        (status.signal(), status.returncode()),
        (Some(Signal::Pipe), -13)
    );
    assert_eq!(status.cause(), None, "nobody in the host ended it");
}

/// One pipe for both outputs keeps the order of what the child writes.
pub(super) async fn merges_errors_in_order<G: Asynchronous>() {
    let mut command = command::<G>("interleave", &["50"]);
    command.stdout(Stdio::piped()).stderr(Stdio::stdout());
    let mut child = start(&mut command).await;
    assert!(child.stderr.is_none());
    let text = String::from_utf8(rest::<G>(&mut child).await).expect("it is text");
    let expected: String = (0..50).map(|n| format!("out {n}\nerr {n}\n")).collect();
    assert_eq!(text, expected);
}

/// Three children in a row, joined by pipes that the guest never touches.
pub(super) async fn joins_a_pipeline_of_three<G: Asynchronous>() {
    let mut first = command::<G>("interleave", &["2000"]);
    let mut first = start(first.stdout(Stdio::piped())).await;
    let mut second = Command::<G>::new("echo-lines");
    second
        .stdin(first.stdout.take().expect("it is a pipe"))
        .stdout(Stdio::piped());
    let mut second = start(&mut second).await;
    let mut third = Command::<G>::new("sink");
    third
        .stdin(second.stdout.take().expect("it is a pipe"))
        .stdout(Stdio::piped());
    let mut third = start(&mut third).await;

    let text: String = (0..2000).map(|n| format!("OUT {n}\n")).collect();
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    assert_eq!(
        first_line::<G>(&mut third).await,
        format!("{} {hash:016x}", text.len())
    );
    for child in [&mut first, &mut second, &mut third] {
        assert!(child.wait().await.expect("it exits").success());
    }
}

/// The errors of a child can be the input of another as well.
pub(super) async fn joins_standard_error<G: Asynchronous>() {
    let mut first = command::<G>("interleave", &["3"]);
    let mut first = start(first.stderr(Stdio::piped())).await;
    let mut second = Command::<G>::new("echo-lines");
    second.stdin(first.stderr.take().expect("it is a pipe"));
    let output = second.output().await.expect("it runs");
    assert_eq!(output.stdout, b"ERR 0\nERR 1\nERR 2\n");
}

/// Where the reader of a pipeline is gone, the writer learns of it.
pub(super) async fn breaks_a_pipeline_whose_reader_is_gone<G: Asynchronous>() {
    let mut first = command::<G>("flood", &["forever"]);
    let mut first = start(first.stdout(Stdio::piped())).await;
    let mut second = command::<G>("take-n", &["10"]);
    second.stdin(first.stdout.take().expect("it is a pipe"));
    assert_eq!(second.output().await.expect("it runs").stdout.len(), 10);
    assert_eq!(
        first.wait().await.expect("it ends").signal(),
        Some(Signal::Pipe)
    );
}

/// The end is there for the next read, whenever the one before it was dropped.
pub(super) async fn reads_the_end_after_a_read_that_was_dropped<G: Asynchronous>() {
    for _ in 0..20 {
        let mut child = piped::<G>("exit-with", &["0"]).await;
        let mut stdout = child.stdout.take().expect("it is a pipe");
        let mut byte = [0; 1];
        let early = once(stdout.read(&mut byte)).await;
        assert!(child.wait().await.expect("it exits").success());
        let late = once(stdout.read(&mut byte)).await;
        for read in [early, late].into_iter().flatten() {
            assert_eq!(read, Ok(0));
        }
        assert_eq!(stdout.read(&mut byte).await, Ok(0));
    }
}

/// A pipe is broken for the next write, whenever the one before it was dropped.
pub(super) async fn finds_a_broken_pipe_after_a_write_that_was_dropped<G: Asynchronous>() {
    let megabyte = vec![b'x'; 1 << 20];
    for _ in 0..20 {
        let mut child = piped::<G>("exit-with", &["0"]).await;
        let mut stdin = child.stdin.take().expect("it is a pipe");
        let early = once(stdin.write_all(&megabyte)).await;
        assert!(child.wait().await.expect("it exits").success());
        let late = once(stdin.write_all(&megabyte)).await;
        for written in [early, late].into_iter().flatten() {
            assert_eq!(written, Err(Error::BrokenPipe));
        }
        assert_eq!(stdin.write_all(&megabyte).await, Err(Error::BrokenPipe));
    }
}
