//! What the cases share.

use futures::poll;
use offspring::{Asynchronous, Child, Command, Error, Generation, Output, Stdio};
use std::future::Future;
use std::pin::pin;

/// What the test tells its case, beside the name.
///
/// # Panics
///
/// Where that is nothing.
pub fn given() -> String {
    std::env::args().nth(2).expect("the test tells it")
}

/// A child of a generation.
pub type ChildOf<G> = Child<<G as Generation>::Backend>;

/// A command with these arguments, and no streams.
pub fn command<G: Asynchronous>(program: &str, args: &[&str]) -> Command<G> {
    let mut command = Command::new(program);
    command.args(args);
    command
}

/// A running child with a pipe for each stream.
///
/// # Panics
///
/// Where it does not start.
pub async fn piped<G: Asynchronous>(program: &str, args: &[&str]) -> ChildOf<G> {
    let mut command = command::<G>(program, args);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    start(&mut command).await
}

/// A running child.
///
/// # Panics
///
/// Where it does not start.
pub async fn start<G: Asynchronous>(command: &mut Command<G>) -> ChildOf<G> {
    let child = command.spawn().await;
    child.unwrap_or_else(|error| panic!("{command:?} does not start: {error:?}"))
}

/// What a command writes until it exits, with success.
///
/// # Panics
///
/// Where it fails.
pub async fn output<G: Asynchronous>(program: &str, args: &[&str]) -> Output {
    succeed(&mut command::<G>(program, args)).await
}

/// What a command writes until it exits, with success.
///
/// # Panics
///
/// Where it fails.
pub async fn succeed<G: Asynchronous>(command: &mut Command<G>) -> Output {
    match command.output().await {
        Ok(output) if output.status.success() => output,
        other => panic!("{command:?}: {other:?}"),
    }
}

/// Holds the error of a spawn against the one that is to come.
///
/// # Panics
///
/// Where it is another, or the program runs.
#[track_caller]
pub fn refused<T>(spawned: Result<T, Error>, expected: Error) {
    assert_eq!(spawned.err(), Some(expected));
}

/// The first line that a child writes, without its end.
///
/// # Panics
///
/// Where there is none.
pub async fn first_line<G: Asynchronous>(child: &mut ChildOf<G>) -> String {
    let stdout = child.stdout.as_mut().expect("standard output is a pipe");
    let mut line = String::new();
    stdout.read_line(&mut line).await.expect("a line comes");
    line.trim_end().to_owned()
}

/// All that is left of a child's output.
///
/// # Panics
///
/// Where it cannot be read.
pub async fn rest<G: Asynchronous>(child: &mut ChildOf<G>) -> Vec<u8> {
    let mut stdout = child.stdout.take().expect("standard output is a pipe");
    let mut rest = Vec::new();
    stdout
        .read_to_end(&mut rest)
        .await
        .expect("the pipe can be read");
    rest
}

/// The lines of a recorder that begin with a word, without it.
pub fn recorded<'a>(output: &'a Output, word: &str) -> Vec<&'a str> {
    let text = str::from_utf8(&output.stdout).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    lines
        .filter(|(first, _)| *first == word)
        .map(|(_, rest)| rest)
        .collect()
}

/// Polls a future once and drops it, as a guest does that loses interest.
pub async fn once<T>(future: impl Future<Output = T>) -> Option<T> {
    match poll!(pin!(future)) {
        std::task::Poll::Ready(value) => Some(value),
        std::task::Poll::Pending => None,
    }
}

/// Every order of so many things.
pub fn orders(count: usize) -> Vec<Vec<usize>> {
    let Some(last) = count.checked_sub(1) else {
        return vec![Vec::new()];
    };
    let shorter = orders(last);
    let with_last = |order: &Vec<usize>| {
        let order = order.clone();
        (0..count).map(move |place| {
            let mut order = order.clone();
            order.insert(place, last);
            order
        })
    };
    shorter.iter().flat_map(with_last).collect()
}
