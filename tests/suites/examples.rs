//! The guest examples, each with its own policy: what it prints is what its head promises.

use offspring_tests::artifacts::*;
use offspring_tests::{Ending, Guest, Outcome, assert_test_exists, for_each_example};
use wasmtime_wasi::FsPerms;

for_each_example!(assert_test_exists);

/// The example at `$component`, under the policy of this name.
macro_rules! example {
    ($component:expr, $policy:literal) => {
        Guest::new($component).policy(include_str!(concat!(
            "../../guest-examples/policies/",
            $policy,
            ".toml"
        )))
    };
}

#[track_caller]
fn prints(outcome: &Outcome, expected: &str) {
    assert_eq!(String::from_utf8_lossy(&outcome.stdout), expected);
}

fn prints_a_date(guest: Guest) {
    let outcome = guest.run().passes();
    let text = String::from_utf8_lossy(&outcome.stdout);
    let date = text.strip_prefix("Current date: ").expect("it says so");
    let (year, rest) = date.split_once('-').expect("a date has a year");
    assert!(year.parse::<u32>().is_ok_and(|year| year >= 2024), "{text}");
    assert!(rest.contains(':') && rest.ends_with('\n'), "{text}");
}

#[test]
fn p2_date_protocol() {
    prints_a_date(example!(P2_DATE_PROTOCOL, "date_protocol"));
}

#[test]
fn p3_date_protocol() {
    prints_a_date(example!(P3_DATE_PROTOCOL, "date_protocol"));
}

#[test]
fn p2_date_streams() {
    prints_a_date(example!(P2_DATE_STREAMS, "date_streams"));
}

#[test]
fn p3_date_streams() {
    prints_a_date(example!(P3_DATE_STREAMS, "date_streams"));
}

/// A day that exists, and one that does not.
fn tells_weekdays(component: &str) {
    let outcome = example!(component, "exec")
        .args(&["2024-02-29"])
        .run()
        .passes();
    prints(&outcome, "2024-02-29 is a Thursday\n");
    let outcome = example!(component, "exec")
        .args(&["2023-02-29", "2023-03-01"])
        .run();
    let outcome = fails(outcome);
    let text = String::from_utf8_lossy(&outcome.stdout).into_owned();
    let (first, second) = text.split_once('\n').expect("there are two lines");
    assert!(
        first.starts_with("2023-02-29: date: invalid date"),
        "{first}"
    );
    assert!(first.ends_with("(exit status: 1)"), "{first}");
    assert_eq!(second, "2023-03-01 is a Wednesday\n");
}

/// A guest of 0.2 exits with 1, and one of 0.3 returns an error: a command has 1 for both.
#[track_caller]
fn fails(outcome: Outcome) -> Outcome {
    let failed = matches!(outcome.ending, Ending::Failed | Ending::Exited(1));
    assert!(failed, "{:?}", outcome.ending);
    outcome
}

#[test]
fn p2_exec() {
    tells_weekdays(P2_EXEC);
}

#[test]
fn p3_exec() {
    tells_weekdays(P3_EXEC);
}

fn quotes_words(guest: Guest) {
    let expected = "\
$ printf '%s\\n' 'two words' \"it's; echo oops\" '$HOME' '*' | sort | cat -n
     1\t$HOME
     2\t*
     3\tit's; echo oops
     4\ttwo words
exit status: 0
";
    prints(&guest.run().passes(), expected);
}

#[test]
fn p2_shell() {
    quotes_words(example!(P2_SHELL, "shell"));
}

#[test]
fn p3_shell() {
    quotes_words(example!(P3_SHELL, "shell"));
}

fn asks_and_is_answered(guest: Guest) {
    let outcome = guest.run().passes();
    let text = String::from_utf8_lossy(&outcome.stdout);
    let answers: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .collect();
    assert_eq!(answers, ["3", "10", "5", "16", "8", "4", "2", "1"]);
    assert!(
        text.starts_with("select iif(6 % 2, 6 * 3 + 1, 6 / 2);\n"),
        "{text}"
    );
    assert!(text.ends_with("exit status: 0\n"), "{text}");
}

#[test]
fn p2_conversation() {
    asks_and_is_answered(example!(P2_CONVERSATION, "conversation"));
}

#[test]
fn p3_conversation() {
    asks_and_is_answered(example!(P3_CONVERSATION, "conversation"));
}

fn sees_lines_as_they_come(guest: Guest) {
    let outcome = guest.directory(".", FsPerms::ReadWrite).run().passes();
    let expected = "saw event 1\nsaw event 2\nsaw event 3\nsignal: 15 (SIGTERM)\n";
    prints(&outcome, expected);
}

#[test]
fn p2_live_lines() {
    sees_lines_as_they_come(example!(P2_LIVE_LINES, "live_lines"));
}

#[test]
fn p3_live_lines() {
    sees_lines_as_they_come(example!(P3_LIVE_LINES, "live_lines"));
}

fn counts_words(guest: Guest) {
    let expected = "      1 apple\n      2 pear\nexit status: 0, exit status: 0, exit status: 0\n";
    prints(&guest.run().passes(), expected);
}

#[test]
fn p2_pipeline() {
    counts_words(example!(P2_PIPELINE, "pipeline"));
}

#[test]
fn p3_pipeline() {
    counts_words(example!(P3_PIPELINE, "pipeline"));
}

fn sorts_a_file(guest: Guest) {
    let outcome = guest.directory(".", FsPerms::ReadWrite).run().passes();
    let expected = "\
exit status: 0
apple
fig
pear
outside of the directory: invalid argument: this standard input is malformed, used before, or outside the guest's directories
";
    prints(&outcome, expected);
    let sorted = std::fs::read_to_string(outcome.directory().join("sorted.txt"));
    assert_eq!(
        sorted.expect("the file is on the host"),
        "apple\nfig\npear\n"
    );
}

#[test]
fn p2_file_stdio() {
    sorts_a_file(example!(P2_FILE_STDIO, "file_stdio"));
}

#[test]
fn p3_file_stdio() {
    sorts_a_file(example!(P3_FILE_STDIO, "file_stdio"));
}

fn learns_of_the_deadline(guest: Guest) {
    let expected = "too slow: signal: 15 (SIGTERM), because its deadline passed\n";
    prints(&guest.run().passes(), expected);
}

#[test]
fn p2_deadline() {
    learns_of_the_deadline(example!(P2_DEADLINE, "deadline"));
}

#[test]
fn p3_deadline() {
    learns_of_the_deadline(example!(P3_DEADLINE, "deadline"));
}

fn ends_by_a_signal(guest: Guest) {
    let expected = "\
running: None
SIGHUP: access denied: the operator's policy does not allow this signal
SIGTERM: signal: 15 (SIGTERM), return code -15
";
    prints(&guest.run().passes(), expected);
}

#[test]
fn p2_signal() {
    ends_by_a_signal(example!(P2_SIGNAL, "signal"));
}

#[test]
fn p3_signal() {
    ends_by_a_signal(example!(P3_SIGNAL, "signal"));
}

fn tells_refusals_apart(guest: Guest) {
    let expected = "\
curl https://example.org: I may not run curl
git push: I may not run it like this
git --version: exit status: 0
";
    prints(&guest.run().passes(), expected);
}

#[test]
fn p2_refused() {
    tells_refusals_apart(example!(P2_REFUSED, "refused"));
}

#[test]
fn p3_refused() {
    tells_refusals_apart(example!(P3_REFUSED, "refused"));
}
