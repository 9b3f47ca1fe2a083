//! Finding a policy's programs on a host.

use crate::common::{Host, tool_at, tool_with};
use offspring_policy::{ParsedPolicy, Problem, Warning};
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

#[test]
fn a_program_that_does_not_exist_is_refused_at_its_rule() {
    let error = tool_at(&Host::new(), "bin/none").unwrap_err();
    assert!(matches!(error.problem(), Problem::NotFound(_)), "{error}");
    assert_eq!(error.place().line(), Some(2));
}

#[test]
fn a_program_that_is_nowhere_on_the_search_path_is_refused() {
    let error = Host::new()
        .pin("[[program]]\nname = \"none\"\nargs = [[]]")
        .unwrap_err();
    assert!(matches!(error.problem(), Problem::NotOnPath(_)), "{error}");
}

#[test]
fn directories_and_files_that_are_not_executable_are_refused() {
    let host = Host::new();
    fs::write(host.path("bin/text"), "").unwrap();
    let problem = |path| tool_at(&host, path).unwrap_err();
    assert!(matches!(problem("bin").problem(), Problem::NotAFile(_)));
    assert!(matches!(
        problem("bin/text").problem(),
        Problem::NotExecutable(_)
    ));
    assert!(matches!(
        problem("bin/tool/x").problem(),
        Problem::NotFound(_)
    ));
}

#[test]
fn a_search_path_entry_that_is_not_absolute_is_passed_over() {
    let host = Host::new();
    let up = "../".repeat(std::env::current_dir().unwrap().components().count());
    let relative = format!("{up}.{}", host.path("bin").display());
    assert!(fs::exists(&relative).unwrap());
    let text = "[[program]]\nname = \"tool\"\nargs = [[]]";
    let pin = |search: &OsStr| {
        ParsedPolicy::parse(text, "p")
            .unwrap()
            .pin_with_search_path(search)
    };
    for search in [relative.as_str(), "", ":"] {
        assert!(pin(search.as_ref()).is_err(), "{search}");
    }
    assert!(pin(host.path("bin").as_ref()).is_ok());
}

#[test]
fn links_that_go_in_circles_are_refused() {
    let host = Host::new();
    symlink("b", host.path("bin/a")).unwrap();
    symlink("a", host.path("bin/b")).unwrap();
    let error = tool_at(&host, "bin/a").unwrap_err();
    assert!(
        matches!(error.problem(), Problem::TooManyLinks(_)),
        "{error}"
    );
}

#[test]
fn a_script_whose_interpreter_env_would_find_is_refused_until_the_policy_names_it() {
    let host = Host::new();
    host.program("bin/script", b"#!/usr/bin/env python3\n");
    let error = tool_at(&host, "bin/script").unwrap_err();
    assert!(matches!(error.problem(), Problem::EnvScript(_)), "{error}");
    let line = format!("interpreter = {:?}", host.path("bin/sh"));
    let policy = tool_with(&host, "bin/script", &line).unwrap();
    let (_, program) = policy.programs().next().unwrap();
    let interpreter = program.interpreter.as_ref().unwrap();
    assert_eq!(interpreter.path, host.path("bin/sh"));
    assert!(interpreter.args.is_empty());
}

#[test]
fn a_script_of_a_script_or_of_a_relative_interpreter_is_refused() {
    let host = Host::new();
    let inner = host.program("bin/inner", b"#!/bin/sh\n");
    host.program("bin/outer", format!("#!{}\n", inner.display()).as_bytes());
    host.program("bin/relative", b"#!sh\n");
    let error = tool_at(&host, "bin/outer").unwrap_err();
    assert!(
        matches!(error.problem(), Problem::NestedScript(_)),
        "{error}"
    );
    let error = tool_at(&host, "bin/relative").unwrap_err();
    assert!(
        matches!(error.problem(), Problem::BadScriptLine(_)),
        "{error}"
    );
}

#[test]
fn a_script_is_pinned_with_its_interpreter_and_its_argument() {
    let host = Host::new();
    let line = format!("#! {} -e -u\n", host.path("bin/sh").display());
    host.program("bin/script", line.as_bytes());
    let policy = tool_at(&host, "bin/script").unwrap();
    let (_, program) = policy.programs().next().unwrap();
    assert_eq!(program.path(), host.path("bin/script"));
    let interpreter = program.interpreter.as_ref().unwrap();
    assert_eq!(interpreter.path, host.path("bin/sh"));
    assert_eq!(interpreter.args, [b"-e -u".to_vec()]);
}

#[test]
fn a_program_is_pinned_to_the_file_that_links_lead_to() {
    let host = Host::new();
    symlink("../bin", host.path("guest/bin")).unwrap();
    symlink("tool", host.path("bin/alias")).unwrap();
    let policy = tool_at(&host, "guest/bin/alias").unwrap();
    assert_eq!(
        policy.programs().next().unwrap().1.path(),
        host.path("bin/tool")
    );
}

#[test]
fn a_rewritten_program_has_another_identity() {
    let host = Host::new();
    let identity = || {
        let policy = tool_at(&host, "bin/tool").unwrap();
        policy.programs().next().unwrap().1.identity
    };
    let before = identity();
    assert_eq!(before, identity());
    fs::write(host.path("bin/tool"), b"\x7fELF, and more").unwrap();
    assert_ne!(before, identity());
    assert_eq!(before.inode, identity().inode);
}

#[test]
fn files_that_others_can_write_and_privileged_ones_are_warned_about() {
    let host = Host::new();
    fs::set_permissions(host.path("bin/tool"), Permissions::from_mode(0o4777)).unwrap();
    let policy = tool_at(&host, "bin/tool").unwrap();
    let warnings: Vec<_> = policy
        .lints()
        .iter()
        .map(|lint| lint.warning.clone())
        .collect();
    let tool = host.path("bin/tool");
    let expected = [
        Warning::WritableByOthers(tool.clone()),
        Warning::Privileged(tool),
    ];
    assert_eq!(warnings, expected);
}
