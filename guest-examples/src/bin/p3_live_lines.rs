//! Read lines as a program writes them, not at its end.
//!
//! `tail -f` follows a file and never ends. The guest writes a line to the file, reads it from `tail`,
//! and writes the next, so nothing here could have been collected first. Then it ends `tail`.
//!
//! The policy allows `tail -f` of a file in the guest's directory, and SIGTERM.
//!
//! ```sh
//! offspring run --dir target::. --policy guest-examples/policies/live_lines.toml \
//!   target/wasm32-wasip2/debug/p3_live_lines.wasm
//! ```

use std::fs::File;
use std::io::{self, Write};

use offspring::p3::{Command, Stdio};

async fn run() -> io::Result<()> {
    let mut log = File::create("events.log")?;
    let mut tail = Command::new("tail")
        .args(["-n", "+1", "-f", "--", "events.log"])
        .stdout(Stdio::piped())
        .spawn()
        .await?;
    let mut lines = tail.stdout.take().expect("it is a pipe").lines();
    for number in 1..=3 {
        writeln!(log, "event {number}")?;
        println!("saw {}", lines.next_line().await?.expect("tail goes on"));
    }
    tail.terminate()?;
    println!("{}", tail.wait().await?);
    Ok(())
}

offspring::p3::main!(run);
