//! Machines that cannot confine as the policy wants: nothing is launched, or it is confined as
//! weakly as the policy says, and no weaker.

use std::fs;
use std::process::{Command, Stdio};

use offspring_tests::artifacts::CONFINEMENT_OBEYS;
use offspring_tests::{child, precompile};
use tempfile::TempDir;

/// What a host says on a machine that lacks something.
#[expect(
    clippy::disallowed_methods,
    reason = "it is a host of its own, on a machine that lacks something"
)]
fn host_says(lacking: &[&str], tiers: &str) -> String {
    let directory = TempDir::new().expect("a temporary directory can be made");
    let component = precompile(CONFINEMENT_OBEYS, directory.path());
    let (policy, inside) = (
        directory.path().join("policy.toml"),
        directory.path().join("inside"),
    );
    let probe = child!("probe");
    let text = format!(
        "{tiers}\n[[program]]\nname = \"probe\"\npath = {probe:?}\nargs = [[\"{{any}}...\"]]\n"
    );
    fs::write(&policy, text).expect("a file can be written");
    fs::create_dir(&inside).expect("a directory can be made");
    let mut words: Vec<&str> = Vec::new();
    for what in lacking {
        words.extend([child!("without"), what]);
    }
    words.extend([child!("lone-host"), "try"]);
    let output = Command::new(words[0])
        .args(&words[1..])
        .args([&component, &policy, &inside])
        .stdin(Stdio::null())
        .output()
        .expect("the helper starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    let said = said.strip_suffix("left: 0\n");
    said.unwrap_or_else(|| panic!("something is left: {output:?} {errors}"))
        .to_owned()
}

#[track_caller]
fn is_refused(lacking: &[&str], tiers: &str, reasons: &[&str]) {
    let said = host_says(lacking, tiers);
    assert!(said.starts_with("refused: "), "{said}");
    for reason in reasons {
        assert!(said.contains(reason), "{reason:?} is not in {said}");
    }
}

/// Children see themselves in a namespace.
const IN_NAMESPACE: &str = "identity.filter: 2\nidentity.process: small\n";
/// They see the host's numbers, and have a filter.
const BEHIND_LANDLOCK: &str = "identity.filter: 2\nidentity.process: large\n";
/// They have only the filters that the host has.
const UNCONFINED: &str = "identity.process: large\n";

const NAMESPACE: &str = "confinement = \"namespace\"";
const LANDLOCK: &str = "confinement = \"landlock\"";
const OR_LANDLOCK: &str = "confinement = \"namespace\"\nfallback = \"landlock\"";
const OR_NONE: &str = "confinement = \"namespace\"\nfallback = \"none\"";

/// The probe's lines, in the order of their names.
fn sorted(said: &str) -> String {
    let mut lines: Vec<&str> = said.lines().collect();
    lines.sort_unstable();
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[test]
fn without_user_namespaces_nothing_is_launched() {
    let why = ["tier namespace", "namespaces could not be made"];
    is_refused(&["namespaces"], NAMESPACE, &why);
}

#[test]
fn where_a_filter_refuses_namespaces_nothing_is_launched() {
    let why = [
        "tier namespace",
        "namespaces could not be made",
        "not permitted",
    ];
    is_refused(&["unshare"], NAMESPACE, &why);
}

#[test]
fn without_landlock_nothing_is_launched() {
    for (tiers, tier) in [(NAMESPACE, "tier namespace"), (LANDLOCK, "tier landlock")] {
        is_refused(
            &["landlock"],
            tiers,
            &[tier, "Landlock could not be put up"],
        );
    }
}

#[test]
fn a_fallback_that_cannot_be_put_up_either_is_refused_too() {
    let why = ["tier landlock", "Landlock could not be put up"];
    is_refused(&["landlock"], OR_LANDLOCK, &why);
    is_refused(&["namespaces", "landlock"], OR_LANDLOCK, &why);
    is_refused(&["unshare", "landlock"], OR_LANDLOCK, &why);
}

#[test]
fn a_fallback_is_not_used_where_it_is_not_needed() {
    for tiers in [NAMESPACE, OR_LANDLOCK, OR_NONE] {
        assert_eq!(sorted(&host_says(&[], tiers)), IN_NAMESPACE);
    }
}

#[test]
fn a_fallback_is_as_weak_as_the_policy_says_and_no_weaker() {
    for lacking in ["namespaces", "unshare"] {
        for tiers in [OR_LANDLOCK, OR_NONE] {
            let said = sorted(&host_says(&[lacking], tiers));
            assert_eq!(said, BEHIND_LANDLOCK, "{lacking} {tiers}");
        }
    }
    let said = sorted(&host_says(&["landlock"], OR_NONE));
    assert!(said.ends_with(UNCONFINED), "{said}");
}
