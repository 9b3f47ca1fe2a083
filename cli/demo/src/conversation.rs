//! Question and answer with one process.

use crate::Result;
use crate::transcript::Transcript;
use offspring::p3::{Command, Stdio};

pub async fn run(transcript: &Transcript) -> Result {
    transcript.command("bc -q");
    let mut bc = Command::new("bc")
        .arg("-q")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .await?;
    let mut questions = bc.stdin.take().expect("it is a pipe");
    let mut answers = bc.stdout.take().expect("it is a pipe").lines();
    for question in ["6 * 7", "2 ^ 64", "scale = 20; sqrt(2)"] {
        transcript.marked("guest:", question);
        questions
            .write_all(format!("{question}\n").as_bytes())
            .await?;
        match answers.next_line().await? {
            Some(answer) => transcript.marked("bc:   ", &answer),
            None => break,
        }
    }
    questions.close().await?;
    let end = bc.wait().await?;
    transcript.marked("ended:", &end.to_string());
    Ok(())
}
