//! `communicate`: writing, reading and waiting at once.

use crate::support::{command, first_line, piped, start};
use offspring::{Asynchronous, Signal, Stdio};

/// More than any pipe holds goes both ways at once.
pub(super) async fn communicates_a_mebibyte_both_ways<G: Asynchronous>() {
    let input = "abcdefghijklmno\n".repeat(1 << 16);
    let mut child = piped::<G>("echo-lines", &[]).await;
    let all = child
        .communicate(Some(input.as_bytes()), u64::MAX)
        .await
        .expect("it runs");
    assert!(all.status.success());
    let (stdout, stderr) = (all.stdout.expect("a pipe"), all.stderr.expect("a pipe"));
    assert!(
        stdout.data == input.to_uppercase().into_bytes(),
        "{}",
        stdout.data.len()
    );
    assert!(!stdout.truncated && !stderr.truncated);
    assert_eq!(stderr.data, b"");
}

/// Both outputs are drained, so neither blocks the other.
pub(super) async fn communicates_with_both_outputs<G: Asynchronous>() {
    let mut child = piped::<G>("flood", &["300000", "both"]).await;
    let all = child.communicate(None, u64::MAX).await.expect("it runs");
    let (stdout, stderr) = (all.stdout.expect("a pipe"), all.stderr.expect("a pipe"));
    assert_eq!((stdout.data.len(), stderr.data.len()), (300_000, 300_000));
}

/// At the limit it is cut, and says so; a child that goes on writing ends.
pub(super) async fn cuts_at_the_limit_and_says_so<G: Asynchronous>() {
    let mut child = piped::<G>("flood", &["forever"]).await;
    let all = child.communicate(None, 1000).await.expect("it runs");
    assert_eq!(all.status.signal(), Some(Signal::Pipe));
    let (stdout, stderr) = (all.stdout.expect("a pipe"), all.stderr.expect("a pipe"));
    assert_eq!((stdout.data.len(), stdout.truncated), (1000, true));
    assert_eq!((stderr.data.len(), stderr.truncated), (0, false));
    for (limit, truncated) in [(1000, false), (999, true), (0, true)] {
        let mut child = piped::<G>("flood", &["1000"]).await;
        let all = child.communicate(None, limit).await.expect("it runs");
        let stdout = all.stdout.expect("a pipe");
        let length = u64::try_from(stdout.data.len());
        assert_eq!((length, stdout.truncated), (Ok(limit), truncated));
    }
}

/// A stream that is no pipe gives nothing, which is not the same as no bytes.
pub(super) async fn gives_nothing_for_what_is_no_pipe<G: Asynchronous>() {
    let mut child = start(&mut command::<G>("interleave", &["1"])).await;
    let all = child
        .communicate(Some(b"lost"), u64::MAX)
        .await
        .expect("it runs");
    assert!(all.stdout.is_none() && all.stderr.is_none() && all.status.success());

    let mut merged = command::<G>("interleave", &["1"]);
    let mut child = start(merged.stdout(Stdio::piped()).stderr(Stdio::stdout())).await;
    let all = child.communicate(None, u64::MAX).await.expect("it runs");
    assert_eq!(all.stdout.expect("a pipe").text(), "out 0\nerr 0\n");
    assert!(all.stderr.is_none());

    let mut child = piped::<G>("interleave", &["1"]).await;
    drop(child.stdout.take());
    let all = child.communicate(None, u64::MAX).await.expect("it runs");
    assert!(all.stdout.is_none());
}

/// That a child does not read its input is no error.
pub(super) async fn communicates_with_a_child_that_does_not_read<G: Asynchronous>() {
    let input = vec![b'x'; 1 << 20];
    let mut child = piped::<G>("exit-with", &["5"]).await;
    let all = child
        .communicate(Some(&input), u64::MAX)
        .await
        .expect("it runs");
    assert_eq!(all.status.code(), Some(5));
    let mut child = piped::<G>("take-n", &["3"]).await;
    let all = child
        .communicate(Some(&input), u64::MAX)
        .await
        .expect("it runs");
    assert_eq!(all.stdout.expect("a pipe").data, b"xxx");
}

/// What was read before is not there again, and the rest is.
pub(super) async fn communicates_after_a_read<G: Asynchronous>() {
    let mut child = piped::<G>("echo-lines", &[]).await;
    let stdin = child.stdin.as_mut().expect("it is a pipe");
    stdin.write_all(b"one\n").await.expect("it listens");
    assert_eq!(first_line::<G>(&mut child).await, "ONE");
    let all = child
        .communicate(Some(b"two\n"), u64::MAX)
        .await
        .expect("it runs");
    assert_eq!(all.stdout.expect("a pipe").text(), "TWO\n");
    assert!(all.status.success());
}

/// A descendant that holds the pipe does not hold the guest: it is told of a cut.
pub(super) async fn communicates_in_spite_of_a_held_pipe<G: Asynchronous>() {
    let mut child = piped::<G>("hold-pipe", &[]).await;
    let all = child.communicate(None, u64::MAX).await.expect("it runs");
    let stdout = all.stdout.expect("a pipe");
    print!("{}", stdout.text());
    assert!(stdout.truncated && all.status.success());
}

/// A communicate that is dropped closes the pipes, and the child is still there.
pub(super) async fn cancels_a_communicate<G: Asynchronous>() {
    let mut child = piped::<G>("ignore-term", &[]).await;
    assert_eq!(first_line::<G>(&mut child).await, "ready");
    let input = vec![b'x'; 1 << 20];
    let none = crate::support::once(child.communicate(Some(&input), u64::MAX)).await;
    assert!(none.is_none());
    assert_eq!(child.try_wait(), Ok(None));
    child.kill().expect("it runs");
    assert_eq!(
        child.wait().await.expect("it ends").signal(),
        Some(Signal::Kill)
    );
}
