//! End a program that takes too long, and learn from its exit that this is why it ended.
//!
//! A deadline is kept by the host, even while the guest does something else. The policy has one
//! too, and the shorter of the two counts. For a timeout around any other step there is
//! `p3::timeout`.
//!
//! The policy allows `sleep` with a number of seconds, for five of them at most.
//!
//! ```sh
//! offspring run --policy guest-examples/policies/deadline.toml \
//!   target/wasm32-wasip2/debug/p3_deadline.wasm
//! ```

use std::time::Duration;

use offspring::EndCause;
use offspring::p3::Command;

async fn run() -> offspring::Result<()> {
    let status = Command::new("sleep")
        .arg("60")
        .deadline(Duration::from_millis(200))
        .status()
        .await?;
    match status.cause() {
        Some(EndCause::Deadline) => println!("too slow: {status}"),
        Some(cause) => println!("the host ended it: {cause}"),
        None => println!("it ended by itself: {status}"),
    }
    Ok(())
}

offspring::p3::main!(run);
