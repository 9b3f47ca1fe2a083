//! Bad policy files, and where and how their faults are reported.

use offspring_policy::{ParsedPolicy, PolicyError, Problem};

/// Reads a file that begins with `confinement` on line 1.
fn fault(text: &str) -> PolicyError {
    let text = format!("confinement = \"namespace\"\n{text}");
    ParsedPolicy::parse(&text, "policy.toml").expect_err("the policy was taken")
}

/// Reads a file whose line 4 is `line`, in a rule that is sound otherwise.
fn fault_of_line(line: &str) -> String {
    fault(&format!("[[program]]\nname = \"git\"\n{line}\n")).to_string()
}

fn fault_beside_args(line: &str) -> String {
    fault_of_line(&format!(
        "{line}\nargs = [[\"status\"], [\"diff\", \"{{path}}...\"]]"
    ))
}

fn assert_begins(message: String, beginning: &str) {
    assert!(
        message.starts_with(beginning),
        "\n  got {message}\n  not {beginning}"
    );
}

#[test]
fn text_that_is_not_toml_is_refused() {
    assert_begins(fault("[[program").to_string(), "policy.toml:2:10: ");
    assert_begins(
        fault("a = 1\na = 2").to_string(),
        "policy.toml:3:1: duplicate key",
    );
}

#[test]
fn values_of_another_type_are_refused_with_what_to_write() {
    for (text, expected) in [
        (
            "[limits]\ndeadline = 10",
            "policy.toml:3:12: invalid type: integer `10`, expected a string; write it in quotes",
        ),
        (
            "[limits]\nteardown = \"TERM\"",
            "policy.toml:3:12: invalid type: string \"TERM\", expected a sequence; write a list",
        ),
        (
            "limits = 5",
            "policy.toml:2:10: invalid type: integer `5`, expected a table of bounds, [limits]",
        ),
        (
            "program = 5",
            "policy.toml:2:11: invalid type: integer `5`, expected a sequence; write a list",
        ),
        (
            "[program]\nname = \"x\"",
            "policy.toml:2:1: invalid type: map, expected a sequence; write its name in two pairs",
        ),
    ] {
        assert_begins(fault(text).to_string(), expected);
    }
}

#[test]
fn unknown_keys_are_refused_in_every_table() {
    assert_begins(
        fault("allow = 1").to_string(),
        "policy.toml:2:1: unknown field `allow`",
    );
    assert_begins(
        fault("[limits]\nx = 1").to_string(),
        "policy.toml:3:1: unknown field `x`",
    );
    assert_begins(
        fault("[shell]\nargs = []").to_string(),
        "policy.toml:3:1: unknown field `args`",
    );
    assert_begins(
        fault_beside_args("arg = []"),
        "policy.toml:4:1: unknown field `arg`",
    );
    let limit = "args = [[]]\n[program.limits]\nrss = \"1GiB\"";
    assert_begins(fault_of_line(limit), "policy.toml:6:1: unknown field `rss`");
}

#[test]
fn values_of_another_type_are_refused() {
    assert_begins(
        fault_of_line("args = \"status\""),
        "policy.toml:4:8: invalid type: string",
    );
    assert_begins(
        fault_of_line("args = [\"status\"]"),
        "policy.toml:4:9: invalid type: string",
    );
    assert_begins(
        fault_beside_args("env = { A = 1 }"),
        "policy.toml:4:13: invalid type: integer",
    );
    assert_begins(
        fault_beside_args("allow-arg0 = \"y\""),
        "policy.toml:4:14: invalid type",
    );
    assert_begins(
        fault("[limits]\nchildren = 1.5").to_string(),
        "policy.toml:3:12: expected a whole number",
    );
    assert_begins(
        fault("[limits]\nmemory = 1").to_string(),
        "policy.toml:3:10: invalid type: integer",
    );
}

#[test]
fn a_rule_without_a_name_is_refused() {
    assert_begins(
        fault("[[program]]\nargs = [[]]").to_string(),
        "policy.toml:2:1: missing field",
    );
}

#[test]
fn names_that_could_be_paths_or_options_are_refused() {
    for name in [
        "", "/bin/git", "../git", ".", "..", "-git", "git log", "a\\n",
    ] {
        let error = fault(&format!("[[program]]\nname = \"{name}\"\nargs = [[]]"));
        assert!(
            matches!(error.problem(), Problem::BadName(_)),
            "{name}: {error}"
        );
        assert_eq!(
            (error.place().line(), error.place().column()),
            (Some(3), Some(8))
        );
    }
}

#[test]
fn two_rules_for_one_name_are_refused() {
    let rule = "[[program]]\nname = \"git\"\nargs = [[]]\n";
    let message = fault(&format!("{rule}{rule}")).to_string();
    assert_begins(
        message,
        "policy.toml:5:1: `git` has a rule already, at policy.toml:2:1;",
    );
}

#[test]
fn a_rule_without_shapes_is_refused() {
    assert_begins(fault_of_line(""), "policy.toml:2:1: `git` has no shapes");
    assert_begins(
        fault_of_line("args = []"),
        "policy.toml:4:8: `git` has no shapes",
    );
}

