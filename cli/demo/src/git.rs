//! Real work: a small project under version control.

use crate::Result;
use crate::transcript::Transcript;
use offspring::join;
use offspring::p3::Command;
use std::fs;

pub async fn run(transcript: &Transcript) -> Result {
    fs::write("README.md", "# Written by a guest\n")?;
    fs::write("fruit.txt", "apple\npear\napple\nplum\npear\napple\n")?;
    git(transcript, &["init", "--quiet"]).await?;
    git(transcript, &["status", "--short"]).await?;
    git(transcript, &["add", "--", "README.md", "fruit.txt"]).await?;
    git(transcript, &["commit", "--quiet", "-m", "Begin a project"]).await?;
    git(transcript, &["log", "--format=%h %an: %s", "-n", "3"]).await
}

async fn git(transcript: &Transcript, args: &[&str]) -> Result {
    transcript.command(&format!("git {}", join(args.iter().copied())?));
    let output = Command::new("git").args(args).output().await?;
    transcript.output(&String::from_utf8_lossy(&output.stdout));
    if !output.status.success() {
        transcript.output(&String::from_utf8_lossy(&output.stderr));
        transcript.marked("ended:", &output.status.to_string());
    }
    Ok(())
}
