//! Join three programs, as the shell's `printf … | sort | uniq -c` does, but without a shell.
//!
//! An output that nobody has read from becomes the input of another program. The two share a pipe of
//! the host's kernel, and no byte passes through the guest.
//!
//! The policy names the three programs; each has one shape.
//!
//! ```sh
//! offspring run --policy guest-examples/policies/pipeline.toml \
//!   target/wasm32-wasip2/debug/p3_pipeline.wasm
//! ```

use futures::try_join;
use offspring::p3::{Command, Stdio};

async fn run() -> offspring::Result<()> {
    let mut printf = Command::new("printf")
        .args(["%s\\n", "pear", "apple", "pear"])
        .stdout(Stdio::piped())
        .spawn()
        .await?;
    let mut sort = Command::new("sort")
        .stdin(printf.stdout.take().expect("it is a pipe"))
        .stdout(Stdio::piped())
        .spawn()
        .await?;
    let mut uniq = Command::new("uniq")
        .arg("-c")
        .stdin(sort.stdout.take().expect("it is a pipe"))
        .stdout(Stdio::piped())
        .spawn()
        .await?;

    // As `set -o pipefail` does, look at the status of each, not of the last alone.
    let (first, second, last) = try_join!(
        printf.wait(),
        sort.wait(),
        uniq.communicate(None, 64 * 1024)
    )?;
    print!("{}", last.stdout.expect("it is a pipe").text());
    println!("{first}, {second}, {}", last.status);
    Ok(())
}

offspring::p3::main!(run);
