//! Requests that are malformed or too big.

use super::GIT;
use crate::common::{Host, code, code_of, request, request_with_env};
use offspring_policy::DenialCode::{AccessDenied, InvalidArgument, TooBig};
use offspring_policy::{FileMode, Identity, Part, ProgramRequest, SpawnRequest, StdioRequest};
use std::time::{Duration, Instant};

#[test]
fn a_nul_byte_anywhere_is_an_invalid_argument() {
    let policy = Host::new().bound(GIT);
    let refused = |request: SpawnRequest| code(policy.authorize(&request));
    assert_eq!(
        refused(request(&["git\0x"])),
        InvalidArgument(Part::Program)
    );
    assert_eq!(
        refused(request(&["git", "a\0b"])),
        InvalidArgument(Part::Arguments)
    );
    let key = request_with_env(&["git"], &[("LANG\0X", "C")]);
    assert_eq!(refused(key), InvalidArgument(Part::Environment));
    let value = request_with_env(&["git"], &[("LANG", "C\0")]);
    assert_eq!(refused(value), InvalidArgument(Part::Environment));
    let mut cwd = request(&["git"]);
    cwd.cwd = Some("a\0b".into());
    assert_eq!(refused(cwd), InvalidArgument(Part::WorkingDirectory));
    let mut arg0 = request(&["git"]);
    arg0.arg0 = Some(b"git\0".to_vec());
    assert_eq!(refused(arg0), InvalidArgument(Part::Arguments));
    let mut file = request(&["git"]);
    file.stdin = StdioRequest::File {
        path: "\0".into(),
        mode: FileMode::Read,
        offset: 0,
    };
    assert_eq!(refused(file), InvalidArgument(Part::Stdin));
    let mut user = request(&["git"]);
    user.user = Some(Identity::Name("root\0".into()));
    assert_eq!(refused(user), InvalidArgument(Part::Identity));
    let line = SpawnRequest::new(ProgramRequest::Shell(b"true\0".to_vec()));
    assert_eq!(refused(line), InvalidArgument(Part::Arguments));
}

#[test]
fn an_empty_name_and_keys_that_are_empty_or_hold_an_equals_sign_are_invalid() {
    let policy = Host::new().bound(GIT);
    assert_eq!(
        code(policy.authorize(&request(&[""]))),
        InvalidArgument(Part::Program)
    );
    for key in ["", "=", "LANG=C"] {
        let request = request_with_env(&["git", "status", "--porcelain"], &[(key, "")]);
        assert_eq!(
            code(policy.authorize(&request)),
            InvalidArgument(Part::Environment),
            "{key}"
        );
    }
}

#[test]
fn an_argument_of_128_kib_is_too_big_and_one_byte_less_is_not() {
    let policy = Host::new().bound("[[program]]\nname = \"tool\"\nargs = [[\"{any}\"]]");
    let with = |bytes| code_of(&policy, request(&["tool", &"a".repeat(bytes)]));
    assert_eq!(with(131_072), Some(TooBig(Part::Arguments)));
    assert_eq!(with(131_071), None, "the NUL makes it 131,072");
}

#[test]
fn a_variable_of_128_kib_is_too_big() {
    let policy = Host::new().bound(GIT);
    let words = ["git", "status", "--porcelain"];
    let with = |bytes| {
        code_of(
            &policy,
            request_with_env(&words, &[("LANG", &"a".repeat(bytes))]),
        )
    };
    assert_eq!(
        with(131_072 - "LANG=".len()),
        Some(TooBig(Part::Environment))
    );
    assert_eq!(with(131_072 - "LANG=".len() - 1), None);
}

#[test]
fn ten_megabytes_of_arguments_are_refused_at_once() {
    let policy = Host::new().bound("[[program]]\nname = \"tool\"\nargs = [[\"{any}...\"]]");
    let mut request = request(&["tool"]);
    request.args = vec![vec![b'a'; 100_000]; 100];
    let started = Instant::now();
    assert_eq!(code(policy.authorize(&request)), TooBig(Part::Arguments));
    request.args = vec![Vec::new(); 10_000_000];
    assert_eq!(code(policy.authorize(&request)), TooBig(Part::Arguments));
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_hundred_thousand_arguments_are_decided_quickly() {
    let policy = Host::new().bound(
        "[[program]]\nname = \"tool\"\nargs = [[\"{word}...\", \"{int}...\", \"{path}...\", \"end\"]]",
    );
    let mut request = request(&["tool"]);
    request.args = vec![b"12345".to_vec(); 100_000];
    let started = Instant::now();
    assert_eq!(
        code(policy.authorize(&request)),
        AccessDenied(Part::Arguments)
    );
    request.args.push(b"end".to_vec());
    assert!(policy.authorize(&request).is_ok());
    assert!(started.elapsed() < Duration::from_secs(20));
}
