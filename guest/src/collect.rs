//! Collecting in the guest, where a stream was read from before, so that the
//! host cannot do it.

use std::future::Future;

use futures::future::join4;

use crate::backend::{Backend, CHUNK};
use crate::io::{PipeReader, PipeWriter};
use crate::{Captured, Communicated, Error, ExitStatus, Limit, Result};

/// As the contract's `communicate`, on streams that may have been used.
pub(crate) async fn collect<B: Backend>(
    input: Option<&[u8]>,
    limit: u64,
    stdin: Option<PipeWriter<B>>,
    stdout: Option<PipeReader<B>>,
    stderr: Option<PipeReader<B>>,
    wait: impl Future<Output = Result<ExitStatus>>,
) -> Result<Communicated> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let work = join4(
        feed(stdin, input),
        drain(stdout, limit),
        drain(stderr, limit),
        wait,
    );
    let (fed, stdout, stderr, status) = work.await;
    fed?;
    Ok(Communicated {
        status: status?,
        stdout: stdout?,
        stderr: stderr?,
    })
}

/// Write and close. A child that does not read is no error.
async fn feed<B: Backend>(stdin: Option<PipeWriter<B>>, input: Option<&[u8]>) -> Result<()> {
    let Some(mut stdin) = stdin else {
        return Ok(());
    };
    let written = match input {
        Some(input) => stdin.write_all(input).await,
        None => Ok(()),
    };
    let closed = match written {
        Ok(()) => stdin.close().await,
        Err(error) => Err(error),
    };
    match closed {
        Err(Error::BrokenPipe) => Ok(()),
        other => other,
    }
}

/// Read to the end, to the limit, or as long as the host reads on.
async fn drain<B: Backend>(
    reader: Option<PipeReader<B>>,
    limit: usize,
) -> Result<Option<Captured>> {
    let Some(mut reader) = reader else {
        return Ok(None);
    };
    let mut data = Vec::new();
    let mut truncated = true;
    while data.len() <= limit {
        data.reserve(CHUNK);
        match reader.read_buf(&mut data).await {
            Ok(0) => {
                truncated = false;
                break;
            }
            Ok(_) => {}
            Err(Error::LimitReached(Limit::Drain)) => break,
            Err(error) => return Err(error),
        }
    }
    data.truncate(limit);
    Ok(Some(Captured { data, truncated }))
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::collect;
    use crate::fake::{FakeChild, now};
    use crate::{Error, ExitStatus, IoError, Limit};

    #[test]
    fn what_a_descendant_holds_is_truncated_and_no_error() {
        for (error, expected) in [
            (
                Error::LimitReached(Limit::Drain),
                Ok((b"all of it".to_vec(), true)),
            ),
            (Error::Io(IoError::Io), Err(Error::Io(IoError::Io))),
        ] {
            let stdout = FakeChild::failing_with(&["all ", "of it"], error).reader();
            let exit = ready(Ok(ExitStatus::from_code(0)));
            let collected = now(collect(None, 100, None, Some(stdout), None, exit));
            let stdout = collected.map(|it| it.stdout.expect("it is a pipe"));
            assert_eq!(stdout.map(|it| (it.data, it.truncated)), expected);
        }
    }
}
