//! The guest's own streams.

use super::*;

#[tokio::test]
async fn a_failed_launch_takes_nothing_of_the_input() {
    let mut builder = ProcessCtx::builder();
    builder
        .policy(policy().build().unwrap())
        .stdin(MemoryInputPipe::new("all of it"));
    let ctx = builder.build().unwrap().1;
    let mut failing = script(&ctx, "cat");
    failing.stdio(Part::Stdin, StdioRequest::Inherit);
    failing.request.new_session = true;
    run(&ctx, failing)
        .await
        .err()
        .expect("sessions are unsupported");
    let mut rest = String::new();
    Box::into_pin(ctx.stdin.async_stream())
        .read_to_string(&mut rest)
        .await
        .unwrap();
    assert_eq!(rest, "all of it");
}

#[tokio::test]
async fn inherited_output_is_there_when_the_exit_is_known() {
    in_each_tier(async |policy| {
        let (out, err) = (MemoryOutputPipe::new(LARGE), MemoryOutputPipe::new(LARGE));
        let mut builder = ProcessCtx::builder();
        builder
            .policy(policy.build().unwrap())
            .stdout(out.clone())
            .stderr(err.clone());
        let ctx = builder.build().unwrap().1;
        let mut child = script(&ctx, "echo to out; echo to err >&2");
        child.stdio(Part::Stdout, StdioRequest::Inherit);
        child.stdio(Part::Stderr, StdioRequest::Inherit);
        exit(&run(&ctx, child).await.unwrap()).await;
        assert_eq!(
            (&out.contents()[..], &err.contents()[..]),
            (&b"to out\n"[..], &b"to err\n"[..])
        );
    })
    .await;
}

#[tokio::test]
async fn inherited_input_that_the_child_did_not_read_remains_with_the_guest() {
    in_each_tier(async |policy| {
        let mut builder = ProcessCtx::builder();
        builder
            .policy(policy.build().unwrap())
            .stdin(MemoryInputPipe::new("one\ntwo\nthree\n"));
        let ctx = builder.build().unwrap().1;
        // The shell's `read` takes a byte at a time, so it takes one line and no more.
        let mut first = script(&ctx, "read line; echo $line");
        first.stdio(Part::Stdin, StdioRequest::Inherit);
        first.stdio(Part::Stdout, StdioRequest::Pipe);
        let mut first = run(&ctx, first).await.unwrap();
        assert_eq!(
            communicate(&mut first, b"", u64::MAX)
                .await
                .stdout
                .unwrap()
                .data,
            b"one\n"
        );
        let mut rest = String::new();
        let mut guest = Box::into_pin(ctx.stdin.async_stream());
        guest.read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, "two\nthree\n");
    })
    .await;
}
#[tokio::test]
async fn a_child_cannot_put_words_into_the_input_of_the_guest() {
    in_each_tier(async |policy| {
        let mut builder = ProcessCtx::builder();
        builder
            .policy(policy.build().unwrap())
            .stdin(MemoryInputPipe::new("true\n"));
        let ctx = builder.build().unwrap().1;
        // It reads what there is, and then writes to its own standard input.
        let mut forger = script(
            &ctx,
            "read line; echo forged forged forged > /proc/self/fd/0",
        );
        forger.stdio(Part::Stdin, StdioRequest::Inherit);
        exit(&run(&ctx, forger).await.unwrap()).await;
        let mut rest = String::new();
        Box::into_pin(ctx.stdin.async_stream())
            .read_to_string(&mut rest)
            .await
            .unwrap();
        assert!(rest.len() <= "true\n".len(), "{rest}");
    })
    .await;
}
