//! Talk with a program while it runs: ask, wait for the answer, and ask what follows from it.
//!
//! SQLite does the arithmetic of the Collatz sequence: each question needs the answer before it.
//! Such a program must flush each answer. Many flush only at their end when they write to a pipe;
//! `sqlite3 -batch` does not, and Python does not with `-u`.
//!
//! The policy allows `sqlite3` in its safe mode alone, which keeps statements away from files and
//! from the shell.
//!
//! ```sh
//! offspring run --policy guest-examples/policies/conversation.toml \
//!   target/wasm32-wasip2/debug/p3_conversation.wasm
//! ```

use offspring::p3::{Command, Stdio};

async fn run() -> offspring::Result<()> {
    let mut sqlite = Command::new("sqlite3")
        .args(["-batch", "-safe", ":memory:"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .await?;
    let mut questions = sqlite.stdin.take().expect("it is a pipe");
    let mut answers = sqlite.stdout.take().expect("it is a pipe").lines();

    let mut number = "6".to_owned();
    while number != "1" {
        let question = format!("select iif({number} % 2, {number} * 3 + 1, {number} / 2);\n");
        questions.write_all(question.as_bytes()).await?;
        number = answers.next_line().await?.expect("SQLite answers");
        println!("{question}  {number}");
    }

    // The end of its input is the end of SQLite.
    questions.close().await?;
    println!("{}", sqlite.wait().await?);
    Ok(())
}

offspring::p3::main!(run);