#[test]
fn bad_patterns_are_refused_where_they_stand() {
    let pattern = |pattern: &str| fault_of_line(&format!("args = [['log', '{pattern}']]"));
    assert_begins(
        pattern("{number}"),
        "policy.toml:4:17: in the pattern `{number}`: there is no",
    );
    assert_begins(
        pattern("{int"),
        "policy.toml:4:17: in the pattern `{int`: `{` has no `}`",
    );
    assert_begins(
        pattern("a}"),
        "policy.toml:4:17: in the pattern `a}`: `}` has no `{`",
    );
    assert_begins(
        pattern("{/(/}"),
        "policy.toml:4:17: in the pattern `{/(/}`: ",
    );
    assert_begins(
        pattern("{/[^x/}"),
        "policy.toml:4:17: in the pattern `{/[^x/}`: ",
    );
    assert!(pattern(r"{/(\w{99}){99}/}").contains("it is too complicated"));
}

#[test]
fn bad_times_sizes_and_signals_are_refused() {
    let limits = |line: &str| fault_of_line(&format!("args = [[]]\n[program.limits]\n{line}"));
    assert_begins(
        limits("deadline = \"30\""),
        "policy.toml:6:12: `30` is not a time",
    );
    assert_begins(
        limits("output = \"64\""),
        "policy.toml:6:10: `64` is not a size",
    );
    assert_begins(
        limits("drain = \"none\""),
        "policy.toml:6:9: `drain` needs an end",
    );
    let default = fault("[limits]\ndeadline = \"soon\"").to_string();
    assert_begins(default, "policy.toml:3:12: `soon` is not a time");
    let signal = fault_beside_args("signals = [\"term\", \"15\"]");
    assert_begins(signal, "policy.toml:4:20: `15` is not the name of a signal");
}

#[test]
fn variables_that_no_variable_can_be_are_refused() {
    assert_begins(
        fault_beside_args("env = { \"\" = \"1\" }"),
        "policy.toml:4:9: `` cannot name",
    );
    assert_begins(
        fault_beside_args("env = { \"A=\" = \"1\" }"),
        "policy.toml:4:9: `A=` cannot",
    );
    let value = fault_beside_args("env = { A = \"\\u0000\" }");
    assert_begins(value, "policy.toml:4:13: the value of `A` holds a NUL");
    assert_begins(
        fault_beside_args("allow-env = [\"A=B\"]"),
        "policy.toml:4:14: `A=B` cannot",
    );
}

#[test]
fn dangerous_variables_are_refused_in_allow_env() {
    for key in ["LD_PRELOAD", "PATH", "GIT_SSH", "PYTHONPATH", "ld_preload"] {
        let message = fault_beside_args(&format!("allow-env = [\"LANG\", \"{key}\"]"));
        assert_begins(
            message.clone(),
            &format!("policy.toml:4:22: `{key}` can change"),
        );
        assert!(message.contains("allow-dangerous-env"));
    }
}

#[test]
fn variables_that_stand_twice_are_refused() {
    let twice = fault_beside_args("allow-env = [\"LANG\", \"LANG\"]");
    assert_begins(twice, "policy.toml:4:22: `LANG` is allowed twice");
    let both = fault_beside_args("allow-env = [\"LANG\"]\nallow-dangerous-env = [\"LANG\"]");
    assert_begins(both, "policy.toml:5:24: `LANG` is allowed twice");
    let set = fault_beside_args("env = { LANG = \"C\" }\nallow-env = [\"LANG\"]");
    assert_begins(set, "policy.toml:5:14: `LANG` is set in `env`");
}

#[test]
fn relative_paths_are_refused() {
    assert_begins(
        fault_beside_args("path = \"bin/git\""),
        "policy.toml:4:8: `bin/git` is not abs",
    );
    let interpreter = fault_beside_args("interpreter = \"python3\"");
    assert_begins(interpreter, "policy.toml:4:15: `python3` is not absolute");
}

#[test]
fn an_example_that_fails_is_refused_at_its_line() {
    let accept = fault_beside_args("accept = [[\"git\", \"status\"],\n  [\"git\", \"push\"]]");
    assert_begins(
        accept,
        "policy.toml:5:3: this `accept` example is refused: argument 1, push, is not `status`; arg",
    );
    let refuse = fault_beside_args("refuse = [[\"git\", \"status\"]]");
    assert_begins(
        refuse,
        "policy.toml:4:11: this `refuse` example is accepted by the shape at p",
    );
    for foreign in ["[]", "[\"hg\", \"status\"]", "[\"/usr/bin/git\"]"] {
        let message = fault_beside_args(&format!("accept = [{foreign}]"));
        assert_begins(
            message,
            "policy.toml:4:11: an example of `git` is a list that begins with",
        );
    }
}

#[test]
fn an_example_with_a_path_is_left_to_the_guests_directories() {
    let text = "[[program]]\nname = \"git\"\nargs = [[\"{path}\"]]\n\
                accept = [[\"git\", \"a\"]]\nrefuse = [[\"git\", \"../a\"]]";
    assert!(ParsedPolicy::parse(text, "policy.toml").is_ok());
}

#[test]
fn no_beginning_of_a_policy_and_no_cut_in_it_makes_reading_it_panic() {
    let guide = include_str!("../../POLICY.md");
    let whole: Vec<_> = guide.split("```toml\n").skip(1).collect();
    for text in whole {
        let text = text.split("```").next().unwrap_or_default();
        for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let fault = ParsedPolicy::parse(&text[..cut], "p");
            drop(fault.map_err(|error| error.to_string()));
            let fault = ParsedPolicy::parse(&text[cut..], "p");
            drop(fault.map_err(|error| error.to_string()));
        }
    }
}
