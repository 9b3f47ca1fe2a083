//! What a program reaches beyond the guest's directory.

use crate::Result;
use crate::transcript::Transcript;
use offspring::p3::Command;

pub async fn run(transcript: &Transcript) -> Result {
    show(transcript, "ls", "/").await?;
    match transcript.private() {
        Some(file) => show(transcript, "cat", file).await,
        None => Ok(()),
    }
}

async fn show(transcript: &Transcript, program: &str, path: &str) -> Result {
    transcript.command(&format!("{program} {path}"));
    let output = Command::new(program).arg(path).output().await?;
    let lines = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<_> = lines.lines().collect();
    transcript.output(&lines.join("  "));
    transcript.output(&String::from_utf8_lossy(&output.stderr));
    Ok(())
}
