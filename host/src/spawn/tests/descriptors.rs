//! The system's own bound on descriptors, in a process of its own: the bound is the whole process's.

use super::*;
use crate::supervisor::{HostLimits, Supervisor};
use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, WaitId, WaitIdOptions, getrlimit, setrlimit, waitid};
use std::fs::File;
use std::process::{Command, Stdio};

/// The name that the test harness knows the other test by.
const INSIDE: &str = "spawn::tests::descriptors::inside_of_a_process_of_its_own";

/// How many there may be besides those that this process was started with: few enough to be used
/// up, and enough for a runtime.
const FEW: usize = 40;

const BOUND: ErrorCode = ErrorCode::LimitReached(Limit::Descriptors);

/// As many as a child and its confinement take. With each number of others that are open already,
/// there is another point at which there are no more.
const OTHERS: usize = 12;

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
    let limit = Rlimit {
        current: Some((open() + FEW).try_into().expect("a few")),
        maximum: getrlimit(Resource::Nofile).maximum,
    };
    setrlimit(Resource::Nofile, limit).expect("less is always allowed");
    for tier in Confinement::ALL {
        let mut others = Vec::new();
        while others.len() < OTHERS {
            // With its own bound the host does not meet the system's, unless others use it up.
            exhaust(tier, &Supervisor::new(HostLimits::default())).await;
            // Without, the system's error is told as the same bound.
            let limits = HostLimits {
                descriptors: u64::MAX,
                ..HostLimits::default()
            };
            exhaust(tier, &Supervisor::new(limits)).await;
            others.push(File::open("/dev/null").expect("it is there"));
        }
        drop(others);
        first(tier).await;
    }
    // Whatever was begun and could not be finished has been reaped.
    let ended = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let reaped = async {
        while !matches!(waitid(WaitId::All, ended), Err(Errno::CHILD)) {
            tokio::task::yield_now().await;
        }
    };
    let reaped = tokio::time::timeout(Duration::from_secs(10), reaped).await;
    assert!(reaped.is_ok(), "a process was not reaped");
}

/// Have the first child of a guest where others leave no descriptor, and with each further one that
/// they leave, until it can be had.
async fn first(tier: Confinement) {
    let limits = HostLimits {
        descriptors: u64::MAX,
        ..HostLimits::default()
    };
    let supervisor = Supervisor::new(limits);
    let ctx = guest(tier, &supervisor);
    let mut others = Vec::new();
    while let Ok(other) = File::open("/dev/null") {
        others.push(other);
    }
    loop {
        match run(&ctx, piped(command(&ctx, "cat", &[]))).await {
            Ok(_) => break,
            Err(error) => assert_eq!(error, BOUND, "{tier}"),
        }
        drop(others.pop().expect("a child needs fewer"));
    }
}

fn guest(tier: Confinement, supervisor: &Supervisor) -> ProcessCtx {
    let policy = policy_in(tier).children(100).build().expect("it is sound");
    let mut builder = ProcessCtx::builder();
    builder.policy(policy).supervisor(supervisor);
    builder.build().expect("it fits the guest").1
}

/// The descriptors that this process has.
fn open() -> usize {
    let listed = std::fs::read_dir("/proc/self/fd").expect("it is mounted");
    listed.count()
}

/// Have children until no more can be had, and then let them go and have one again. What ends it
/// is the bound on descriptors, wherever it is met.
async fn exhaust(tier: Confinement, supervisor: &Supervisor) {
    let ctx = guest(tier, supervisor);
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
    assert_eq!(refused, BOUND, "{tier}");
}
