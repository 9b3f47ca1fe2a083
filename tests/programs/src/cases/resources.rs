//! What a child may use, and what it has used.

use crate::support::{command, output, piped, start, succeed};
use offspring::{Asynchronous, EndCause, FileMode, Signal, Stdio};
use std::time::{Duration, Instant};

const MIB: u64 = 1 << 20;

/// Each stream is cut at its own bound, and what comes on the other counts for
/// that one alone.
pub(super) async fn bounds_what_a_child_writes_to_each_stream<G: Asynchronous>() {
    let mut child = piped::<G>("flood-a-little", &["1000", "both"]).await;
    let all = child.communicate(None, u64::MAX).await.expect("it runs");
    let (stdout, stderr) = (all.stdout.expect("a pipe"), all.stderr.expect("a pipe"));
    assert_eq!((stdout.data.len(), stdout.truncated), (1000, false));
    assert_eq!((stderr.data.len(), stderr.truncated), (1000, false));
    assert_eq!((all.status.code(), all.status.cause()), (Some(0), None));

    for stream in ["stdout", "stderr"] {
        let mut child = piped::<G>("flood-a-little", &["forever", stream]).await;
        let all = child.communicate(None, u64::MAX).await.expect("it runs");
        let (stdout, stderr) = (all.stdout.expect("a pipe"), all.stderr.expect("a pipe"));
        let (cut, other) = if stream == "stdout" {
            (stdout, stderr)
        } else {
            (stderr, stdout)
        };
        assert_eq!((cut.data.len(), cut.truncated), (1000, true));
        assert_eq!((other.data.len(), other.truncated), (0, false));
        assert_eq!(all.status.cause(), Some(EndCause::OutputLimit));
    }
}

/// A child that computes for too long gets `SIGXCPU`, and the exit says why.
pub(super) async fn bounds_the_processor_time<G: Asynchronous>() {
    let mut spin = command::<G>("consume-a-little", &["cpu"]);
    let status = spin.status().await.expect("it runs");
    let end = (status.signal(), status.cause());
    assert_eq!(end, (Some(Signal::Xcpu), Some(EndCause::CpuLimit)));
    let usage = status.usage();
    // The kernel counts for the bound in ticks, and is up to some of them off.
    assert!(usage.cpu_time() >= Duration::from_millis(500), "{usage:?}");
    // The signal alone says nothing of a bound that there is none of.
    let mut own = command::<G>("kill-self", &["SIGXCPU"]);
    let status = own.status().await.expect("it runs");
    assert_eq!(
        (status.signal(), status.cause()),
        (Some(Signal::Xcpu), None)
    );
}

// Where children are not confined their bounds are set once they run, so these children
// have input to wait for.

/// A child that writes too large a file gets `SIGXFSZ`, and the exit says why.
pub(super) async fn bounds_the_size_of_a_file<G: Asynchronous>() {
    for (bytes, end) in [
        (1000, (Some(0), None)),
        (1001, (None, Some(EndCause::FileSizeLimit))),
    ] {
        let mut relay = command::<G>("relay-into-files", &["0", "1"]);
        relay.stdout(Stdio::file("data/out", FileMode::Truncate));
        let mut child = start(relay.stdin(Stdio::piped())).await;
        let sent = child.communicate(Some(&vec![b'x'; bytes]), 0).await;
        let status = sent.expect("it runs").status;
        assert_eq!((status.code(), status.cause()), end, "{status}");
        let written = std::fs::metadata("data/out").expect("it is there").len();
        assert_eq!(written, 1000);
    }
}

/// A child gets no more memory than it may have, and can say so.
pub(super) async fn bounds_the_memory<G: Asynchronous>() {
    let touch = async |bytes: u64| {
        let mut touch = command::<G>("consume-a-little", &["memory", &bytes.to_string()]);
        let all = touch.stdin(Stdio::piped()).output().await.expect("it runs");
        (all.status.code(), all.stdout)
    };
    assert_eq!(touch(MIB).await, (Some(0), b"touched\n".to_vec()));
    assert_eq!(touch(64 * MIB).await, (Some(1), b"no memory\n".to_vec()));
}

/// A child gets no more descriptors than it may have.
pub(super) async fn bounds_the_open_files<G: Asynchronous>() {
    let mut open = command::<G>("consume-a-little", &["files"]);
    let all = succeed(open.stdin(Stdio::piped())).await;
    assert_eq!(all.stdout, b"16\n");
}

/// An exit says how long it took and what processor time went into it.
pub(super) async fn tells_the_time_that_a_child_took<G: Asynchronous>() {
    const TIME: Duration = Duration::from_millis(300);
    for (program, args, spins) in [
        ("close-stdin-then-wait", &[][..], false),
        ("consume", &["cpu"], true),
    ] {
        let begun = Instant::now();
        let mut command = command::<G>(program, args);
        let status = command.deadline(TIME).status().await.expect("it runs");
        let (usage, took) = (status.usage(), begun.elapsed());
        assert_eq!(status.cause(), Some(EndCause::Deadline));
        assert!(
            usage.wall_time >= TIME && usage.wall_time <= took,
            "{usage:?}"
        );
        if spins {
            assert!(usage.user_time > Duration::ZERO, "{usage:?}");
        } else {
            assert!(usage.cpu_time() < TIME, "{usage:?}");
        }
    }
}

/// An exit says how much memory there was at once.
pub(super) async fn tells_the_memory_that_a_child_had<G: Asynchronous>() {
    let size = 64 * MIB;
    let large = output::<G>("consume", &["memory", &size.to_string()]).await;
    let large = large.status.usage();
    assert!(large.peak_memory >= size, "{large:?}");
}

/// An exit says how much the pipes carried, to the byte.
pub(super) async fn tells_what_the_pipes_carried<G: Asynchronous>() {
    let input = "a line\n".repeat(50_000);
    let mut child = piped::<G>("echo-lines", &[]).await;
    let all = child
        .communicate(Some(input.as_bytes()), u64::MAX)
        .await
        .expect("it runs");
    let length = input.len() as u64;
    let carried = all.status.usage();
    assert_eq!(
        (carried.stdin_bytes, carried.stdout_bytes),
        (length, length)
    );
    assert_eq!((carried.stderr_bytes, carried.extra_bytes), (0, 0));

    let mut flood = command::<G>("flood", &["200000", "both"]);
    let all = flood.output().await.expect("it runs");
    let carried = all.status.usage();
    let outputs = (carried.stdout_bytes, carried.stderr_bytes);
    assert_eq!((carried.stdin_bytes, outputs), (0, (200_000, 200_000)));

    // What was not read by the time of the exit is counted once it is.
    let mut child = start(command::<G>("flood", &["1000"]).stdout(Stdio::piped())).await;
    let exit = child.wait().await.expect("it ends");
    crate::support::rest::<G>(&mut child).await;
    let later = child.wait().await.expect("it has ended");
    assert_eq!(later.usage().stdout_bytes, 1000);
    assert_eq!(exit, later, "what was used makes no other end");
}
