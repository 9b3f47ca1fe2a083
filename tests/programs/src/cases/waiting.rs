//! The end of a child, and who learns of it.

use crate::support::{command, first_line, once, piped, start};
use futures::future::{join, join_all, join3};
use offspring::{Asynchronous, EndCause, Error, ExitStatus, Protocol, Signal, Stdio, Transport};
use std::cell::RefCell;
use std::rc::Rc;

/// Waiting gives the exit code.
pub(super) async fn waits_for_an_exit<G: Asynchronous>() {
    let status = command::<G>("exit-with", &["7"])
        .status()
        .await
        .expect("it runs");
    assert_eq!(
        (status.code(), status.signal(), status.cause()),
        (Some(7), None, None)
    );
    assert!(!status.success());
}

/// Each of the 256 codes is reported as it is.
pub(super) async fn reports_every_exit_code<G: Asynchronous>() {
    for codes in (0..=255).collect::<Vec<i32>>().chunks(8) {
        let runs = codes.iter().map(|code| async move {
            let status = command::<G>("exit-with", &[&code.to_string()])
                .status()
                .await;
            assert_eq!(status.expect("it runs").returncode(), *code);
        });
        join_all(runs).await;
    }
}

/// A signal that ended a child is reported by its name, and as a negative number.
pub(super) async fn reports_a_signal<G: Asynchronous>() {
    for (name, signal) in [
        ("SIGTERM", Signal::Term),
        ("SIGKILL", Signal::Kill),
        ("SIGHUP", Signal::Hup),
        ("SIGUSR2", Signal::Usr2),
        ("SIGALRM", Signal::Alrm),
        ("SIGSYS", Signal::Sys),
    ] {
        let mut child = start(&mut command::<G>("kill-self", &[name])).await;
        let status = child.wait().await.expect("it ends");
        assert_eq!((status.signal(), status.code()), (Some(signal), None));
        assert_eq!(status.returncode(), -signal.number());
        assert_eq!(status.cause(), None);
        assert_eq!(child.returncode(), Some(-signal.number()));
    }
}

/// Any number may wait, before the exit and after it, and all learn the same.
pub(super) async fn waits_many_times<G: Asynchronous>() {
    let mut child = piped::<G>("echo-lines", &[]).await;
    assert_eq!((child.try_wait(), child.returncode()), (Ok(None), None));
    let waiters: Vec<_> = (0..20).map(|_| child.waiter()).collect();
    drop(child.stdin.take());
    let ends = join_all(waiters).await;
    let expected = ExitStatus::from_code(0);
    assert!(ends.iter().all(|end| *end == Ok(expected)), "{ends:?}");
    assert_eq!(child.wait().await, Ok(expected));
    assert_eq!(child.wait().await, Ok(expected));
    assert_eq!(child.waiter().await, Ok(expected));
    assert_eq!(
        (child.try_wait(), child.returncode()),
        (Ok(Some(expected)), Some(0))
    );
    let late = child.waiter();
    drop(child);
    assert_eq!(late.await, Ok(expected), "a wait outlives the child");
}

/// The exit is known although a descendant still holds the output.
pub(super) async fn waits_not_for_a_held_pipe<G: Asynchronous>() {
    let mut child = piped::<G>("hold-pipe", &[]).await;
    println!("{}", first_line::<G>(&mut child).await);
    assert!(child.wait().await.expect("it exits").success());
    let stdout = child.stdout.as_mut().expect("it is a pipe");
    let mut more = [0; 1];
    assert_eq!(once(stdout.read(&mut more)).await, None, "it is held");
}

/// `wait` closes the input, as in the standard library, so that a filter ends.
pub(super) async fn closes_the_input_when_it_waits<G: Asynchronous>() {
    let mut child = piped::<G>("sink", &[]).await;
    let (status, _) = join(child.wait(), async {}).await;
    assert!(status.expect("it exits").success());
}

