//! Writing, reading and waiting at once.

use super::*;

#[tokio::test]
async fn communicate_does_not_deadlock_on_more_than_a_pipe_holds() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let mut child = run(&ctx, piped(command(&ctx, "cat", &[]))).await.unwrap();
        let input = vec![b'x'; LARGE];
        let output = communicate(&mut child, &input, u64::MAX).await;
        let stdout = output.stdout.unwrap();
        assert!(stdout.data == input && !stdout.truncated);
    })
    .await;
}

#[tokio::test]
async fn communicate_cuts_at_the_limit_says_so_and_ends_a_child_that_writes_for_ever() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let mut child = run(&ctx, piped(script(&ctx, "exec cat /dev/zero")))
            .await
            .unwrap();
        let output = communicate(&mut child, b"", 1000).await;
        let stdout = output.stdout.unwrap();
        assert_eq!((stdout.data.len(), stdout.truncated), (1000, true));
        let pipe = ExitStatus::Signaled {
            signal: Signal::Pipe,
            core_dumped: false,
        };
        assert_eq!(output.exit.status, pipe);
    })
    .await;
}

#[tokio::test]
async fn communicate_ignores_a_child_that_does_not_read() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let mut child = run(&ctx, piped(script(&ctx, "echo done"))).await.unwrap();
        let output = communicate(&mut child, &vec![b'x'; LARGE], u64::MAX).await;
        assert_eq!(output.stdout.unwrap().data, b"done\n");
    })
    .await;
}

#[tokio::test]
async fn communicate_gives_nothing_for_a_stream_that_is_no_pipe() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let mut child = run(&ctx, script(&ctx, "echo unheard")).await.unwrap();
        let output = communicate(&mut child, b"", u64::MAX).await;
        assert!(output.stdout.is_none() && output.stderr.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_grandchild_that_holds_the_pipe_does_not_hold_communicate() {
    for tier in Confinement::ALL {
        let ctx = context(policy_in(tier).drain(Duration::from_millis(50)));
        let holding = "trap '' HUP; sleep 30 & echo $!; exit 0";
        let mut child = run(&ctx, piped(script(&ctx, holding))).await.unwrap();
        let stdout = communicate(&mut child, b"", u64::MAX).await.stdout.unwrap();
        assert!(stdout.truncated);
        if tier != Confinement::None {
            // It goes with the guest, and its number is its world's.
            continue;
        }
        let sleeper = String::from_utf8(stdout.data).unwrap();
        let sleeper = nix::unistd::Pid::from_raw(sleeper.trim().parse().unwrap());
        nix::sys::signal::kill(sleeper, nix::sys::signal::SIGKILL).unwrap();
    }
}

#[tokio::test]
async fn results_that_nobody_takes_are_bounded() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let share = ctx.memory.take(crate::limits::MEMORY_BYTES - 1000).unwrap();
        let mut child = run(&ctx, piped(script(&ctx, "exec cat /dev/zero")))
            .await
            .unwrap();
        let stdout = communicate(&mut child, b"", u64::MAX).await.stdout.unwrap();
        assert!(stdout.truncated && stdout.data.len() <= 1000);
        let mut child = run(&ctx, piped(command(&ctx, "cat", &[]))).await.unwrap();
        let mut output = child.communicate(Some(vec![0; LARGE]), u64::MAX);
        let refused = poll_fn(|cx| output.poll_take(cx)).await.err();
        assert_eq!(refused, Some(ErrorCode::LimitReached(Limit::Memory)));
        drop(share);
    })
    .await;
}
