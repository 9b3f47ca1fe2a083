//! `offspring policy`.

use crate::offspring::Offspring;

const SOUND: &str = r#"confinement = "namespace"

[[program]]
name = "sh"
path = "/bin/sh"
args = [["-c", "exit {int}"]]
accept = [["sh", "-c", "exit 3"]]
"#;

const GRANTS: &str = r#"fallback = "landlock"

[[program]]
name = "cat"
path = "/bin/cat"
args = [["{path}"]]
network = { connect = [443, 80] }

[shell]
path = "/bin/sh"
execute = ["build"]
"#;

const WARNED: &str = r#"confinement = "namespace"

[[program]]
name = "sh"
path = "/bin/sh"
args = [["{any}..."]]
"#;

#[test]
fn check_says_where_a_policy_is_not_sound() {
    let example = SOUND.replace("\"exit 3\"", "\"exit x\"");
    let offspring = Offspring::new()
        .file("p.toml", example)
        .file("q.toml", "a = 1\n");
    offspring
        .run(&["policy", "check", "p.toml"])
        .ends(2, &["error: p.toml:7:", "is refused"]);
    offspring
        .run(&["policy", "check", "q.toml"])
        .ends(2, &["error: q.toml:1:1"]);
    offspring
        .run(&["policy", "check", "gone.toml"])
        .ends(2, &["gone.toml cannot be read"]);
}

#[test]
fn check_counts_warnings_as_failures_only_if_asked_to() {
    let offspring = Offspring::new().file("p.toml", WARNED);
    let done = offspring.run(&["policy", "check", "p.toml"]);
    done.ends(0, &["p.toml:6:", "warning: `sh` runs other programs"]);
    assert!(
        done.stdout.ends_with("p.toml: sound, with a warning\n"),
        "{done:#?}"
    );
    offspring
        .run(&["policy", "check", "--strict", "p.toml"])
        .ends(1, &["warning"]);
}

#[test]
fn check_lists_what_may_be_launched() {
    let offspring = Offspring::new()
        .file("p.toml", SOUND)
        .file("q.toml", "confinement = \"none\"");
    let done = offspring.run(&["policy", "check", "--strict", "p.toml"]);
    done.ends(0, &[]);
    let shell = std::fs::canonicalize("/bin/sh").unwrap();
    let expected = format!(
        "sh  {}\nconfined by namespace: each lives in the guest's world\np.toml: sound\n",
        shell.display()
    );
    assert_eq!(done.stdout, expected);
    let done = offspring.run(&["policy", "check", "q.toml"]);
    assert_eq!(done.stdout, "nothing may be launched\nq.toml: sound\n");
}

#[test]
fn check_warns_of_children_that_nothing_confines_if_there_can_be_any() {
    let with = |line: &str| SOUND.replace("confinement = \"namespace\"", line);
    let offspring = Offspring::new()
        .file("p.toml", with("confinement = \"none\""))
        .file("q.toml", with(""))
        .file("r.toml", with("fallback = \"none\""));
    let done = offspring.run(&["policy", "check", "--strict", "p.toml"]);
    done.ends(1, &["p.toml:1:15: warning: children run unconfined"]);
    assert!(done.stdout.contains("\nunconfined: "), "{done:#?}");
    let done = offspring.run(&["policy", "check", "--strict", "r.toml"]);
    done.ends(1, &["r.toml:1:12: warning: ", "fallback = \"landlock\""]);
    assert!(done.stdout.contains("\nat worst unconfined: "), "{done:#?}");
    offspring
        .run(&["policy", "check", "--strict", "q.toml"])
        .ends(0, &[]);
}

#[test]
fn check_and_explain_say_how_children_are_confined_and_what_each_program_is_granted() {
    let offspring = Offspring::new().file("p.toml", GRANTS);
    let done = offspring.run(&["policy", "check", "p.toml"]);
    done.ends(0, &["a shell means", "into `build`"]);
    for part in [
        "with connect 80 443\n",
        "with execute build\n",
        "\nconfined by namespace: ",
        "\nat worst confined by landlock: ",
    ] {
        assert!(done.stdout.contains(part), "no {part:?} in {done:#?}");
    }
    let explain = |options: &[&str], command: &[&str]| {
        let words = [&["policy", "explain"], options, &["p.toml", "--"], command].concat();
        offspring.run(&words).stdout
    };
    let refused = explain(&[], &["cat", "a", "b"]);
    let allowed = explain(&["--shell"], &["ls"]);
    for (text, granted) in [(refused, "connect 80 443"), (allowed, "execute build")] {
        let confined = text.contains("\nconfined   namespace, at worst landlock\n");
        let granted = text.contains(&format!("\ngranted    {granted}\n"));
        assert!(confined && granted, "{text}");
    }
}

