//! What a hostile guest tries with a request, and the policy's answer.

use crate::common::{Host, code, request, request_with_env};
use offspring_policy::DenialCode::{AccessDenied, InvalidArgument, TooBig};
use offspring_policy::{
    ExtraPipe, FileMode, FilePlan, GuestPath, Identity, Part, ProgramRequest, SpawnRequest,
    StdioRequest,
};
use std::time::{Duration, Instant};

const GIT: &str = r#"
[[program]]
name = "git"
args = [
    ["status", "--porcelain"],
    ["log", "-n", "{int}"],
    ["show", "{word}"],
    ["diff", "--", "{path}..."],
]
env = { GIT_TERMINAL_PROMPT = "0" }
allow-env = ["LANG"]
"#;

#[test]
fn a_program_without_a_rule_is_refused_alike_whether_or_not_it_exists() {
    let host = Host::new();
    let policy = host.bound(GIT);
    let present = code(policy.authorize(&request(&["tool"])));
    let absent = code(policy.authorize(&request(&["no-such-tool"])));
    assert_eq!(
        (present, absent),
        (AccessDenied(Part::Program), AccessDenied(Part::Program))
    );
}

#[test]
fn a_name_that_is_a_path_is_refused_even_where_it_leads_to_an_allowed_program() {
    let host = Host::new();
    let policy = host.bound(GIT);
    let absolute = host.path("bin/git");
    for name in [
        "./git",
        "../git",
        "/git",
        "git/",
        "bin/git",
        absolute.to_str().unwrap(),
    ] {
        let decision = policy.authorize(&request(&[name, "status", "--porcelain"]));
        assert_eq!(code(decision), AccessDenied(Part::Program), "{name}");
    }
}

#[test]
fn names_that_only_resemble_an_allowed_one_are_refused() {
    let policy = Host::new().bound(GIT);
    for name in ["Git", "git ", " git", "git\n", "gi", "gitt", "."] {
        let decision = policy.authorize(&request(&[name, "status", "--porcelain"]));
        assert_eq!(code(decision), AccessDenied(Part::Program), "{name:?}");
    }
}

#[test]
fn a_program_of_the_same_name_in_a_guest_directory_is_never_the_one_that_runs() {
    let host = Host::new();
    host.program("guest/git", b"\x7fELF");
    let policy = host.bound(GIT);
    let plan = policy
        .authorize(&request(&["git", "status", "--porcelain"]))
        .unwrap();
    assert_eq!(plan.program().path(), host.path("bin/git"));
}

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

#[test]
fn a_guest_cannot_set_variables_that_the_policy_does_not_name() {
    let policy = Host::new().bound(GIT);
    let keys = [
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
        "GLIBC_TUNABLES",
        "GCONV_PATH",
        "BASH_ENV",
        "ENV",
        "IFS",
        "PYTHONPATH",
        "PERL5OPT",
        "RUBYOPT",
        "NODE_OPTIONS",
        "JAVA_TOOL_OPTIONS",
        "GIT_SSH_COMMAND",
        "SSH_ASKPASS",
        "PAGER",
        "EDITOR",
        "PATH",
        "HOME",
        "lang",
        "LANG ",
        "UNHEARD_OF",
    ];
    for key in keys {
        let request = request_with_env(&["git", "status", "--porcelain"], &[(key, "x")]);
        assert_eq!(
            code(policy.authorize(&request)),
            AccessDenied(Part::Environment),
            "{key}"
        );
    }
}

#[test]
fn a_guest_cannot_replace_a_variable_that_the_policy_sets() {
    let policy = Host::new().bound(GIT);
    let words = ["git", "status", "--porcelain"];
    let request = request_with_env(&words, &[("GIT_TERMINAL_PROMPT", "1")]);
    assert_eq!(
        code(policy.authorize(&request)),
        AccessDenied(Part::Environment)
    );
}

#[test]
fn the_environment_is_what_the_policy_sets_and_allows_and_nothing_of_the_hosts() {
    let policy = Host::new().bound(GIT);
    let words = ["git", "status", "--porcelain"];
    let request = request_with_env(&words, &[("LANG", "C"), ("LANG", "de")]);
    let plan = policy.authorize(&request).unwrap();
    let expected = [
        ("GIT_TERMINAL_PROMPT".into(), b"0".to_vec()),
        ("LANG".into(), b"de".to_vec()),
    ];
    assert_eq!(plan.env(), expected);
}

