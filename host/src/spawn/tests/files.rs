//! Files and directories of the guest.

use super::*;

pub(super) fn with_directory(policy: PolicyBuilder, perms: FsPerms) -> (ProcessCtx, TempDir) {
    let directory = TempDir::new().unwrap();
    let mut builder = ProcessCtx::builder();
    builder.policy(policy.build().unwrap());
    builder
        .preopened_dir(directory.path(), "/data", perms)
        .unwrap();
    (builder.build().unwrap().1, directory)
}

pub(super) fn file(path: &str, mode: FileMode, offset: u64) -> StdioRequest {
    StdioRequest::File {
        path: path.into(),
        mode,
        offset,
    }
}

#[tokio::test]
async fn files_of_the_guest_are_standard_streams() {
    in_each_tier(async |policy| {
        let (ctx, directory) = with_directory(policy, FsPerms::ReadWrite);
        std::fs::write(directory.path().join("in"), "0123456789").unwrap();
        let mut cat = command(&ctx, "cat", &[]);
        cat.stdio(Part::Stdin, file("/data/in", FileMode::Read, 4));
        cat.stdio(Part::Stdout, file("/data/out", FileMode::Truncate, 0));
        let child = run(&ctx, cat).await.unwrap();
        assert_eq!(exit(&child).await.0, ExitStatus::Exited(0));
        assert_eq!(
            std::fs::read(directory.path().join("out")).unwrap(),
            b"456789"
        );
    })
    .await;
}

#[tokio::test]
async fn standard_error_shares_the_file_and_the_offset_of_standard_output() {
    in_each_tier(async |policy| {
        let (ctx, directory) = with_directory(policy, FsPerms::ReadWrite);
        let mut both = script(&ctx, "echo one; echo two >&2; echo three");
        both.stdio(Part::Stdout, file("/data/out", FileMode::Truncate, 0));
        both.stdio(Part::Stderr, StdioRequest::Stdout);
        exit(&run(&ctx, both).await.unwrap()).await;
        assert_eq!(
            std::fs::read(directory.path().join("out")).unwrap(),
            b"one\ntwo\nthree\n"
        );
    })
    .await;
}

#[tokio::test]
async fn a_file_that_leads_outside_is_refused() {
    in_each_tier(async |policy| {
        let (ctx, directory) = with_directory(policy, FsPerms::ReadWrite);
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
    })
    .await;
}

#[tokio::test]
async fn a_read_only_directory_takes_no_output() {
    in_each_tier(async |policy| {
        let (ctx, directory) = with_directory(policy, FsPerms::ReadOnly);
        let mut cat = command(&ctx, "cat", &[]);
        cat.stdio(Part::Stdout, file("/data/out", FileMode::Truncate, 0));
        assert_eq!(
            run(&ctx, cat).await.err(),
            Some(ErrorCode::AccessDenied(Part::Stdout))
        );
        assert!(!directory.path().join("out").exists());
    })
    .await;
}

#[tokio::test]
async fn a_fifo_is_refused_and_does_not_block_the_host() {
    in_each_tier(async |policy| {
        let (ctx, directory) = with_directory(policy, FsPerms::ReadWrite);
        let fifo = directory.path().join("fifo");
        nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let mut cat = command(&ctx, "cat", &[]);
        cat.stdio(Part::Stdin, file("/data/fifo", FileMode::Read, 0));
        assert_eq!(
            run(&ctx, cat).await.err(),
            Some(ErrorCode::InvalidArgument(Part::Stdin))
        );
    })
    .await;
}

#[tokio::test]
async fn the_working_directory_is_one_of_the_guest() {
    for tier in Confinement::ALL {
        let (ctx, directory) = with_directory(policy_in(tier), FsPerms::ReadWrite);
        std::fs::create_dir(directory.path().join("sub")).unwrap();
        let mut pwd = piped(script(&ctx, "/bin/pwd"));
        pwd.cwd("/data/sub".into());
        let mut child = run(&ctx, pwd).await.unwrap();
        let output = communicate(&mut child, b"", u64::MAX).await;
        let printed = String::from_utf8(output.stdout.unwrap().data).unwrap();
        let expected = match tier {
            Confinement::Namespace => "/data/sub".into(),
            Confinement::Landlock | Confinement::None => {
                directory.path().canonicalize().unwrap().join("sub")
            }
        };
        assert_eq!(printed.trim_end(), expected.to_str().unwrap());

        let mut missing = script(&ctx, "true");
        missing.cwd("/data/missing".into());
        let refused = run(&ctx, missing).await.err();
        assert_eq!(refused, Some(ErrorCode::NotFound(Part::WorkingDirectory)));
    }
}
