//! What the policy refuses. The operator is told why; the guest, only what.

use crate::Result;
use crate::transcript::Transcript;
use offspring::p3::Command;

pub async fn program(transcript: &Transcript) -> Result {
    refused(transcript, "curl", &["https://example.org"]).await
}

pub async fn arguments(transcript: &Transcript) -> Result {
    refused(transcript, "git", &["-c", "core.fsmonitor=sh", "status"]).await
}

async fn refused(transcript: &Transcript, program: &str, args: &[&str]) -> Result {
    transcript.command(&format!("{program} {}", args.join(" ")));
    match Command::new(program).args(args).spawn().await {
        Ok(_) => Err("this should have been refused")?,
        Err(error) => transcript.marked("the guest is told:", &error.to_string()),
    }
    Ok(())
}
