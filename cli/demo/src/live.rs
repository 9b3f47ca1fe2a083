//! Output while the program still runs, and its end by a signal.

use crate::Result;
use crate::transcript::Transcript;
use offspring::p3::{Command, Stdio, sleep};
use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

/// How long the guest takes for a line.
const PACE: Duration = Duration::from_millis(150);

pub async fn run(transcript: &Transcript) -> Result {
    let mut log = File::create("build.log")?;
    transcript.command("tail -f build.log");
    let mut tail = Command::new("tail")
        .args(["-f", "build.log"])
        .stdout(Stdio::piped())
        .spawn()
        .await?;
    let mut lines = tail.stdout.take().expect("it is a pipe").lines();
    let start = Instant::now();
    for step in ["compiling", "linking", "done"] {
        sleep(PACE).await;
        writeln!(log, "{step}")?;
        let line = lines.next_line().await?.unwrap_or_default();
        transcript.marked(&format!("{:.2} s", start.elapsed().as_secs_f32()), &line);
    }
    tail.terminate()?;
    let end = tail.wait().await?;
    transcript.marked(
        "ended:",
        &format!("{end}, return code {}", end.returncode()),
    );
    Ok(())
}
