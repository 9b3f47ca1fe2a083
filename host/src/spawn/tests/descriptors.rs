//! The system's own bound on descriptors, in a process of its own: the bound is the whole process's.

use super::*;
use crate::supervisor::{HostLimits, Supervisor};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::process::{Command, Stdio};

/// The name that the test harness knows the other test by.
const INSIDE: &str = "spawn::tests::descriptors::inside_of_a_process_of_its_own";

/// Few enough to be used up, and enough for a runtime.
const FEW: u64 = 40;

#[test]
#[expect(clippy::disallowed_methods, reason = "it is this program once more")]
fn a_host_that_runs_out_of_descriptors_refuses_and_goes_on() {
    let output = Command::new(std::env::current_exe().expect("it is there"))
        .args([INSIDE, "--exact", "--ignored", "--nocapture"])
        .stdin(Stdio::null())
        .output()
        .expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("1 passed"),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
#[ignore = "it bounds the whole process; the other test runs it in one of its own"]
async fn inside_of_a_process_of_its_own() {
    let before = getrlimit(Resource::Nofile);
    let limit = Rlimit {
        current: Some(FEW),
        maximum: before.maximum,
    };
    setrlimit(Resource::Nofile, limit).expect("less is always allowed");
    for tier in Confinement::ALL {
        // With its own bound the host never meets the system's.
        let careful = Supervisor::new(HostLimits::default());
        assert!(exhaust(tier, &careful).await, "{tier}");
        // Without, the system's error is told as the same bound.
        let limits = HostLimits {
            descriptors: u64::MAX,
            ..HostLimits::default()
        };
        assert!(exhaust(tier, &Supervisor::new(limits)).await, "{tier}");
    }
}

/// Have children until no more can be had, and then let them go and have one again. Whether what
/// ended it was the bound on descriptors.
async fn exhaust(tier: Confinement, supervisor: &Supervisor) -> bool {
    let policy = policy_in(tier).children(100).build().expect("it is sound");
    let mut builder = ProcessCtx::builder();
    let (_, ctx) = builder
        .policy(policy)
        .supervisor(supervisor)
        .build()
        .expect("it fits the guest");
    let cat = || piped(command(&ctx, "cat", &[]));
    let mut children = vec![run(&ctx, cat()).await.expect("one can be had")];
    let refused = loop {
        match run(&ctx, cat()).await {
            Ok(child) => children.push(child),
            Err(error) => break error,
        }
    };
    while let Some(child) = children.pop() {
        child.kill().expect("it runs");
        exit(&child).await;
    }
    let mut again = run(&ctx, cat()).await.expect("there is room again");
    let output = communicate(&mut again, b"still there", u64::MAX).await;
    assert_eq!(output.stdout.expect("a pipe").data, b"still there");
    matches!(refused, ErrorCode::LimitReached(Limit::Descriptors))
}
