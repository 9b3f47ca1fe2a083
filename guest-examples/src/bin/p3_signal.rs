//! Send a signal to a program, and read its return code: the negative number of the signal.
//!
//! `terminate` asks with SIGTERM, which a program may catch; `kill` does not ask. After the exit a
//! signal is refused, since the process's number may belong to another process by then.
//!
//! The policy allows SIGTERM. SIGKILL is always allowed, and no other signal is.
//!
//! ```sh
//! offspring run --policy guest-examples/policies/signal.toml \
//!   target/wasm32-wasip2/debug/p3_signal.wasm
//! ```

use offspring::p3::Command;
use offspring::{Error, Signal};

async fn run() -> offspring::Result<()> {
    let mut sleep = Command::new("sleep").arg("60").spawn().await?;
    println!("running: {:?}", sleep.returncode());

    let refused = sleep.send_signal(Signal::Hup);
    println!("SIGHUP: {}", refused.expect_err("the policy refuses it"));

    sleep.terminate()?;
    let status = sleep.wait().await?;
    println!("SIGTERM: {status}, return code {}", status.returncode());
    assert_eq!(status.signal(), Some(Signal::Term));

    assert_eq!(sleep.terminate(), Err(Error::AlreadyExited));
    Ok(())
}

offspring::p3::main!(run);
