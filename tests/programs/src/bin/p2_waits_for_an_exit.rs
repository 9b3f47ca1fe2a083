//! The code that a child exits with reaches the guest.

use offspring::blocking::Command;

fn main() -> offspring::Result<()> {
    for code in [0, 1, 255] {
        let status = Command::new("exit-with").arg(code.to_string()).status()?;
        assert_eq!(status.code(), Some(code));
    }
    Ok(())
}
