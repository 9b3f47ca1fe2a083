//! The order of the callbacks, on a script instead of a child.

use super::{Protocol, Transport};
use crate::fake::{Fake, now};
use crate::{Command, Error};

/// Writes down what it is told, and answers the first data with the end of input.
#[derive(Default)]
struct Diary {
    lines: Vec<String>,
    transport: Option<Transport>,
}

impl Protocol for Diary {
    fn connection_made(&mut self, transport: Transport) {
        self.lines.push(format!("made {}", transport.pid()));
        self.transport = Some(transport);
    }

    fn pipe_data_received(&mut self, fd: u32, data: &[u8]) {
        self.lines
            .push(format!("{fd}: {}", String::from_utf8_lossy(data)));
        self.transport.as_ref().expect("it was made").write_eof();
    }

    fn pipe_connection_lost(&mut self, fd: u32, error: Option<Error>) {
        self.lines.push(format!("lost {fd} {error:?}"));
    }

    fn process_exited(&mut self) {
        let returncode = self.transport.as_ref().and_then(Transport::returncode);
        self.lines.push(format!("exited {returncode:?}"));
    }

    fn connection_lost(&mut self, error: Option<Error>) {
        self.lines.push(format!("over {error:?}"));
    }
}

#[test]
fn a_protocol_is_told_everything_in_order() {
    let mut command = Command::<Fake>::new("fake");
    command.args(["one", "two"]);
    let (status, diary) =
        now(async { command.connect(Diary::default()).await?.await }).expect("nothing fails");
    assert!(status.success());
    assert_eq!(diary.lines.first().map(String::as_str), Some("made 7"));
    assert_eq!(diary.lines.last().map(String::as_str), Some("over None"));
    for line in [
        "1: one",
        "1: two",
        "lost 0 None",
        "lost 1 None",
        "lost 2 None",
        "exited Some(0)",
    ] {
        assert!(
            diary.lines.iter().any(|it| it == line),
            "{line} in {:?}",
            diary.lines
        );
    }
}

#[test]
fn a_closed_transport_closes_the_pipes_and_nothing_is_written_any_more() {
    let mut command = Command::<Fake>::new("fake");
    command.args(["one"]);
    let connection = now(command.connect(Diary::default())).expect("nothing fails");
    let transport = connection.transport();
    transport.close();
    transport.write(b"late");
    assert_eq!(transport.write_buffer_size(), 0);
    let (_, diary) = now(connection).expect("nothing fails");
    assert!(
        !diary.lines.iter().any(|it| it == "1: one"),
        "{:?}",
        diary.lines
    );
    assert!(
        diary.lines.iter().any(|it| it == "lost 1 None"),
        "{:?}",
        diary.lines
    );
}

#[test]
fn signals_after_the_end_are_refused() {
    let connection = now(Command::<Fake>::new("fake").connect(Diary::default()));
    let transport = connection.expect("nothing fails").transport();
    assert_eq!(transport.kill(), Err(Error::AlreadyExited));
    assert_eq!(transport.terminate(), Err(Error::AlreadyExited));
}
