//! What is refused, and leaves nothing.

use super::*;

#[tokio::test]
async fn a_program_that_the_policy_does_not_name_is_refused_and_nothing_is_spawned() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let refused = run(&ctx, command(&ctx, "rm", &["-rf", "/"])).await.err();
        assert_eq!(refused, Some(ErrorCode::AccessDenied(Part::Program)));
        assert_eq!(ctx.places.spawned(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_program_that_was_replaced_or_rewritten_is_refused() {
    in_each_tier(async |policy| {
        let directory = TempDir::new().unwrap();
        let tool = directory.path().join("tool");
        std::fs::copy("/bin/true", &tool).unwrap();
        let ctx = context(policy.allow("tool", Some(tool.clone())));
        run(&ctx, command(&ctx, "tool", &[]))
            .await
            .expect("it is the pinned program");
        let mut other = std::fs::read("/bin/false").unwrap();
        other.extend_from_slice(b"longer");
        std::fs::remove_file(&tool).unwrap();
        std::fs::write(&tool, other).unwrap();
        let refused = run(&ctx, command(&ctx, "tool", &[])).await.err();
        assert_eq!(refused, Some(ErrorCode::ProgramChanged));
    })
    .await;
}

#[tokio::test]
async fn what_the_direct_launcher_cannot_do_is_unsupported_and_never_ignored() {
    let ctx = context(policy());
    let mut session = script(&ctx, "true");
    session.request.new_session = true;
    assert_eq!(
        run(&ctx, session).await.err(),
        Some(ErrorCode::Unsupported(Part::Session))
    );
    let mut mask = script(&ctx, "true");
    mask.request.umask = Some(0o77);
    assert_eq!(
        run(&ctx, mask).await.err(),
        Some(ErrorCode::Unsupported(Part::Umask))
    );
}

#[tokio::test]
async fn no_more_children_run_at_once_than_the_policy_allows() {
    in_each_tier(async |policy| {
        let ctx = context(policy.children(1));
        let first = run(&ctx, piped(command(&ctx, "cat", &[])))
            .await
            .expect("the first is allowed");
        let refused = run(&ctx, script(&ctx, "true")).await.err();
        assert_eq!(refused, Some(ErrorCode::LimitReached(Limit::Children)));
        first.kill().unwrap();
        exit(&first).await;
        run(&ctx, script(&ctx, "true"))
            .await
            .expect("the place is free once the exit is known");
    })
    .await;
}

#[tokio::test]
async fn no_more_descriptors_are_held_than_the_guest_may_have() {
    in_each_tier(async |policy| {
        let ctx = context(policy);
        let mut held = Vec::new();
        let refused = loop {
            match run(&ctx, piped(script(&ctx, "true"))).await {
                Ok(child) => {
                    exit(&child).await;
                    held.push(child);
                }
                Err(refused) => break refused,
            }
        };
        assert_eq!(refused, ErrorCode::LimitReached(Limit::Descriptors));
        held.pop();
        run(&ctx, piped(script(&ctx, "true")))
            .await
            .expect("a dropped child gives its pipes back");
    })
    .await;
}
