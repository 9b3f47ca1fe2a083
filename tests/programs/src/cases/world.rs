//! What holds where the children of a guest have a world of their own.

use crate::support::{command, first_line, given, piped, start};
use offspring::{Asynchronous, Stdio};

/// Children that start processes as fast as they can do not get more of them than
/// the policy allows, and a kill ends them all.
pub(super) async fn bounds_the_processes<G: Asynchronous>() {
    let most: u32 = given().parse().expect("it is a number");
    let mut other = piped::<G>("echo-lines", &[]).await;
    for _ in 0..3 {
        let mut bomb = command::<G>("consume", &["processes"]);
        let mut bomb = start(bomb.stdout(Stdio::piped())).await;
        let count: u32 = first_line::<G>(&mut bomb).await.parse().expect("a number");
        assert!((1..=most).contains(&count), "{count}");
        let stdin = other.stdin.as_mut().expect("it is a pipe");
        stdin.write_all(b"there\n").await.expect("it listens");
        assert_eq!(first_line::<G>(&mut other).await, "THERE");
        bomb.kill().expect("it runs");
        let stdout = bomb.stdout.as_mut().expect("it is a pipe");
        assert_eq!(stdout.read_to_end(&mut Vec::new()).await, Ok(0));
        bomb.wait().await.expect("it ends");
    }
}
