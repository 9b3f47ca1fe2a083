//! Run a command line of the shell, with words that are quoted safely.
//!
//! `join` and `quote` make words that the shell takes for exactly these words, whatever they hold.
//! Never put text from elsewhere into a line without them.
//!
//! The policy allows the shell, which means any command. Prefer programs by name, and join them
//! with pipes as the example `pipeline` does.
//!
//! ```sh
//! offspring run --policy guest-examples/policies/shell.toml \
//!   target/wasm32-wasip2/debug/p3_shell.wasm
//! ```

use offspring::p3::{Command, Stdio};

async fn run() -> offspring::Result<()> {
    let words = ["two words", "it's; echo oops", "$HOME", "*"];
    let line = format!("printf '%s\\n' {} | sort | cat -n", offspring::join(words)?);
    println!("$ {line}");
    // What the shell complains of goes where its output goes, in the order it was written.
    let shell = Command::shell(&line)
        .stderr(Stdio::stdout())
        .output()
        .await?;
    print!("{}", String::from_utf8_lossy(&shell.stdout));
    println!("{}", shell.status);
    Ok(())
}

offspring::p3::main!(run);
