//! The core without WebAssembly: commands in, children out, with real programs.

use super::*;
use crate::child::{EndCause, Exit, ExitStatus, Output};
use crate::launch::SignalTarget;
use offspring_policy::{
    Confinement, FileMode, PinnedPolicy, PolicyBuilder, ProgramRequest, Signal, StdioRequest,
};
use std::future::poll_fn;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;
use wasmtime_wasi::FsPerms;
use wasmtime_wasi::cli::StdinStream;
use wasmtime_wasi::p2::pipe::{MemoryInputPipe, MemoryOutputPipe};

/// More than a pipe holds (pipe(7)), so that a peer that does not read would block.
const LARGE: usize = 1 << 20;

fn policy() -> PolicyBuilder {
    PinnedPolicy::builder(Confinement::None)
        .allow("sh", Some("/bin/sh".into()))
        .allow("cat", Some("/bin/cat".into()))
}

fn context(policy: PolicyBuilder) -> ProcessCtx {
    let policy = policy.build().expect("the policy is sound");
    ProcessCtx::builder()
        .policy(policy)
        .build()
        .expect("it fits the guest")
        .1
}

fn command(ctx: &ProcessCtx, program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(ProgramRequest::Named(program.into()), &ctx.commands);
    command.args(args.iter().map(|arg| arg.as_bytes().to_vec()).collect());
    command
}

fn script(ctx: &ProcessCtx, script: &str) -> Command {
    command(ctx, "sh", &["-c", script])
}

async fn run(ctx: &ProcessCtx, command: Command) -> Result<Child, ErrorCode> {
    let mut spawning = spawn(ctx, command);
    poll_fn(|cx| spawning.poll_take(cx)).await
}

async fn communicate(child: &mut Child, input: &[u8], limit: u64) -> Output {
    let mut output = child.communicate(Some(input.to_vec()), limit);
    poll_fn(|cx| output.poll_take(cx))
        .await
        .expect("the pipes work")
}

async fn exit(child: &Child) -> Exit {
    child
        .wait()
        .exited()
        .await
        .expect("the child is waited for")
}

/// Read `size` bytes of what a child writes.
async fn read(pipe: &mut ReadEnd, size: usize) -> Vec<u8> {
    let mut data = vec![0; size];
    let mut read = 0;
    while read < size {
        match poll_fn(|cx| pipe.poll_read(cx, &mut data[read..]))
            .await
            .expect("readable")
        {
            0 => break,
            more => read += more,
        }
    }
    data.truncate(read);
    data
}

fn piped(mut command: Command) -> Command {
    for part in [Part::Stdin, Part::Stdout, Part::Stderr] {
        command.stdio(part, StdioRequest::Pipe);
    }
    command
}

const KILLED: ExitStatus = ExitStatus::Signaled {
    signal: Signal::Kill,
    core_dumped: false,
};

