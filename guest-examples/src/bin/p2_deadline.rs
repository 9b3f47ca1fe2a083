//! End a program that takes too long, and learn from its exit that this is why it ended.
//!
//! A deadline is kept by the host, even while the guest does something else. The policy has one
//! too, and the shorter of the two counts. For a timeout around any other step there is
//! `p2::timeout`.
//!
//! The policy allows `sleep` with a number of seconds, for five of them at most.
//!
//! ```sh
//! offspring run --policy guest-examples/policies/deadline.toml \
//!   target/wasm32-wasip2/debug/p2_deadline.wasm
//! ```

use std::time::Duration;

use offspring::EndCause;
use offspring::p2::{Command, block_on};

fn main() -> offspring::Result<()> {
    block_on(wait_not_too_long())
}

async fn wait_not_too_long() -> offspring::Result<()> {
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
