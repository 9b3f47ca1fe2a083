//! The date, from a stream: the second example of asyncio's subprocess page.
//!
//! It reads one line of the program's standard output and waits for its exit.
//! In Python it is `create_subprocess_exec`, `proc.stdout.readline` and `proc.wait`.
//!
//! The policy allows these very arguments of `python3`, as literal text.
//!
//! ```sh
//! offspring run --policy guest-examples/policies/date_streams.toml \
//!   target/wasm32-wasip2/debug/p2_date_streams.wasm
//! ```

use offspring::p2::{Command, Stdio, block_on};

async fn get_date() -> offspring::Result<String> {
    let code = "import datetime; print(datetime.datetime.now())";
    let mut child = Command::new("python3")
        .args(["-c", code])
        .stdout(Stdio::piped())
        .spawn()
        .await?;
    let stdout = child.stdout.as_mut().expect("it is a pipe");
    let mut line = String::new();
    stdout.read_line(&mut line).await?;
    child.wait().await?;
    Ok(line.trim_end().to_owned())
}

fn main() -> offspring::Result<()> {
    let date = block_on(get_date())?;
    println!("Current date: {date}");
    Ok(())
}
