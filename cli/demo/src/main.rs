//! The guest of `offspring demo`: real work with native programs, a look over
//! the fence, and two refusals.
//!
//! It is an ordinary sandboxed component. All that it has is one directory, standard output, and
//! what `policy.toml` beside it allows.

mod conversation;
mod deadline;
mod git;
mod live;
mod outside;
mod pipeline;
mod refusals;
mod transcript;

use std::error::Error;
use transcript::Transcript;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

async fn run() -> Result {
    let transcript = Transcript::from_arguments();
    if transcript.step("git, on files that the guest has just written", &["git"]) {
        git::run(&transcript).await?;
    }
    if transcript.step(
        "three programs joined by the kernel, from a file into a file",
        &["sort", "uniq"],
    ) {
        pipeline::run(&transcript).await?;
    }
    if transcript.step("a conversation with a running program", &["bc"]) {
        conversation::run(&transcript).await?;
    }
    if transcript.step("lines as they are written, then a signal", &["tail"]) {
        live::run(&transcript).await?;
    }
    if transcript.step("a deadline", &["sleep"]) {
        deadline::run(&transcript).await?;
    }
    if transcript.step("what a program sees of this machine", &["ls", "cat"]) {
        outside::run(&transcript).await?;
    }
    if transcript.step("a program that the policy does not name", &[]) {
        refusals::program(&transcript).await?;
    }
    if transcript.step("arguments that the policy does not allow", &["git"]) {
        refusals::arguments(&transcript).await?;
    }
    Ok(())
}

offspring::p3::main!(run);
