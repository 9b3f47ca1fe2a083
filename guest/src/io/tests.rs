//! Readers, on a script instead of a child.

use std::rc::Rc;

use super::{PipeReader, PipeWriter};
use crate::backend::Pipe;
use crate::fake::{Fake, FakeChild, now};
use crate::handle::Handle;
use crate::{Error, IoError, Stdio};

#[test]
fn a_line_over_the_limit_is_refused_and_kept() {
    let mut reader = FakeChild::writing(&["abc", "def\n"]).reader();
    reader.set_limit(4);
    let mut line = Vec::new();
    let overrun = now(reader.read_until(b'\n', &mut line));
    assert_eq!(overrun, Err(Error::LimitOverrun { limit: 4 }));
    assert_eq!(now(reader.read_to_end(&mut line)), Ok(7));
    assert_eq!(line, b"abcdef\n");
}

#[test]
fn a_line_that_is_not_text_is_refused_and_consumed() {
    let handle = Handle::<Fake>::new(FakeChild::writing(&["\u{e9}\nx\n"]));
    let mut reader = PipeReader::new(&handle, Pipe::Stdout);
    // Half of the letter, and then the other half as the start of a line.
    assert_eq!(now(reader.read(&mut [0])), Ok(1));
    let mut line = String::new();
    assert_eq!(now(reader.read_line(&mut line)), Err(Error::NotUtf8));
    assert_eq!(now(reader.read_line(&mut line)), Ok(2));
    assert_eq!(line, "x\n");
}

#[test]
fn a_stream_that_is_too_short_says_how_short() {
    let mut reader = FakeChild::writing(&["ab", "c"]).reader();
    let mut four = [0; 4];
    let incomplete = Err(Error::IncompleteRead {
        read: 3,
        expected: 4,
    });
    assert_eq!(now(reader.read_exact(&mut four)), incomplete);
    assert_eq!(&four, b"abc\0");
}

#[test]
fn an_error_comes_after_the_data_and_once() {
    let mut reader = FakeChild::failing_after(&["ab"]).reader();
    let mut all = Vec::new();
    assert_eq!(
        now(reader.read_to_end(&mut all)),
        Err(Error::Io(IoError::Io))
    );
    assert_eq!(all, b"ab");
    assert_eq!(now(reader.read_buf(&mut all)), Ok(0));
}

#[test]
fn lines_lose_their_ends_and_the_last_needs_none() {
    let mut lines = FakeChild::writing(&["a\r", "\n\n", "b"]).reader().lines();
    for expected in [Some("a"), Some(""), Some("b"), None, None] {
        assert_eq!(now(lines.next_line()), Ok(expected.map(str::to_owned)));
    }
}

#[test]
fn exact_reads_and_delimiters_share_a_buffer() {
    let mut reader = FakeChild::writing(&["a:b", ";c"]).reader();
    let (mut part, mut two) = (Vec::new(), [0; 2]);
    assert_eq!(now(reader.read_until(b':', &mut part)), Ok(2));
    assert_eq!(now(reader.read_exact(&mut two)), Ok(()));
    assert_eq!(&two, b"b;");
    assert_eq!(now(reader.read_buf(&mut part)), Ok(1));
    assert_eq!(part, b"a:c");
}

#[test]
fn a_pipe_is_opened_on_first_use_and_closed_if_never_used() {
    let child = FakeChild::writing(&["x"]);
    let opened = Rc::clone(&child.opened);
    let handle = Handle::<Fake>::new(child);
    let reader = PipeReader::new(&handle, Pipe::Stdout);
    let writer = PipeWriter::new(&handle, Pipe::Stdin);
    assert!(opened.borrow().is_empty());
    drop((reader, writer));
    assert_eq!(*opened.borrow(), [Pipe::Stdout, Pipe::Stdin]);
}

#[test]
fn a_pipe_outlives_its_child_unread() {
    let handle = Handle::<Fake>::new(FakeChild::writing(&["x"]));
    let mut reader = PipeReader::new(&handle, Pipe::Stdout);
    handle.release();
    let mut all = Vec::new();
    assert_eq!(now(reader.read_to_end(&mut all)), Ok(1));
}

#[test]
fn only_a_pipe_that_nobody_read_joins_another_child() {
    let child = FakeChild::writing(&["x"]);
    let opened = Rc::clone(&child.opened);
    let handle = Handle::<Fake>::new(child);
    let fresh: Stdio<Fake> = PipeReader::new(&handle, Pipe::Stdout).into();
    assert_eq!(format!("{fresh:?}"), "Child(Stdout)");
    assert!(opened.borrow().is_empty());

    let mut used = FakeChild::writing(&["x"]).reader();
    assert_eq!(now(used.read(&mut [0])), Ok(1));
    assert_eq!(format!("{:?}", Stdio::<Fake>::from(used)), "Spent");
}
