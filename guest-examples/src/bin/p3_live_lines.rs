//! Read lines as a program writes them, not at its end.
//!
//! `tail -f` follows a file and never ends. Each line that comes makes the guest write the next one,
//! so nothing here could have been collected first. When it has seen enough, it ends `tail`.
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
    writeln!(log, "event 1")?;
    let mut tail = Command::new("tail")
        .args(["-n", "+1", "-f", "--", "events.log"])
        .stdout(Stdio::piped())
        .spawn()
        .await?;
    let mut lines = tail.stdout.take().expect("it is a pipe").lines();
    let mut number = 1;
    while let Some(line) = lines.next_line().await? {
        println!("saw {line}");
        number += 1;
        if number > 3 {
            break;
        }
        writeln!(log, "event {number}")?;
    }
    tail.terminate()?;
    println!("{}", tail.wait().await?);
    Ok(())
}

offspring::p3::main!(run);

fn main() {}
