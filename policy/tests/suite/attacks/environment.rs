//! Attacks with environment variables.

use super::GIT;
use crate::common::{Host, code, request_with_env};
use offspring_policy::DenialCode::AccessDenied;
use offspring_policy::Part;

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
