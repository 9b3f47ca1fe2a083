//! A guest for the tests of the command: starts `sleep`, tells its process number, and waits.

use offspring::p3::Command;

async fn run() -> offspring::Result<()> {
    let mut child = Command::new("sleep").arg("600").spawn().await?;
    println!("{}", child.id());
    println!("{}", child.wait().await?);
    Ok(())
}

offspring::p3::main!(run);
