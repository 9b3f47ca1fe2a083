//! A program that would take too long.

use crate::Result;
use crate::transcript::Transcript;
use offspring::p3::Command;
use std::time::{Duration, Instant};

pub async fn run(transcript: &Transcript) -> Result {
    let deadline = Duration::from_millis(300);
    transcript.command(&format!("sleep 60, with a deadline of {deadline:?}"));
    let start = Instant::now();
    let end = Command::new("sleep")
        .arg("60")
        .deadline(deadline)
        .status()
        .await?;
    transcript.marked(
        "ended:",
        &format!("after {:.2} s: {end}", start.elapsed().as_secs_f32()),
    );
    Ok(())
}