#[tokio::test]
async fn a_program_that_the_policy_does_not_name_is_refused_and_nothing_is_spawned() {
    let ctx = context(policy());
    let refused = run(&ctx, command(&ctx, "rm", &["-rf", "/"])).await.err();
    assert_eq!(refused, Some(ErrorCode::AccessDenied(Part::Program)));
    assert_eq!(ctx.children.0.spawned.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_program_that_was_replaced_or_rewritten_is_refused() {
    let directory = TempDir::new().unwrap();
    let tool = directory.path().join("tool");
    std::fs::copy("/bin/true", &tool).unwrap();
    let ctx = context(policy().allow("tool", Some(tool.clone())));
    run(&ctx, command(&ctx, "tool", &[]))
        .await
        .expect("it is the pinned program");
    let mut other = std::fs::read("/bin/false").unwrap();
    other.extend_from_slice(b"longer");
    std::fs::remove_file(&tool).unwrap();
    std::fs::write(&tool, other).unwrap();
    let refused = run(&ctx, command(&ctx, "tool", &[])).await.err();
    assert_eq!(refused, Some(ErrorCode::ProgramChanged));
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
    let ctx = context(policy().children(1));
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
}

#[tokio::test]
async fn a_child_has_its_own_exit_code_and_no_environment() {
    let ctx = context(policy());
    let mut child = run(&ctx, piped(script(&ctx, "/usr/bin/env; exit 7")))
        .await
        .unwrap();
    let output = communicate(&mut child, b"", u64::MAX).await;
    assert_eq!(
        output.exit,
        Exit {
            status: ExitStatus::Exited(7),
            cause: None
        }
    );
    let env = String::from_utf8(output.stdout.unwrap().data).unwrap();
    // The shell itself sets these (POSIX, "Shell Variables").
    let of_the_shell = |line: &str| {
        ["PWD=", "OLDPWD=", "SHLVL=", "_="]
            .iter()
            .any(|key| line.starts_with(key))
    };
    assert_eq!(env.lines().find(|line| !of_the_shell(line)), None);
}

#[tokio::test]
async fn communicate_does_not_deadlock_on_more_than_a_pipe_holds() {
    let ctx = context(policy());
    let mut child = run(&ctx, piped(command(&ctx, "cat", &[]))).await.unwrap();
    let input = vec![b'x'; LARGE];
    let output = communicate(&mut child, &input, u64::MAX).await;
    let stdout = output.stdout.unwrap();
    assert!(stdout.data == input && !stdout.truncated);
}

#[tokio::test]
async fn communicate_cuts_at_the_limit_says_so_and_ends_a_child_that_writes_for_ever() {
    let ctx = context(policy());
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
}

#[tokio::test]
async fn communicate_ignores_a_child_that_does_not_read() {
    let ctx = context(policy());
    let mut child = run(&ctx, piped(script(&ctx, "echo done"))).await.unwrap();
    let output = communicate(&mut child, &vec![b'x'; LARGE], u64::MAX).await;
    assert_eq!(output.stdout.unwrap().data, b"done\n");
}

#[tokio::test]
async fn communicate_gives_nothing_for_a_stream_that_is_no_pipe() {
    let ctx = context(policy());
    let mut child = run(&ctx, script(&ctx, "echo unheard")).await.unwrap();
    let output = communicate(&mut child, b"", u64::MAX).await;
    assert!(output.stdout.is_none() && output.stderr.is_none());
}

#[tokio::test]
async fn a_grandchild_that_holds_the_pipe_does_not_hold_communicate() {
    let ctx = context(policy().drain(Duration::from_millis(50)));
    let holding = "trap '' HUP; sleep 30 & echo $!; exit 0";
    let mut child = run(&ctx, piped(script(&ctx, holding))).await.unwrap();
    let stdout = communicate(&mut child, b"", u64::MAX).await.stdout.unwrap();
    assert!(stdout.truncated);
    let sleeper = String::from_utf8(stdout.data)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    let sleeper = nix::unistd::Pid::from_raw(sleeper);
    nix::sys::signal::kill(sleeper, nix::sys::signal::SIGKILL).unwrap();
}

#[tokio::test]
async fn an_output_limit_ends_the_child_and_the_exit_says_why() {
    let ctx = context(policy().output(100));
    let mut child = run(&ctx, piped(script(&ctx, "exec cat /dev/zero")))
        .await
        .unwrap();
    let mut stdout = child.take_stdout().unwrap();
    assert_eq!(read(&mut stdout, LARGE).await.len(), 100);
    assert_eq!(
        exit(&child).await,
        Exit {
            status: KILLED,
            cause: Some(EndCause::OutputLimit)
        }
    );
}

#[tokio::test]
async fn a_child_that_writes_just_as_much_as_it_may_is_left_alone() {
    let ctx = context(policy().output(5));
    let mut child = run(&ctx, piped(script(&ctx, "echo four"))).await.unwrap();
    let output = communicate(&mut child, b"", u64::MAX).await;
    let stdout = output.stdout.unwrap();
    assert_eq!(
        (&stdout.data[..], stdout.truncated),
        (&b"four\n"[..], false)
    );
    assert_eq!(
        output.exit,
        Exit {
            status: ExitStatus::Exited(0),
            cause: None
        }
    );
}

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
async fn a_deadline_ends_the_child_and_the_exit_says_why() {
    let ctx = context(policy());
    let mut cat = piped(command(&ctx, "cat", &[]));
    cat.request.deadline = Some(Duration::from_millis(20));
    let child = run(&ctx, cat).await.unwrap();
    assert_eq!(
        exit(&child).await,
        Exit {
            status: KILLED,
            cause: Some(EndCause::Deadline)
        }
    );
}

#[tokio::test]
async fn a_dropped_child_is_killed_with_its_group_and_its_waiters_learn_why() {
    let ctx = context(policy());
    let child = run(&ctx, piped(script(&ctx, "cat & cat"))).await.unwrap();
    let (mut wait, mut second) = (child.wait(), child.wait());
    drop(child);
    let gone = Exit {
        status: KILLED,
        cause: Some(EndCause::OwnerGone),
    };
    assert_eq!(wait.exited().await, Ok(gone));
    assert_eq!(second.exited().await, Ok(gone));
}

#[tokio::test]
async fn the_children_go_with_the_context() {
    let ctx = context(policy());
    let child = run(&ctx, piped(command(&ctx, "cat", &[]))).await.unwrap();
    drop(ctx);
    let gone = Exit {
        status: KILLED,
        cause: Some(EndCause::OwnerGone),
    };
    assert_eq!(exit(&child).await, gone);
}

#[tokio::test]
async fn a_signal_ends_a_child_and_a_second_one_comes_too_late() {
    let ctx = context(policy());
    let child = run(&ctx, piped(command(&ctx, "cat", &[]))).await.unwrap();
    child.terminate().unwrap();
    let term = ExitStatus::Signaled {
        signal: Signal::Term,
        core_dumped: false,
    };
    assert_eq!(
        exit(&child).await,
        Exit {
            status: term,
            cause: None
        }
    );
    assert_eq!(child.terminate(), Err(ErrorCode::AlreadyExited));
    assert_eq!(child.kill(), Err(ErrorCode::AlreadyExited));
    assert_eq!(child.try_wait().unwrap().unwrap().status, term);
}

#[tokio::test]
async fn a_signal_that_does_not_exist_or_is_not_allowed_is_refused() {
    let ctx = context(policy());
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
}

#[tokio::test]
async fn the_event_that_stdin_is_closed_comes_when_the_child_closes_it() {
    let ctx = context(policy());
    let mut child = run(
        &ctx,
        piped(script(&ctx, "exec <&-; echo closed; exec cat /dev/zero")),
    )
    .await
    .unwrap();
    let stdin = child.take_stdin().unwrap();
    assert_eq!(stdin.closed().wait().await, Err(ErrorCode::BrokenPipe));
    assert_eq!(child.try_wait(), Ok(None));
}

#[tokio::test]
async fn closing_stdin_reaches_the_child_although_its_end_is_watched() {
    let ctx = context(policy());
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
    assert_eq!(exit(&child).await.status, ExitStatus::Exited(0));
}

#[tokio::test]
async fn stderr_merged_into_stdout_keeps_the_order() {
    let ctx = context(policy());
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
}

#[tokio::test]
async fn the_output_of_one_child_is_the_input_of_another() {
    let ctx = context(policy());
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
}

fn with_directory(perms: FsPerms) -> (ProcessCtx, TempDir) {
    let directory = TempDir::new().unwrap();
    let mut builder = ProcessCtx::builder();
    builder.policy(policy().build().unwrap());
    builder
        .preopened_dir(directory.path(), "/data", perms)
        .unwrap();
    (builder.build().unwrap().1, directory)
}

fn file(path: &str, mode: FileMode, offset: u64) -> StdioRequest {
    StdioRequest::File {
        path: path.into(),
        mode,
        offset,
    }
}

#[tokio::test]
async fn files_of_the_guest_are_standard_streams() {
    let (ctx, directory) = with_directory(FsPerms::ReadWrite);
    std::fs::write(directory.path().join("in"), "0123456789").unwrap();
    let mut cat = command(&ctx, "cat", &[]);
    cat.stdio(Part::Stdin, file("/data/in", FileMode::Read, 4));
    cat.stdio(Part::Stdout, file("/data/out", FileMode::Truncate, 0));
    let child = run(&ctx, cat).await.unwrap();
    assert_eq!(exit(&child).await.status, ExitStatus::Exited(0));
    assert_eq!(
        std::fs::read(directory.path().join("out")).unwrap(),
        b"456789"
    );
}

#[tokio::test]
async fn a_file_that_leads_outside_is_refused() {
    let (ctx, directory) = with_directory(FsPerms::ReadWrite);
    std::os::unix::fs::symlink("/etc/passwd", directory.path().join("link")).unwrap();
    let mut cat = command(&ctx, "cat", &[]);
    cat.stdio(Part::Stdin, file("/data/link", FileMode::Read, 0));
    let outside = ErrorCode::Io(crate::error::IoError::Loop);
    assert_eq!(run(&ctx, cat).await.err(), Some(outside));
    let mut cat = command(&ctx, "cat", &[]);
    cat.stdio(
        Part::Stdin,
        file("/data/../../etc/passwd", FileMode::Read, 0),
    );
    let refused = run(&ctx, cat).await.err();
    assert_eq!(refused, Some(ErrorCode::InvalidArgument(Part::Stdin)));
}

#[tokio::test]
async fn a_read_only_directory_takes_no_output() {
    let (ctx, directory) = with_directory(FsPerms::ReadOnly);
    let mut cat = command(&ctx, "cat", &[]);
    cat.stdio(Part::Stdout, file("/data/out", FileMode::Truncate, 0));
    assert_eq!(
        run(&ctx, cat).await.err(),
        Some(ErrorCode::AccessDenied(Part::Stdout))
    );
    assert!(!directory.path().join("out").exists());
}

#[tokio::test]
async fn a_fifo_is_refused_and_does_not_block_the_host() {
    let (ctx, directory) = with_directory(FsPerms::ReadWrite);
    let fifo = directory.path().join("fifo");
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let mut cat = command(&ctx, "cat", &[]);
    cat.stdio(Part::Stdin, file("/data/fifo", FileMode::Read, 0));
    assert_eq!(
        run(&ctx, cat).await.err(),
        Some(ErrorCode::InvalidArgument(Part::Stdin))
    );
}

#[tokio::test]
async fn the_working_directory_is_one_of_the_guest() {
    let (ctx, directory) = with_directory(FsPerms::ReadWrite);
    std::fs::create_dir(directory.path().join("sub")).unwrap();
    let mut pwd = piped(script(&ctx, "/bin/pwd"));
    pwd.cwd("/data/sub".into());
    let mut child = run(&ctx, pwd).await.unwrap();
    let printed = communicate(&mut child, b"", u64::MAX)
        .await
        .stdout
        .unwrap()
        .data;
    let expected = directory.path().canonicalize().unwrap().join("sub");
    assert_eq!(
        String::from_utf8(printed).unwrap().trim_end(),
        expected.to_str().unwrap()
    );

    let mut missing = script(&ctx, "true");
    missing.cwd("/data/missing".into());
    let refused = run(&ctx, missing).await.err();
    assert_eq!(refused, Some(ErrorCode::NotFound(Part::WorkingDirectory)));
}

#[tokio::test]
async fn inherited_output_is_there_when_the_exit_is_known() {
    let (out, err) = (MemoryOutputPipe::new(LARGE), MemoryOutputPipe::new(LARGE));
    let mut builder = ProcessCtx::builder();
    builder
        .policy(policy().build().unwrap())
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
}

#[tokio::test]
async fn inherited_input_that_the_child_did_not_read_remains_with_the_guest() {
    let mut builder = ProcessCtx::builder();
    builder
        .policy(policy().build().unwrap())
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
}
