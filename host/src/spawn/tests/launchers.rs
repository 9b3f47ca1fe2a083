//! What a launcher is given, and what is left where it refuses.

use super::files::{file, with_directory};
use super::*;
use crate::launch::{Exited, Launcher, Launching, Process};
use crate::limits::DESCRIPTORS;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::task::{Poll, Waker};

/// Launches nothing, and keeps the streams that it is given.
#[derive(Clone, Default)]
pub(super) struct Keeper(Arc<Mutex<Vec<ChildStreams>>>);

impl Keeper {
    pub(super) fn last(&self) -> ChildStreams {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.pop().expect("there was a launch")
    }
}

impl Launcher for Keeper {
    fn launch<'a>(&'a self, launch: Launch<'a>) -> Launching<'a> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(launch.streams);
        Box::pin(std::future::ready(Ok(
            Box::<Idle>::default() as Box<dyn Process>
        )))
    }
}

/// A process that only waits to be killed.
#[derive(Default)]
struct Idle {
    killed: bool,
    waiting: Option<Waker>,
}

impl Process for Idle {
    fn id(&self) -> u32 {
        1
    }

    fn poll_exit(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Exited>> {
        if self.killed {
            return Poll::Ready(Ok(exited(KILLED)));
        }
        self.waiting = Some(cx.waker().clone());
        Poll::Pending
    }

    fn signal(&mut self, _: Signal, _: SignalTarget) -> Result<(), ErrorCode> {
        self.kill_tree();
        Ok(())
    }

    fn kill_tree(&mut self) {
        self.killed = true;
        if let Some(waker) = self.waiting.take() {
            waker.wake();
        }
    }
}

#[tokio::test]
async fn files_reach_a_launcher_as_words() {
    let keeper = Keeper::default();
    let (mut ctx, directory) = with_directory(policy(), FsPerms::ReadWrite);
    ctx.launcher = Arc::new(keeper.clone());
    let mut cat = command(&ctx, "cat", &[]);
    cat.stdio(Part::Stdin, file("/data/sub/in", FileMode::Read, 4));
    cat.stdio(Part::Stdout, file("/data/out", FileMode::Truncate, 0));
    cat.stdio(Part::Stderr, StdioRequest::Stdout);
    run(&ctx, cat).await.unwrap();
    let streams = keeper.last();
    let ChildStream::File(stdin) = streams.stdin else {
        panic!("{:?}", streams.stdin);
    };
    assert_eq!(
        (stdin.at.preopen, stdin.at.path.as_str(), stdin.offset),
        (0, "sub/in", 4)
    );
    let ChildStream::File(stdout) = streams.stdout else {
        panic!("{:?}", streams.stdout);
    };
    assert_eq!(stdout.mode, FileMode::Truncate);
    assert!(matches!(streams.stderr, ChildStream::Stdout));
    assert!(
        !directory.path().join("out").exists(),
        "the launcher opens it"
    );
}

#[test]
fn a_launcher_learns_what_the_directories_of_the_guest_are() {
    let (ctx, directory) = with_directory(policy(), FsPerms::ReadOnly);
    let host = directory.path().canonicalize().unwrap();
    let known = ctx.directories.get(0).expect("there is one");
    assert_eq!(
        (known.host_path(), known.guest_path(), known.is_writable()),
        (host.as_path(), "/data", false)
    );
    let same = ProcessCtx::builder()
        .preopened_dir(&host, "again", FsPerms::ReadWrite)
        .unwrap()
        .build()
        .unwrap();
    let same = same.1.directories.get(0).expect("there is one").identity();
    assert_eq!(known.identity(), same);
}

#[tokio::test]
async fn a_launch_that_is_refused_gives_everything_back() {
    let (ctx, _directory) = with_directory(policy(), FsPerms::ReadWrite);
    let mut nowhere = piped(script(&ctx, "true"));
    nowhere.cwd("/data/missing".into());
    let refused = run(&ctx, nowhere).await.err();
    assert_eq!(refused, Some(ErrorCode::NotFound(Part::WorkingDirectory)));
    assert!(ctx.descriptors.take(DESCRIPTORS).is_some());
    assert_eq!((ctx.places.running(), ctx.places.spawned()), (0, 0));
}

#[tokio::test]
async fn a_launch_that_is_refused_creates_no_file() {
    let (ctx, directory) = with_directory(policy(), FsPerms::ReadWrite);
    let mut session = script(&ctx, "true");
    session.stdio(Part::Stdout, file("/data/out", FileMode::Truncate, 0));
    session.request.new_session = true;
    let refused = run(&ctx, session).await.err();
    assert_eq!(refused, Some(ErrorCode::Unsupported(Part::Session)));
    assert!(!directory.path().join("out").exists());
}
