//! The number of processes, which only namespaces keep.

use crate::common::{Host, request};
use offspring_policy::{Confinement, ParsedPolicy, PinnedPolicy, defaults};

#[test]
fn processes_are_bounded_in_a_world_of_their_own_only() {
    let bound = |tiers: &str, bound: &str| {
        ParsedPolicy::parse(&format!("{tiers}\n[limits]\nprocesses = {bound}"), "p.toml")
    };
    let fault = |tiers: &str| {
        let error = bound(tiers, "100").unwrap_err();
        assert_eq!(error.place().to_string(), "p.toml:3:13");
        error.to_string()
    };
    let landlock = fault("confinement = \"landlock\"");
    assert!(
        landlock.contains("`processes` needs a process namespace"),
        "{landlock}"
    );
    assert!(fault("confinement = \"none\"").contains("nothing would keep `processes`"));
    for fallback in ["landlock", "none"] {
        let lost = fault(&format!("fallback = \"{fallback}\""));
        assert!(lost.contains("would be lost with fallback"), "{lost}");
    }
    for tiers in [
        "confinement = \"landlock\"",
        "confinement = \"none\"",
        "fallback = \"none\"",
    ] {
        assert_eq!(
            bound(tiers, "\"none\"").unwrap().guest_limits().processes,
            None
        );
    }
    assert!(bound("", "100").is_ok());
}

#[test]
fn a_bound_of_processes_that_nobody_named_is_passed_over_where_nothing_keeps_it() {
    let host = Host::new();
    let policy = PinnedPolicy::builder(Confinement::Namespace)
        .fallback(Confinement::None)
        .allow("tool", Some(host.path("bin/tool")));
    let mut next = Some(policy.build().unwrap());
    let mut bounds = Vec::new();
    while let Some(policy) = next {
        let plan = policy.bind(&[]).unwrap().authorize(&request(&["tool"]));
        bounds.push(plan.unwrap().profile().processes);
        next = policy.fall_back();
    }
    assert_eq!(bounds, [defaults::PROCESSES, None, None]);
}

#[test]
fn a_policy_that_names_a_number_of_processes_is_not_merged_with_one_that_cannot_keep_it() {
    let host = Host::new();
    let bounded = host.pin("[limits]\nprocesses = 100").unwrap();
    let grant = |confinement, fallback| {
        let policy = PinnedPolicy::builder(confinement).allow("tool", Some(host.path("bin/tool")));
        match fallback {
            Some(fallback) => policy.fallback(fallback),
            None => policy,
        }
    };
    for (confinement, fallback) in [
        (Confinement::Landlock, None),
        (Confinement::None, None),
        (Confinement::Namespace, Some(Confinement::Landlock)),
    ] {
        let other = grant(confinement, fallback).build().unwrap();
        let error = bounded.merge(&other).unwrap_err().to_string();
        assert!(error.contains("`processes`"), "{error}");
    }
    let other = grant(Confinement::Namespace, None).build().unwrap();
    let merged = bounded.merge(&other).unwrap().guest_limits();
    assert_eq!(merged.processes.map(|bound| bound.most), Some(100));
    assert!(bounded.merge(&PinnedPolicy::deny_all()).is_ok());
}
