//! What a guest of the benchmark does, in either generation: it takes one order a line, times its
//! own work, and answers with the nanoseconds.

use anyhow::{Context as _, bail};
use futures::future::try_join;
use offspring::{Asynchronous, Child, Command, Stdio};
use std::io::{BufRead as _, Write as _, stdin, stdout};
use std::time::Instant;

/// Serve until standard input ends.
///
/// The orders are `spawn COUNT`, `read BYTES PIPE READ` and `echo BYTES PIPE READ`, where `PIPE`
/// is the size of the pipes and `READ` that of each read and write; `gather COUNT` and `flood`,
/// which leave children behind, and `dismiss`, which ends them.
///
/// # Errors
///
/// An unknown order, a failed child or a count that is wrong.
pub async fn serve<G: Asynchronous>() -> anyhow::Result<()> {
    let mut held = Vec::new();
    for order in stdin().lock().lines() {
        let order = order?;
        let words: Vec<&str> = order.split(' ').collect();
        let numbers: Vec<usize> = words[1..]
            .iter()
            .map(|word| word.parse())
            .collect::<Result<_, _>>()?;
        let start = Instant::now();
        match (words[0], &numbers[..]) {
            ("spawn", &[count]) => spawn::<G>(count).await?,
            ("read", &[bytes, pipe, read]) => self::read::<G>(bytes, pipe, read).await?,
            ("echo", &[bytes, pipe, read]) => echo::<G>(bytes, pipe, read).await?,
            ("gather", &[count]) => gather::<G>(count, &mut held).await?,
            ("flood", &[]) => held.push(flood::<G>().await?),
            ("dismiss", &[]) => dismiss::<G>(&mut held).await?,
            _ => bail!("unknown order: {order}"),
        }
        println!("{}", start.elapsed().as_nanos());
        stdout().flush()?;
    }
    Ok(())
}

async fn spawn<G: Asynchronous>(count: usize) -> anyhow::Result<()> {
    for _ in 0..count {
        let mut child = Command::<G>::new("true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .await?;
        child.wait().await?;
    }
    Ok(())
}

async fn gather<G: Asynchronous>(
    count: usize,
    held: &mut Vec<Child<G::Backend>>,
) -> anyhow::Result<()> {
    for _ in 0..count {
        let mut cat = Command::<G>::new("cat");
        cat.stdin(Stdio::piped()).stdout(Stdio::null());
        held.push(cat.spawn().await?);
    }
    Ok(())
}

async fn flood<G: Asynchronous>() -> anyhow::Result<Child<G::Backend>> {
    let mut cat = Command::<G>::new("cat");
    cat.args(["/dev/zero"]).stdout(Stdio::piped());
    Ok(cat.spawn().await?)
}

async fn dismiss<G: Asynchronous>(held: &mut Vec<Child<G::Backend>>) -> anyhow::Result<()> {
    for child in &mut *held {
        child.kill()?;
    }
    for mut child in held.drain(..) {
        child.wait().await?;
    }
    Ok(())
}

async fn read<G: Asynchronous>(bytes: usize, pipe: usize, read: usize) -> anyhow::Result<()> {
    let mut child = Command::<G>::new("head")
        .args(["-c", &bytes.to_string(), "/dev/zero"])
        .pipe_size(u32::try_from(pipe)?)
        .stdout(Stdio::piped())
        .spawn()
        .await?;
    let mut stdout = child.stdout.take().context("it is a pipe")?;
    let mut buffer = Vec::with_capacity(read);
    let mut total = 0;
    loop {
        buffer.clear();
        match stdout.read_buf(&mut buffer).await? {
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

async fn echo<G: Asynchronous>(bytes: usize, pipe: usize, read: usize) -> anyhow::Result<()> {
    let mut child = Command::<G>::new("cat")
        .pipe_size(u32::try_from(pipe)?)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .await?;
    let mut stdin = child.stdin.take().context("it is a pipe")?;
    let mut stdout = child.stdout.take().context("it is a pipe")?;
    let write = async {
        let mut data = vec![0; read];
        let mut left = bytes;
        while left > 0 {
            data.resize(read.min(left), 0);
            left -= data.len();
            data = stdin.write_vec(data).await?;
        }
        stdin.close().await?;
        anyhow::Ok(())
    };
    let collect = async {
        let mut buffer = Vec::with_capacity(read);
        let mut total = 0;
        loop {
            buffer.clear();
            match stdout.read_buf(&mut buffer).await? {
                0 => break anyhow::Ok(total),
                more => total += more,
            }
        }
    };
    let ((), total) = try_join(write, collect).await?;
    child.wait().await?;
    if total != bytes {
        bail!("read {total} of {bytes} bytes");
    }
    Ok(())
}