#[test]
fn options_cannot_be_injected() {
    let policy = Host::new().bound(GIT);
    let attempts: [&[&str]; 14] = [
        &["git", "-c", "core.fsmonitor=sh", "status", "--porcelain"],
        &["git", "status", "--porcelain", "-c", "x"],
        &["git", "--exec-path=.", "status", "--porcelain"],
        &["git", "show", "--upload-pack=sh"],
        &["git", "show", "--upl=sh"],
        &["git", "show", "--output=/etc/x"],
        &["git", "show", "-oProxyCommand=sh"],
        &["git", "show", "@file"],
        &["git", "show", ""],
        &["git", "show", "a\n"],
        &["git", "log", "-n", "-1"],
        &["git", "log", "-n1"],
        &["git", "diff", "--", "--output=x"],
        &["git", "diff", "--", "--checkpoint-action=exec=sh"],
    ];
    for words in attempts {
        let decision = policy.authorize(&request(words));
        assert_eq!(code(decision), AccessDenied(Part::Arguments), "{words:?}");
    }
}

#[test]
fn a_path_argument_cannot_lead_out_of_the_guests_directories() {
    let policy = Host::new().bound(GIT);
    for path in [
        "..",
        "../../etc/passwd",
        "a/../../x",
        "/etc/passwd",
        "/../x",
        "",
        "ext::sh -c x",
    ] {
        let decision = policy.authorize(&request(&["git", "diff", "--", "a", path]));
        assert_eq!(code(decision), AccessDenied(Part::Arguments), "{path}");
    }
    assert!(
        policy
            .authorize(&request(&["git", "diff", "--", "a", "b/../c"]))
            .is_ok()
    );
}

#[test]
fn a_working_directory_outside_is_an_invalid_argument() {
    let policy = Host::new().bound(GIT);
    for cwd in ["..", "", "a/../..", "/..", "../guest"] {
        let mut request = request(&["git", "status", "--porcelain"]);
        request.cwd = Some(cwd.into());
        let decision = policy.authorize(&request);
        assert_eq!(
            code(decision),
            InvalidArgument(Part::WorkingDirectory),
            "{cwd}"
        );
    }
}

#[test]
fn argument_zero_is_the_guests_to_choose_only_where_the_policy_says_so() {
    let host = Host::new();
    let mut request = request(&["tool"]);
    request.arg0 = Some(b"sh".to_vec());
    let text = "[[program]]\nname = \"tool\"\nargs = [[]]\n";
    assert_eq!(
        code(host.bound(text).authorize(&request)),
        AccessDenied(Part::Arguments)
    );
    let widened = host.bound(&format!("{text}allow-arg0 = true"));
    assert_eq!(widened.authorize(&request).unwrap().arg0(), b"sh");
}

#[test]
fn a_user_or_group_is_the_guests_to_choose_only_where_the_policy_says_so() {
    let host = Host::new();
    let asks: [fn(&mut SpawnRequest); 3] = [
        |request| request.user = Some(Identity::Id(0)),
        |request| request.group = Some(Identity::Name("root".into())),
        |request| request.extra_groups = Some(Vec::new()),
    ];
    let text = "[[program]]\nname = \"tool\"\nargs = [[]]\n";
    for ask in asks {
        let mut request = request(&["tool"]);
        ask(&mut request);
        assert_eq!(
            code(host.bound(text).authorize(&request)),
            AccessDenied(Part::Identity)
        );
        let widened = host.bound(&format!("{text}allow-identity = true"));
        assert!(widened.authorize(&request).is_ok());
    }
}

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

#[test]
fn a_command_line_is_refused_where_the_policy_has_no_shell() {
    let policy = Host::new().bound("[[program]]\nname = \"sh\"\nargs = [[\"{any}...\"]]");
    let line = SpawnRequest::new(ProgramRequest::Shell(b"true".to_vec()));
    assert_eq!(code(policy.authorize(&line)), AccessDenied(Part::Program));
}

#[test]
fn the_shell_is_not_a_program_that_a_guest_can_name() {
    let policy = Host::new().bound("[shell]");
    assert_eq!(
        code(policy.authorize(&request(&["sh", "-c", "x"]))),
        AccessDenied(Part::Program)
    );
    let line = SpawnRequest::new(ProgramRequest::Shell(b"echo a; echo b".to_vec()));
    let plan = policy.authorize(&line).unwrap();
    assert_eq!(plan.args(), [b"-c".to_vec(), b"echo a; echo b".to_vec()]);
}

#[test]
fn what_is_denied_to_the_guest_says_nothing_of_the_host() {
    let host = Host::new();
    let denial = host
        .bound(GIT)
        .authorize(&request(&["git", "push"]))
        .unwrap_err();
    assert!(!denial.to_string().contains(host.path("").to_str().unwrap()));
    assert!(
        denial
            .to_string()
            .starts_with("policy.toml:3:1: the rule for `git`"),
        "{denial}"
    );
}

fn code_of(
    policy: &offspring_policy::BoundPolicy,
    request: SpawnRequest,
) -> Option<offspring_policy::DenialCode> {
    policy.authorize(&request).err().map(|denial| denial.code())
}
