//! Writing a child's input, reading its outputs and waiting for its exit, all at once.

use super::pipe::{ReadEnd, WriteEnd};
use super::{Exit, Pipes, Wait};
use crate::budget::{Budget, Share};
use crate::deferred::Deferred;
use crate::error::{ErrorCode, IoError, Limit};
use crate::limits::{COMMUNICATE_BYTES, COPY_BYTES};
use futures::future::join;
use std::convert::Infallible;
use std::future::{Future, pending, poll_fn};
use tokio::task::JoinSet;

/// What a child wrote to one of its streams.
#[derive(Debug)]
pub struct Captured {
    pub data: Vec<u8>,
    pub truncated: bool,
    /// What the data counts for; given back with it.
    share: Share,
}

/// What came of a `communicate`.
#[derive(Debug)]
pub struct Output {
    pub stdout: Option<Captured>,
    pub stderr: Option<Captured>,
    pub exit: Exit,
}

/// Start to communicate, in a task of its own, so that it goes on whatever the guest waits for. It
/// takes the standard streams out of `pipes`.
///
/// Dropping what is returned closes the pipes.
pub(crate) fn start(
    pipes: &mut Pipes,
    input: Option<Vec<u8>>,
    limit: u64,
    wait: Wait,
    memory: &Budget,
) -> Deferred<Output> {
    let (stdin, stdout, stderr) = (pipes.stdin.take(), pipes.stdout.take(), pipes.stderr.take());
    let input = input.unwrap_or_default();
    let Some(share) = memory.take(input.len() as u64) else {
        return Deferred::ready(Err(ErrorCode::LimitReached(Limit::Memory)));
    };
    let limit = limit.min(COMMUNICATE_BYTES);
    let capture = |pipe| Capture::new(pipe, limit, memory.share());
    let (stdout, stderr) = (stdout.map(capture), stderr.map(capture));
    let feed = feed(stdin, input, share);
    let mut task = JoinSet::new();
    task.spawn(communicate(feed, stdout, stderr, wait));
    Deferred::pending(async move {
        match task.join_next().await {
            Some(Ok(result)) => result,
            ended => {
                tracing::error!(?ended, "communicate ended early");
                Err(ErrorCode::Io(IoError::Other))
            }
        }
    })
}

async fn communicate(
    feed: impl Future<Output = ()>,
    mut stdout: Option<Capture>,
    mut stderr: Option<Capture>,
    mut wait: Wait,
) -> Result<Output, ErrorCode> {
    // A descendant may hold a pipe after the exit: the supervisor sees to it that this has an end.
    let read = async {
        join(capture(stdout.as_mut()), capture(stderr.as_mut())).await;
        wait.exited().await
    };
    // A child that does not read all of its input is no error, so nothing waits for the writing.
    let write = async {
        feed.await;
        pending::<Infallible>().await
    };
    let exit = tokio::select! {
        never = write => match never {},
        exit = read => exit,
    };
    Ok(Output {
        stdout: stdout.map(Capture::finish).transpose()?,
        stderr: stderr.map(Capture::finish).transpose()?,
        exit: exit?,
    })
}

/// Write all of `input` and close the pipe. What the child does not take is dropped, as asyncio's
/// `communicate` does with a broken pipe.
async fn feed(stdin: Option<WriteEnd>, input: Vec<u8>, _share: Share) {
    if let Some(stdin) = stdin
        && let Err(error) = stdin.write_all(&input).await
    {
        tracing::debug!(%error, "the child did not read all of its input");
    }
}

async fn capture(stream: Option<&mut Capture>) {
    if let Some(stream) = stream {
        stream.fill().await;
    }
}

/// One stream, and what was read from it so far.
struct Capture {
    /// The pipe; gone, and so closed, once it has ended or the limit is reached.
    pipe: Option<ReadEnd>,
    limit: u64,
    captured: Captured,
    failure: Option<ErrorCode>,
}

impl Capture {
    fn new(pipe: ReadEnd, limit: u64, share: Share) -> Self {
        Self {
            pipe: Some(pipe),
            limit,
            captured: Captured {
                data: Vec::new(),
                truncated: false,
                share,
            },
            failure: None,
        }
    }

    /// Read to the end or to the limit. What was read stays when this is cancelled.
    async fn fill(&mut self) {
        let mut chunk = vec![0; COPY_BYTES];
        while let Some(pipe) = &mut self.pipe {
            let read = match poll_fn(|cx| pipe.poll_read(cx, &mut chunk)).await {
                Ok(read) => read,
                Err(error) => {
                    match ErrorCode::from(error) {
                        ErrorCode::LimitReached(Limit::Drain) => self.captured.truncated = true,
                        failure => self.failure = Some(failure),
                    }
                    0
                }
            };
            if read == 0 {
                self.captured.truncated |= pipe.overdrawn();
                self.pipe = None;
                break;
            }
            let room = self.limit - self.captured.share.amount();
            let mut kept = usize::try_from(room).map_or(read, |room| room.min(read));
            if !self.captured.share.grow(kept as u64) {
                kept = 0;
            }
            self.captured.data.extend_from_slice(&chunk[..kept]);
            if kept < read {
                // There was more than fits, or the guest has too much already. Closing the pipe ends a child that goes on writing.
                self.captured.truncated = true;
                self.pipe = None;
            }
        }
    }

    fn finish(mut self) -> Result<Captured, ErrorCode> {
        // A pipe that is still open was not read to its end.
        self.captured.truncated |= self.pipe.is_some();
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self.captured),
        }
    }
}
