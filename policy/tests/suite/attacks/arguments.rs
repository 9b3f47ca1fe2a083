//! Attacks with arguments and the working directory.

use super::GIT;
use crate::common::{Host, code, request};
use offspring_policy::DenialCode::{AccessDenied, InvalidArgument};
use offspring_policy::Part;

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
