//! What the probe finds in each tier, and with each grant, against golden tables.

use offspring_host::policy::view;
use offspring_tests::Premises;

use super::stage::{Stage, Tier, own_user};
use super::table::{self, Findings, Patterns};

/// The grants, and the keys of the policy for them.
const GRANTS: &[(&str, &str)] = &[
    ("proc", "proc = true"),
    ("tmp", "tmp = \"1MiB\""),
    ("execute", "execute = [\"/inside\"]"),
    ("connect", "network = { connect = [PORT] }"),
    ("host", "network = \"host\""),
];

/// What tells who runs these tests.
const IDENTITY: [&str; 4] = [
    "identity.user",
    "identity.user-effective",
    "identity.group",
    "identity.group-effective",
];

/// Lists that hold what a system may have or not, and what that is.
const LISTS: &[(&str, &[&[&str]])] = &[
    ("system.list-root", &[view::RUNTIME_DIRECTORIES]),
    (
        "system.list-etc",
        &[view::RUNTIME_FILES, view::NETWORK_FILES],
    ),
];

/// The names in a list that are no part of what the policy's documentation names.
fn beyond(list: &str, shown: &[&[&str]]) -> String {
    let named = |name: &&str| {
        let mut paths = shown.iter().copied().flatten();
        !paths.any(|path| path.split('/').any(|part| part == *name))
    };
    list.split(' ').filter(named).collect::<Vec<_>>().join(" ")
}

/// What the probe finds, with what is new each time replaced.
fn probe(tier: Tier, grants: &str) -> Findings {
    let stage = Stage::new();
    let mut guest = stage.guest(tier, grants);
    let options = stage.options(tier);
    let mut program = vec!["probe"];
    program.extend(options.iter().map(String::as_str));
    let ran = guest.run_with(&["cwd=/inside", "stdin=/readonly/file"], &program);
    guest.dismiss();
    assert!(
        stage.objects.are_there(),
        "a child has taken an object away"
    );
    let mut output = ran.succeeds();
    for (name, stands_for) in stage.names() {
        output = output.replace(&name, stands_for);
    }
    let (user, group) = own_user();
    let own = [user.to_string(), group.to_string()];
    let mut found = table::findings(&output, tier.name());
    for (name, outcome) in &mut found {
        if let Some((_, shown)) = LISTS.iter().find(|(list, _)| list == name) {
            *outcome = beyond(outcome, shown);
        }
        let identity = IDENTITY.contains(&name.as_str());
        if identity && own.contains(outcome) {
            "the host's".clone_into(outcome);
        }
    }
    found
}

fn is_as_golden(tier: Tier, grant: Option<(&str, &str)>) {
    let premises = Premises::enter();
    let found = probe(tier, grant.map_or("", |(_, keys)| keys));
    let plain = tier.name().to_owned();
    let root = format!("{plain}-root");
    let as_root = own_user().0 == 0;
    let mut tables = vec![plain.clone()];
    if as_root {
        tables.push(root);
    }
    if let Some((grant, _)) = grant {
        tables.push(format!("{plain}-{grant}"));
        if as_root {
            tables.push(format!("{plain}-{grant}-root"));
        }
    }
    let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
    table::compare(&tables, &found);
    premises.leave();
}

fn granted(name: &str) -> Option<(&str, &str)> {
    let mut grants = GRANTS.iter();
    grants.find(|(grant, _)| *grant == name).copied()
}

#[test]
fn everything_that_is_open_has_a_reason() {
    let reasons = Patterns::read("openings");
    let mut unused: Vec<&str> = reasons.all().collect();
    let mut open = Vec::new();
    for tier in [Tier::Namespace, Tier::Landlock] {
        let tier = tier.name();
        let grants = GRANTS.iter().map(|(grant, _)| format!("{tier}-{grant}"));
        for table in grants.chain([tier.to_owned()]) {
            for table in [&table, &format!("{table}-root")] {
                for (name, outcome) in table::read(table) {
                    match reasons.reason(table, &name) {
                        Some((pattern, _)) => unused.retain(|it| *it != pattern),
                        None if table::is_open(&outcome) => open.push(format!("{table}/{name}")),
                        None => {}
                    }
                }
            }
        }
    }
    assert!(open.is_empty(), "openings.txt has no reason for {open:#?}");
    assert!(
        unused.is_empty(),
        "openings.txt explains what is not: {unused:#?}"
    );
}

#[test]
fn namespace_is_as_golden() {
    is_as_golden(Tier::Namespace, None);
}

#[test]
fn namespace_with_proc_is_as_golden() {
    is_as_golden(Tier::Namespace, granted("proc"));
}

#[test]
fn namespace_with_tmp_is_as_golden() {
    is_as_golden(Tier::Namespace, granted("tmp"));
}

#[test]
fn namespace_with_execution_is_as_golden() {
    is_as_golden(Tier::Namespace, granted("execute"));
}

#[test]
fn namespace_with_connections_is_as_golden() {
    is_as_golden(Tier::Namespace, granted("connect"));
}

#[test]
fn namespace_with_the_hosts_network_is_as_golden() {
    is_as_golden(Tier::Namespace, granted("host"));
}

#[test]
fn landlock_is_as_golden() {
    is_as_golden(Tier::Landlock, None);
}

#[test]
fn landlock_with_execution_is_as_golden() {
    is_as_golden(Tier::Landlock, granted("execute"));
}

#[test]
fn landlock_with_connections_is_as_golden() {
    is_as_golden(Tier::Landlock, granted("connect"));
}

#[test]
fn landlock_with_the_hosts_network_is_as_golden() {
    is_as_golden(Tier::Landlock, granted("host"));
}

#[test]
fn none_is_as_golden() {
    is_as_golden(Tier::None, None);
}
