//! Run a program, collect what it writes, and look at its exit status.
//!
//! It tells the weekday of each date among its arguments. `date` fails where there is no such day:
//! that is a result with a status, not an error of the call.
//!
//! The policy allows `date` with a date of ten characters, and no other argument of its own.
//!
//! ```sh
//! offspring run --policy guest-examples/policies/exec.toml \
//!   target/wasm32-wasip2/debug/p3_exec.wasm 2024-02-29 2023-02-29
//! ```

use std::env;
use std::process::ExitCode;

use offspring::p3::Command;

async fn run() -> offspring::Result<ExitCode> {
    let mut result = ExitCode::SUCCESS;
    for day in env::args().skip(1) {
        let date = Command::new("date")
            .args(["--utc", &format!("--date={day}"), "+%A"])
            .output()
            .await?;
        if date.status.success() {
            let weekday = String::from_utf8_lossy(&date.stdout);
            println!("{day} is a {}", weekday.trim_end());
        } else {
            let complaint = String::from_utf8_lossy(&date.stderr);
            println!("{day}: {} ({})", complaint.trim_end(), date.status);
            result = ExitCode::FAILURE;
        }
    }
    Ok(result)
}

offspring::p3::main!(run);
