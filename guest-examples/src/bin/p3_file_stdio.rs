//! Give a program a file to read and another to write.
//!
//! The host opens both with the guest's own rights, and the program gets them as its standard
//! streams: no byte passes through the guest. There is also `FileMode::Append`, and
//! `Stdio::file_at` for a file from some byte on.
//!
//! The policy allows `sort` without arguments. It cannot name a file, and needs none.
//!
//! ```sh
//! offspring run --dir target::. --policy guest-examples/policies/file_stdio.toml \
//!   target/wasm32-wasip2/debug/p3_file_stdio.wasm
//! ```

use std::{fs, io};

use offspring::FileMode;
use offspring::p3::{Command, Stdio};

async fn run() -> io::Result<()> {
    fs::write("words.txt", "pear\napple\nfig\n")?;
    let status = Command::new("sort")
        .stdin(Stdio::file("words.txt", FileMode::Read))
        .stdout(Stdio::file("sorted.txt", FileMode::Truncate))
        .status()
        .await?;
    println!("{status}");
    print!("{}", fs::read_to_string("sorted.txt")?);

    // The guest cannot have a file opened for a program that it could not open itself.
    let outside = Command::new("sort")
        .stdin(Stdio::file("../secret.txt", FileMode::Read))
        .status()
        .await;
    println!(
        "outside of the directory: {}",
        outside.expect_err("it is refused")
    );
    Ok(())
}

offspring::p3::main!(run);
