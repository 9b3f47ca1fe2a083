//! The tiers: which may be written, which is used, and what falls back to what.

use crate::common::Host;
use offspring_policy::{
    Confinement, Network, ParsedPolicy, PinnedPolicy, PolicyError, Problem, ProgramBuilder, Warning,
};

fn fault(text: &str) -> PolicyError {
    ParsedPolicy::parse(text, "p.toml").expect_err("the policy was taken")
}

/// A policy with a rule, whose confinement and fallback are as told.
fn policy(host: &Host, confinement: Confinement, fallback: Option<Confinement>) -> PinnedPolicy {
    let rule = ProgramBuilder::new("tool").path(host.path("bin/tool"));
    let mut builder = PinnedPolicy::builder(confinement).program(rule.shape([]));
    if let Some(fallback) = fallback {
        builder = builder.fallback(fallback);
    }
    builder.build().unwrap()
}

#[test]
fn a_confinement_that_does_not_exist_is_refused() {
    for key in ["confinement", "fallback"] {
        let error = fault(&format!("\n{key} = \"namespaces\"")).to_string();
        let begins = format!("p.toml:2:{}: `namespaces` is no confinement", key.len() + 4);
        assert!(error.starts_with(&begins), "{error}");
        assert!(error.contains("\"landlock\""), "{error}");
    }
}

#[test]
fn a_fallback_that_is_not_weaker_is_refused() {
    for (confinement, fallback) in [
        ("namespace", "namespace"),
        ("landlock", "namespace"),
        ("landlock", "landlock"),
        ("none", "none"),
    ] {
        let error = fault(&format!(
            "confinement = \"{confinement}\"\nfallback = \"{fallback}\""
        ));
        assert!(
            matches!(error.problem(), Problem::NoFallback { .. }),
            "{error}"
        );
        assert_eq!(error.place().line(), Some(2));
    }
}

#[test]
fn a_policy_that_says_nothing_is_confined_by_namespaces_or_not_used() {
    let host = Host::new();
    let text = "[[program]]\nname = \"tool\"\nargs = [[]]";
    let policy = ParsedPolicy::parse(text, "p.toml").unwrap();
    let policy = policy
        .pin_with_search_path(host.path("bin").as_ref())
        .unwrap();
    assert_eq!(policy.confinement(), Confinement::Namespace);
    assert_eq!(policy.fallback(), None);
    assert!(policy.fall_back().is_none());
    assert_eq!(
        PinnedPolicy::deny_all().confinement(),
        Confinement::Namespace
    );
}

#[test]
fn a_policy_falls_back_step_by_step_and_never_below_what_it_allows() {
    use Confinement::{Landlock, Namespace, None as Unconfined};
    let host = Host::new();
    let steps = |confinement, fallback| {
        let mut steps = Vec::new();
        let mut policy = Some(policy(&host, confinement, fallback));
        while let Some(current) = policy {
            let bound = current.bind(&[]).unwrap();
            assert_eq!(bound.confinement(), current.confinement());
            steps.push(current.confinement());
            policy = current.fall_back();
        }
        steps
    };
    assert_eq!(steps(Namespace, None), [Namespace]);
    assert_eq!(steps(Namespace, Some(Landlock)), [Namespace, Landlock]);
    assert_eq!(
        steps(Namespace, Some(Unconfined)),
        [Namespace, Landlock, Unconfined]
    );
    assert_eq!(steps(Landlock, None), [Landlock]);
    assert_eq!(steps(Landlock, Some(Unconfined)), [Landlock, Unconfined]);
    assert_eq!(steps(Unconfined, None), [Unconfined]);
}

#[test]
fn falling_back_leaves_other_holders_of_the_policy_alone() {
    let host = Host::new();
    let policy = policy(&host, Confinement::Namespace, Some(Confinement::None));
    let weaker = policy.clone().fall_back().unwrap();
    assert_eq!(weaker.confinement(), Confinement::Landlock);
    assert_eq!(policy.confinement(), Confinement::Namespace);
}

#[test]
fn policies_that_want_different_confinements_are_not_merged() {
    let host = Host::new();
    let strong = policy(&host, Confinement::Namespace, None);
    let weak = PinnedPolicy::builder(Confinement::None)
        .origin("--allow")
        .allow("git", Some(host.path("bin/git")))
        .build()
        .unwrap();
    for (one, other) in [(&strong, &weak), (&weak, &strong)] {
        let error = one.merge(other).unwrap_err();
        assert!(
            matches!(error.problem(), Problem::TwoConfinements { .. }),
            "{error}"
        );
    }
}

#[test]
fn a_policy_that_allows_nothing_has_no_say_in_the_confinement_of_another() {
    let host = Host::new();
    let weak = policy(&host, Confinement::Landlock, Some(Confinement::None));
    let nothing = PinnedPolicy::deny_all();
    for merged in [weak.merge(&nothing).unwrap(), nothing.merge(&weak).unwrap()] {
        assert_eq!(merged.confinement(), Confinement::Landlock);
        assert_eq!(merged.fallback(), Some(Confinement::None));
    }
}

#[test]
fn a_merged_policy_falls_back_as_far_as_both_allow() {
    let host = Host::new();
    let other = PinnedPolicy::builder(Confinement::Namespace)
        .fallback(Confinement::Landlock)
        .allow("git", Some(host.path("bin/git")))
        .build()
        .unwrap();
    let far = policy(&host, Confinement::Namespace, Some(Confinement::None));
    let merged = far.merge(&other).unwrap();
    assert_eq!(merged.fallback(), Some(Confinement::Landlock));
    let strict = policy(&host, Confinement::Namespace, None);
    assert_eq!(strict.merge(&other).unwrap().fallback(), None);
}

#[test]
fn what_is_said_of_a_whole_policy_is_said_once_of_a_merged_one() {
    let host = Host::new();
    let one = policy(&host, Confinement::None, None);
    let other = PinnedPolicy::builder(Confinement::None)
        .program(
            ProgramBuilder::new("git")
                .path(host.path("bin/git"))
                .shape([])
                .network(Network::Host),
        )
        .build()
        .unwrap();
    let merged = one.merge(&other).unwrap();
    let warnings: Vec<_> = merged.lints().iter().map(|lint| &lint.warning).collect();
    assert_eq!(warnings, [&Warning::Unconfined]);
}

#[test]
fn a_builder_can_change_its_mind_about_the_confinement() {
    let builder = PinnedPolicy::builder(Confinement::None);
    let policy = builder.confinement(Confinement::Landlock).build().unwrap();
    assert_eq!(policy.confinement(), Confinement::Landlock);
}
