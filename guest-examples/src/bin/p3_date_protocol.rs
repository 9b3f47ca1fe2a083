//! The date, from callbacks: the first example of asyncio's subprocess page.
//!
//! A protocol gets what the program writes, piece by piece, and is told when it has exited.
//! In Python it is `loop.subprocess_exec` with a `SubprocessProtocol`; the names are the same here.
//!
//! The policy allows these very arguments of `python3`, as literal text.
//!
//! ```sh
//! offspring run --policy guest-examples/policies/date_protocol.toml \
//!   target/wasm32-wasip2/debug/p3_date_protocol.wasm
//! ```

use offspring::Protocol;
use offspring::p3::{Command, Stdio};

/// Python: `class DateProtocol(asyncio.SubprocessProtocol)`.
#[derive(Default)]
struct DateProtocol {
    output: Vec<u8>,
    exited: bool,
}

impl Protocol for DateProtocol {
    fn pipe_data_received(&mut self, _fd: u32, data: &[u8]) {
        self.output.extend_from_slice(data);
    }

    fn process_exited(&mut self) {
        self.exited = true;
    }
}

async fn get_date() -> offspring::Result<String> {
    let code = "import datetime; print(datetime.datetime.now())";
    // Python's `None` is our `inherit`. Standard output is not set, and so it is a pipe.
    let connection = Command::new("python3")
        .args(["-c", code])
        .stdin(Stdio::inherit())
        .stderr(Stdio::inherit())
        .connect(DateProtocol::default())
        .await?;
    // Awaiting the connection calls the protocol, until the program has exited and its pipes are
    // closed. Python needs a future of the example's own for this.
    let (status, protocol) = connection.await?;
    assert!(protocol.exited && status.success(), "{status}");
    Ok(String::from_utf8_lossy(&protocol.output)
        .trim_end()
        .to_owned())
}

async fn run() -> offspring::Result<()> {
    println!("Current date: {}", get_date().await?);
    Ok(())
}

offspring::p3::main!(run);
