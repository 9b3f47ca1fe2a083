//! Attacks with streams, files and extra pipes.

use super::GIT;
use crate::common::{Host, code, code_of, request};
use offspring_policy::DenialCode::{AccessDenied, InvalidArgument, TooBig};
use offspring_policy::{
    ExtraPipe, FileMode, FilePlan, GuestPath, Part, SpawnRequest, StdioRequest,
};

#[test]
fn streams_that_make_no_sense_are_invalid() {
    let policy = Host::new().bound(GIT);
    let file = |mode| StdioRequest::File {
        path: "f".into(),
        mode,
        offset: 0,
    };
    let refused = |set: &dyn Fn(&mut SpawnRequest)| {
        let mut request = request(&["git", "status", "--porcelain"]);
        set(&mut request);
        code(policy.authorize(&request))
    };
    for mode in [
        FileMode::Write,
        FileMode::Truncate,
        FileMode::Append,
        FileMode::CreateNew,
    ] {
        assert_eq!(
            refused(&|r| r.stdin = file(mode)),
            InvalidArgument(Part::Stdin)
        );
    }
    assert_eq!(
        refused(&|r| r.stdout = file(FileMode::Read)),
        InvalidArgument(Part::Stdout)
    );
    assert_eq!(
        refused(&|r| r.stdin = StdioRequest::Stdout),
        InvalidArgument(Part::Stdin)
    );
    assert_eq!(
        refused(&|r| r.stdout = StdioRequest::Stdout),
        InvalidArgument(Part::Stdout)
    );
    assert_eq!(
        refused(&|r| r.stdout = StdioRequest::Joined),
        InvalidArgument(Part::Stdout)
    );
    assert_eq!(
        refused(&|r| r.stderr = StdioRequest::Joined),
        InvalidArgument(Part::Stderr)
    );
}

#[test]
fn a_file_outside_is_invalid_and_a_file_in_a_read_only_directory_is_not_written() {
    let host = Host::new();
    let policy = host
        .pin(GIT)
        .unwrap()
        .bind(&[host.preopen(".", false)])
        .unwrap();
    let mut request = request(&["git", "status", "--porcelain"]);
    let file = |path: &str, mode| StdioRequest::File {
        path: path.into(),
        mode,
        offset: 0,
    };
    request.stdout = file("../f", FileMode::Append);
    assert_eq!(
        code(policy.authorize(&request)),
        InvalidArgument(Part::Stdout)
    );
    request.stdout = file("f", FileMode::Append);
    assert_eq!(code(policy.authorize(&request)), AccessDenied(Part::Stdout));
    let at = GuestPath {
        preopen: 0,
        path: "f".into(),
    };
    let open = FilePlan {
        at,
        seen: None,
        mode: FileMode::ReadWrite,
        offset: 0,
    };
    request.stdout = StdioRequest::OpenFile(open);
    assert_eq!(code(policy.authorize(&request)), AccessDenied(Part::Stdout));
    request.stdout = StdioRequest::Null;
    request.stdin = file("f", FileMode::Read);
    assert!(policy.authorize(&request).is_ok());
}

#[test]
fn extra_pipes_cannot_be_standard_streams_nor_each_other_nor_many() {
    let policy = Host::new().bound(GIT);
    let with = |fds: &[u32]| {
        let mut request = request(&["git", "status", "--porcelain"]);
        let pipe = |fd: &u32| ExtraPipe {
            fd: *fd,
            from_child: true,
        };
        request.extra_pipes = fds.iter().map(pipe).collect();
        code_of(&policy, request)
    };
    for fds in [&[0][..], &[2], &[256], &[u32::MAX], &[3, 4, 3]] {
        assert_eq!(with(fds), Some(InvalidArgument(Part::ExtraPipe)), "{fds:?}");
    }
    let many: Vec<_> = (3..20).collect();
    assert_eq!(with(&many), Some(TooBig(Part::ExtraPipe)));
    assert_eq!(with(&[3, 255]), None);
}
