//! Plain tokio, as somebody would write it who needs no sandbox.

use crate::{Transfer, Work};
use anyhow::{Context as _, bail};
use std::os::fd::AsFd;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

/// Do the work and say how long it took.
///
/// # Errors
///
/// A child that fails, or a count that is wrong.
pub async fn run(work: Work) -> anyhow::Result<Duration> {
    let start = Instant::now();
    match work {
        Work::Spawn(count) => spawn(count).await?,
        Work::Read(transfer) => read(transfer).await?,
        Work::Echo(transfer) => echo(transfer).await?,
        Work::Gather(_) | Work::Flood | Work::Dismiss => {
            anyhow::bail!("that is done by guests alone")
        }
    }
    Ok(start.elapsed())
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is what the host is compared with"
)]
fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

async fn spawn(count: usize) -> anyhow::Result<()> {
    for _ in 0..count {
        command("/bin/true").spawn()?.wait().await?;
    }
    Ok(())
}

fn resize(pipe: impl AsFd, size: usize) -> anyhow::Result<()> {
    rustix::pipe::fcntl_setpipe_size(pipe, size)?;
    Ok(())
}

async fn read(Transfer { bytes, pipe, read }: Transfer) -> anyhow::Result<()> {
    let mut child = command("/usr/bin/head")
        .args(["-c", &bytes.to_string(), "/dev/zero"])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdout = child.stdout.take().context("it is a pipe")?;
    resize(&stdout, pipe)?;
    let mut buffer = vec![0; read];
    let mut total = 0;
    loop {
        match stdout.read(&mut buffer).await? {
            0 => break,
            more => total += more,
        }
    }
    child.wait().await?;
    if total != bytes {
        bail!("read {total} of {bytes} bytes");
    }
    Ok(())
}

async fn echo(Transfer { bytes, pipe, read }: Transfer) -> anyhow::Result<()> {
    let mut child = command("/bin/cat")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().context("it is a pipe")?;
    let mut stdout = child.stdout.take().context("it is a pipe")?;
    resize(&stdin, pipe)?;
    resize(&stdout, pipe)?;
    let write = async move {
        let data = vec![0; read];
        let mut left = bytes;
        while left > 0 {
            let chunk = read.min(left);
            stdin.write_all(&data[..chunk]).await?;
            left -= chunk;
        }
        anyhow::Ok(())
    };
    let collect = async {
        let mut buffer = vec![0; read];
        let mut total = 0;
        loop {
            match stdout.read(&mut buffer).await? {
                0 => break anyhow::Ok(total),
                more => total += more,
            }
        }
    };
    let ((), total) = tokio::try_join!(write, collect)?;
    child.wait().await?;
    if total != bytes {
        bail!("read {total} of {bytes} bytes");
    }
    Ok(())
}
