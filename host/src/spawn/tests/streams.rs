//! Pipes and joins.

use super::*;

#[tokio::test]
async fn the_event_that_stdin_is_closed_comes_when_the_child_closes_it() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let mut child = run(
            &ctx,
            piped(script(&ctx, "exec <&-; echo closed; exec cat /dev/zero")),
        )
        .await
        .unwrap();
        let stdin = child.take_stdin().unwrap();
        assert_eq!(stdin.closed().wait().await, Err(ErrorCode::BrokenPipe));
        assert_eq!(child.try_wait(), Ok(None));
    })
    .await;
}

#[tokio::test]
async fn closing_stdin_reaches_the_child_although_its_end_is_watched() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let mut child = run(&ctx, piped(command(&ctx, "cat", &[]))).await.unwrap();
        let stdin = child.take_stdin().unwrap();
        let closed = stdin.closed();
        stdin.write_all(b"last words").await.unwrap();
        drop(stdin);
        assert_eq!(closed.wait().await, Ok(()));
        assert_eq!(
            read(&mut child.take_stdout().unwrap(), LARGE).await,
            b"last words"
        );
        assert_eq!(exit(&child).await.0, ExitStatus::Exited(0));
    })
    .await;
}

#[tokio::test]
async fn stderr_merged_into_stdout_keeps_the_order() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let mut both = script(
            &ctx,
            "for i in 1 2 3; do echo out $i; echo err $i >&2; done",
        );
        both.stdio(Part::Stdout, StdioRequest::Pipe);
        both.stdio(Part::Stderr, StdioRequest::Stdout);
        let mut child = run(&ctx, both).await.unwrap();
        let output = communicate(&mut child, b"", u64::MAX).await;
        assert_eq!(
            output.stdout.unwrap().data,
            b"out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n"
        );
        assert!(output.stderr.is_none());
    })
    .await;
}

#[tokio::test]
async fn the_output_of_one_child_is_the_input_of_another() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let mut first = run(&ctx, piped(script(&ctx, "printf 'b\\na\\n'")))
            .await
            .unwrap();
        let mut sort = piped(script(&ctx, "exec sort"));
        sort.stdio(Part::Stdin, StdioRequest::Joined);
        sort.joined = first.take_stdout();
        let mut second = run(&ctx, sort).await.unwrap();
        assert_eq!(
            communicate(&mut second, b"", u64::MAX)
                .await
                .stdout
                .unwrap()
                .data,
            b"a\nb\n"
        );
    })
    .await;
}