/// What a protocol was told, in order.
#[derive(Clone, Default)]
struct Diary(Rc<RefCell<Vec<String>>>);

impl Diary {
    fn note(&self, line: impl Into<String>) {
        self.0.borrow_mut().push(line.into());
    }
}

impl Protocol for Diary {
    fn connection_made(&mut self, transport: Transport) {
        assert_eq!(transport.returncode(), None);
        transport.write(b"hello\n");
        transport.write(b"world\n");
        transport.write_eof();
        self.note("made");
    }

    fn pipe_data_received(&mut self, fd: u32, data: &[u8]) {
        self.note(format!("data {fd} {}", String::from_utf8_lossy(data)));
    }

    fn pipe_connection_lost(&mut self, fd: u32, error: Option<Error>) {
        self.note(format!("pipe {fd} lost {error:?}"));
    }

    fn process_exited(&mut self) {
        self.note("exited");
    }

    fn connection_lost(&mut self, error: Option<Error>) {
        self.note(format!("lost {error:?}"));
    }
}

/// A protocol is told everything once, in the order of asyncio.
pub(super) async fn tells_a_protocol<G: Asynchronous>() {
    let diary = Diary::default();
    let mut command = command::<G>("echo-lines", &[]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let connection = command.connect(diary.clone()).await.expect("it starts");
    let transport = connection.transport();
    connection.await.expect("it ends");
    assert_eq!(transport.returncode(), Some(0));

    let notes = diary.0.take();
    let at = |note: &str| {
        let found: Vec<_> = notes.iter().filter(|it| it.as_str() == note).collect();
        assert_eq!(found.len(), 1, "{note} in {notes:?}");
        notes.iter().position(|it| it == note)
    };
    assert_eq!(
        (at("made"), at("lost None")),
        (Some(0), Some(notes.len() - 1))
    );
    for once in [
        "pipe 0 lost None",
        "pipe 1 lost None",
        "pipe 2 lost None",
        "exited",
    ] {
        at(once);
    }
    let data: String = notes
        .iter()
        .filter_map(|it| it.strip_prefix("data 1 "))
        .collect();
    assert_eq!(data, "HELLO\nWORLD\n");
}

/// A wait that is given up changes nothing for the others.
pub(super) async fn cancels_a_wait<G: Asynchronous>() {
    let mut child = piped::<G>("echo-lines", &[]).await;
    let other = child.waiter();
    for _ in 0..3 {
        assert_eq!(once(child.waiter()).await, None);
    }
    let stdin = child.stdin.as_mut().expect("it is a pipe");
    stdin.write_all(b"one\n").await.expect("it listens");
    assert_eq!(first_line::<G>(&mut child).await, "ONE");
    assert_eq!(child.wait().await, Ok(ExitStatus::from_code(0)));
    assert_eq!(other.await, Ok(ExitStatus::from_code(0)));
}

/// A drop reaches everybody who waits: for the end, for output and for input.
pub(super) async fn ends_all_that_waits_for_a_dropped_child<G: Asynchronous>() {
    let mut child = piped::<G>("last-words", &[]).await;
    assert_eq!(first_line::<G>(&mut child).await, "ready");
    let mut stdin = child.stdin.take().expect("it is a pipe");
    let mut stdout = child.stdout.take().expect("it is a pipe");
    let (mut more, input) = (Vec::new(), vec![b'x'; 1 << 20]);
    let ends = join_all([child.waiter(), child.waiter()]);
    let pipes = join(stdout.read_to_end(&mut more), stdin.write_all(&input));
    let dropped = async { drop(child) };
    let (ends, (read, written), ()) = join3(ends, pipes, dropped).await;
    for end in ends {
        let end = end.expect("it ends");
        let how = (end.code(), end.cause());
        assert_eq!(how, (Some(3), Some(EndCause::OwnerGone)));
    }
    assert_eq!((read, written), (Ok(8), Err(Error::BrokenPipe)));
}
