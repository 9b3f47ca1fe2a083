//! Exits, signals, limits and drops.

use super::*;

#[tokio::test]
async fn a_child_has_its_own_exit_code_and_no_environment() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let mut child = run(&ctx, piped(script(&ctx, "/usr/bin/env; exit 7")))
            .await
            .unwrap();
        let output = communicate(&mut child, b"", u64::MAX).await;
        assert_eq!(ending(output.exit), (ExitStatus::Exited(7), None));
        let env = String::from_utf8(output.stdout.unwrap().data).unwrap();
        // The shell itself sets these (POSIX, "Shell Variables").
        let of_the_shell = |line: &str| {
            ["PWD=", "OLDPWD=", "SHLVL=", "_="]
                .iter()
                .any(|key| line.starts_with(key))
        };
        assert_eq!(env.lines().find(|line| !of_the_shell(line)), None);
    })
    .await;
}

#[tokio::test]
async fn an_output_limit_ends_the_child_and_the_exit_says_why() {
    in_each_tier(async |policy| {
        let ctx = context(policy.output(100));
        let mut child = run(&ctx, piped(script(&ctx, "exec cat /dev/zero")))
            .await
            .unwrap();
        let mut stdout = child.take_stdout().unwrap();
        assert_eq!(read(&mut stdout, LARGE).await.len(), 100);
        assert_eq!(
            exit(&child).await,
            (TERMINATED, Some(EndCause::OutputLimit))
        );
    })
    .await;
}

#[tokio::test]
async fn a_child_that_writes_just_as_much_as_it_may_is_left_alone() {
    in_each_tier(async |policy| {
        let ctx = context(policy.output(5));
        let mut child = run(&ctx, piped(script(&ctx, "echo four"))).await.unwrap();
        let output = communicate(&mut child, b"", u64::MAX).await;
        let stdout = output.stdout.unwrap();
        assert_eq!(
            (&stdout.data[..], stdout.truncated),
            (&b"four\n"[..], false)
        );
        assert_eq!(ending(output.exit), (ExitStatus::Exited(0), None));
    })
    .await;
}

#[tokio::test]
async fn a_deadline_ends_the_child_and_the_exit_says_why() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let mut cat = piped(command(&ctx, "cat", &[]));
        cat.request.deadline = Some(Duration::from_millis(20));
        let child = run(&ctx, cat).await.unwrap();
        assert_eq!(exit(&child).await, (TERMINATED, Some(EndCause::Deadline)));
    })
    .await;
}

#[tokio::test]
async fn a_dropped_child_is_killed_with_its_group_and_its_waiters_learn_why() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        // They read nothing, so it is not the closed pipe that ends them.
        let script = script(&ctx, "sleep 1000 & sleep 1000");
        let child = run(&ctx, piped(script)).await.unwrap();
        let (mut wait, mut second) = (child.wait(), child.wait());
        drop(child);
        let gone = (TERMINATED, Some(EndCause::OwnerGone));
        assert_eq!(wait.exited().await.map(ending), Ok(gone));
        assert_eq!(second.exited().await.map(ending), Ok(gone));
    })
    .await;
}

#[tokio::test]
async fn the_children_go_with_the_context() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let child = run(&ctx, piped(command(&ctx, "cat", &[]))).await.unwrap();
        drop(ctx);
        let gone = (TERMINATED, Some(EndCause::OwnerGone));
        assert_eq!(exit(&child).await, gone);
    })
    .await;
}

#[tokio::test]
async fn a_signal_ends_a_child_and_a_second_one_comes_too_late() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let child = run(&ctx, piped(command(&ctx, "cat", &[]))).await.unwrap();
        child.terminate().unwrap();
        let term = ExitStatus::Signaled {
            signal: Signal::Term,
            core_dumped: false,
        };
        assert_eq!(exit(&child).await, (term, None));
        assert_eq!(child.terminate(), Err(ErrorCode::AlreadyExited));
        assert_eq!(child.kill(), Err(ErrorCode::AlreadyExited));
        assert_eq!(child.try_wait().unwrap().unwrap().status, term);
    })
    .await;
}

#[tokio::test]
async fn a_signal_that_does_not_exist_or_is_not_allowed_is_refused() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let child = run(&ctx, piped(command(&ctx, "cat", &[]))).await.unwrap();
        let send = |signal| child.send_signal(signal, SignalTarget::Process);
        assert_eq!(
            send(Signal::Realtime(31)),
            Err(ErrorCode::InvalidArgument(Part::Signal))
        );
        assert_eq!(
            send(Signal::Stop),
            Err(ErrorCode::AccessDenied(Part::Signal))
        );
        assert_eq!(child.try_wait(), Ok(None));
    })
    .await;
}

#[tokio::test]
async fn a_child_that_leaves_its_group_is_killed_all_the_same() {
    let ctx = context(policy().allow("python3", Some("/usr/bin/python3".into())));
    let code = "import os; os.setpgid(0, os.getpgid(os.getppid())); print('left', flush=True); import signal; signal.pause()";
    let mut child = run(&ctx, piped(command(&ctx, "python3", &["-c", code])))
        .await
        .unwrap();
    assert_eq!(read(&mut child.take_stdout().unwrap(), 5).await, b"left\n");
    child.kill().unwrap();
    assert_eq!(exit(&child).await, (KILLED, None));
}
