//! The code that a child exits with reaches the guest.

use offspring::p3::Command;

async fn run() -> offspring::Result<()> {
    for code in [0, 1, 255] {
        let status = Command::new("exit-with")
            .arg(code.to_string())
            .status()
            .await?;
        assert_eq!(status.code(), Some(code));
    }
    Ok(())
}

offspring::p3::main!(run);

fn main() {}
