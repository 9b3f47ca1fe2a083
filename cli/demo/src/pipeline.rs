//! Three programs in a row. No byte of it passes through the guest or the host.

use crate::Result;
use crate::transcript::Transcript;
use offspring::FileMode;
use offspring::p3::{Command, Stdio};
use std::fs;

pub async fn run(transcript: &Transcript) -> Result {
    fs::write("fruit.txt", "apple\npear\napple\nplum\npear\napple\n")?;
    transcript.command("sort < fruit.txt | uniq -c | sort -rn > counts.txt");
    let mut sorted = Command::new("sort")
        .stdin(Stdio::file("fruit.txt", FileMode::Read))
        .stdout(Stdio::piped())
        .spawn()
        .await?;
    let mut counted = Command::new("uniq")
        .arg("-c")
        .stdin(sorted.stdout.take().expect("it is a pipe"))
        .stdout(Stdio::piped())
        .spawn()
        .await?;
    let mut ranked = Command::new("sort")
        .arg("-rn")
        .stdin(counted.stdout.take().expect("it is a pipe"))
        .stdout(Stdio::file("counts.txt", FileMode::Truncate))
        .spawn()
        .await?;
    let ends = futures::try_join!(sorted.wait(), counted.wait(), ranked.wait())?;
    transcript.output(&fs::read_to_string("counts.txt")?);
    let codes = [ends.0, ends.1, ends.2].map(|end| end.returncode().to_string());
    transcript.marked("return codes:", &codes.join(" "));
    Ok(())
}
