//! The date, from a stream: the second example of asyncio's subprocess page.
//!
//! It reads one line of the program's standard output and waits for its exit.
//! In Python it is `create_subprocess_exec`, `proc.stdout.readline` and `proc.wait`.
//!
//! The policy allows these very arguments of `python3`, as literal text.
//!
//! ```sh
//! offspring run --policy guest-examples/policies/date_streams.toml \
//!   target/wasm32-wasip2/debug/p3_date_streams.wasm
//! ```

use offspring::p3::{Command, Stdio};

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

async fn run() -> offspring::Result<()> {
    println!("Current date: {}", get_date().await?);
    Ok(())
}

offspring::p3::main!(run);