#[test]
fn a_directory_that_a_rule_names_must_be_among_those_that_are_given() {
    let offspring = Offspring::new().file("p.toml", GRANTS);
    std::fs::create_dir(offspring.path("build")).unwrap();
    let check =
        |options: &[&str]| offspring.run(&[&["policy", "check"], options, &["p.toml"]].concat());
    check(&["--dir", "."]).ends(2, &["p.toml:11:12: `execute` names `build`"]);
    check(&["--dir", ".", "--dir", "build"]).ends(0, &[]);
    // No guest is known.
    check(&[]).ends(0, &[]);
}

#[test]
fn explain_refuses_with_the_reason() {
    let offspring = Offspring::new().file("p.toml", SOUND);
    let explain = |command: &[&str]| {
        offspring.run(&[&["policy", "explain", "p.toml", "--"], command].concat())
    };
    let done = explain(&["sh", "-c", "exit 3; reboot"]);
    assert_eq!(done.code, Some(1), "{done:#?}");
    for part in [
        "rule       sh at p.toml:3:1",
        "shape  no  -c 'exit {int}'",
        "denied     p.toml:3:1",
    ] {
        assert!(done.stdout.contains(part), "no {part:?} in {done:#?}");
    }
    let done = explain(&["curl"]);
    assert_eq!(done.code, Some(1), "{done:#?}");
    assert!(done.stdout.contains("no rule is for curl"), "{done:#?}");
}

#[test]
fn explain_refuses_a_command_line_where_there_is_no_shell() {
    let offspring = Offspring::new().file("p.toml", SOUND);
    let done = offspring.run(&["policy", "explain", "--shell", "p.toml", "--", "ls | wc"]);
    assert_eq!(done.code, Some(1), "{done:#?}");
    assert!(done.stdout.contains("the policy has no shell"), "{done:#?}");
}

#[test]
fn explain_names_the_shape_that_allows() {
    let offspring = Offspring::new().file("p.toml", SOUND);
    let done = offspring.run(&["policy", "explain", "p.toml", "--", "sh", "-c", "exit 3"]);
    assert_eq!(done.code, Some(0), "{done:#?}");
    let shell = std::fs::canonicalize("/bin/sh").unwrap();
    assert!(
        done.stdout
            .ends_with(&format!("allowed    {}\n", shell.display())),
        "{done:#?}"
    );
}

#[test]
fn explain_knows_the_directories_and_the_variables_of_a_guest() {
    let policy = "[[program]]\nname = \"cat\"\npath = \"/bin/cat\"\n\
                  args = [[\"{path}\"]]\nallow-env = [\"LANG\"]\n";
    let offspring = Offspring::new().file("p.toml", policy);
    let explain = |options: &[&str], path: &str| {
        let command = ["p.toml", "--", "cat", path];
        offspring
            .run(&[&["policy", "explain"], options, &command[..]].concat())
            .code
    };
    assert_eq!(explain(&[], "a.txt"), Some(1));
    assert_eq!(explain(&["--dir", "."], "../a.txt"), Some(1));
    assert_eq!(
        explain(&["--dir", ".", "--env", "LD_PRELOAD=x"], "a.txt"),
        Some(1)
    );
    assert_eq!(explain(&["--dir", ".", "--cwd", ".."], "a.txt"), Some(1));
    assert_eq!(
        explain(&["--dir", ".", "--env", "LANG=C"], "a.txt"),
        Some(0)
    );
}

#[test]
fn explain_fails_where_the_policy_does_not_load() {
    let offspring = Offspring::new().file("p.toml", "a = 1\n");
    offspring
        .run(&["policy", "explain", "p.toml", "--", "ls"])
        .ends(2, &["error: p.toml:1:1"]);
    offspring
        .run(&["policy", "explain", "p.toml"])
        .ends(2, &["PROGRAM"]);
}
