//! Meet refusals, and tell them apart: a program that the policy does not name, and arguments that
//! it does not allow.
//!
//! They are errors of the spawn, and nothing has run. A refusal names the part of the request and no
//! more: whether the program exists on the host, the guest does not learn. The operator does.
//!
//! The policy allows `git --version`.
//!
//! ```sh
//! offspring run --policy guest-examples/policies/refused.toml \
//!   target/wasm32-wasip2/debug/p3_refused.wasm
//! ```

use offspring::p3::Command;
use offspring::{Error, Part};

async fn run() -> offspring::Result<()> {
    attempt("curl", &["https://example.org"]).await?;
    attempt("git", &["push"]).await?;
    attempt("git", &["--version"]).await
}

async fn attempt(program: &str, args: &[&str]) -> offspring::Result<()> {
    print!("{program} {}: ", args.join(" "));
    match Command::new(program).args(args).output().await {
        Ok(output) => println!("{}", output.status),
        Err(Error::AccessDenied(Part::Program)) => println!("I may not run {program}"),
        Err(Error::AccessDenied(Part::Arguments)) => println!("I may not run it like this"),
        // Every error says what it is about: `Error` implements `Display`.
        Err(error) => return Err(error),
    }
    Ok(())
}

offspring::p3::main!(run);
