use super::*;
use std::time::{Duration, Instant};

/// Admits every path that says `in`.
struct Inside;

impl Paths for Inside {
    fn admit(&self, path: &str) -> Result<(), PathRefusal> {
        path.contains("in")
            .then_some(())
            .ok_or(PathRefusal::Outside)
    }
}

fn matches(pattern: &str, argument: impl AsRef<[u8]>) -> bool {
    let pattern = Pattern::parse(pattern).unwrap();
    pattern.check(argument.as_ref(), &Inside).is_ok()
}

fn refusal(pattern: &str, argument: impl AsRef<[u8]>) -> Mismatch {
    let pattern = Pattern::parse(pattern).unwrap();
    pattern.check(argument.as_ref(), &Inside).unwrap_err()
}

#[test]
fn malformed_patterns_are_refused() {
    assert!(matches!(
        Pattern::parse("{int"),
        Err(PatternError::Unclosed)
    ));
    assert!(matches!(
        Pattern::parse("{a|{int}}"),
        Err(PatternError::Unclosed)
    ));
    assert!(matches!(
        Pattern::parse("int}"),
        Err(PatternError::Unopened)
    ));
    assert!(matches!(
        Pattern::parse("{/a"),
        Err(PatternError::UnclosedRegex)
    ));
    assert!(matches!(
        Pattern::parse("{number}"),
        Err(PatternError::UnknownSlot(_))
    ));
    assert!(matches!(
        Pattern::parse("{}"),
        Err(PatternError::UnknownSlot(_))
    ));
    assert!(matches!(
        Pattern::parse("{a|}"),
        Err(PatternError::EmptyAlternative(_))
    ));
    assert!(matches!(
        Pattern::parse("{path}:{int}"),
        Err(PatternError::PathBesideSlot)
    ));
    assert!(matches!(
        Pattern::parse("{path}{path}"),
        Err(PatternError::PathBesideSlot)
    ));
    assert!(matches!(Pattern::parse("a\0"), Err(PatternError::Nul)));
    assert!(matches!(
        Pattern::parse(&"a".repeat(5000)),
        Err(PatternError::TooLong)
    ));
}

#[test]
fn a_regular_expression_cannot_break_out_of_its_slot() {
    for regex in [
        "{/a)(b/}",
        "{/(?x)a #/}",
        "{/(/}",
        "{/a\\/}",
        r"{/(a)\1/}",
        "{/(?=a)/}",
    ] {
        assert!(
            matches!(Pattern::parse(regex), Err(PatternError::Regex { .. })),
            "{regex}"
        );
    }
}

#[test]
fn a_regular_expression_that_would_take_too_much_memory_is_refused() {
    let started = Instant::now();
    for regex in [
        r"{/(\w{100}){100}/}",
        "{/(?:a|b)*a(?:a|b){60}/}",
        r"{/\pL{4000}/}",
    ] {
        assert!(
            matches!(Pattern::parse(regex), Err(PatternError::TooComplicated)),
            "{regex}"
        );
    }
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_hostile_argument_does_not_slow_a_regular_expression_down() {
    let argument = "a".repeat(10_000_000);
    let started = Instant::now();
    for pattern in [
        "{/(a*)*b/}",
        "{/(a|a)*b/}",
        "{/(a?){30}a{30}/}",
        "{word}x",
        "{any}b",
    ] {
        assert!(!matches(pattern, &argument), "{pattern}");
    }
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_newline_at_the_end_is_never_overlooked() {
    assert!(!matches("status", "status\n"));
    assert!(!matches("{int}", "1\n"));
    assert!(!matches("{word}", "a\n"));
    assert!(!matches("{a|b}", "a\n"));
    assert!(!matches("{path}", "in\n"));
    assert!(!matches("{/[a-z]+$/}", "a\n"));
    assert!(!matches("{/(?m)^[a-z]+$/}", "a\nb"));
}

#[test]
fn an_int_refuses_signs_spaces_letters_and_nothing() {
    for argument in ["", "-1", "+1", " 1", "1 ", "0x1", "1.0", "1e3", "٣"] {
        assert!(!matches("{int}", argument), "{argument}");
    }
    assert!(matches("{int}", "0042"));
}

#[test]
fn a_word_refuses_options_response_files_control_characters_and_nothing() {
    for argument in [
        "",
        "-",
        "--upload-pack=sh",
        "+x",
        "@file",
        "a\tb",
        "a\u{85}b",
    ] {
        assert!(!matches("{word}", argument), "{argument}");
    }
    assert!(!matches("{word}", b"\xff"));
    for argument in ["main", "a b", "ü", "a-b", "HEAD@{1}", "/etc/passwd"] {
        assert!(matches("{word}", argument), "{argument}");
    }
}

#[test]
fn an_embedded_slot_obeys_the_same_rules() {
    for argument in [
        "--max-count=",
        "--max-count=-1",
        "--max-count=1 ",
        "--max-count",
    ] {
        assert!(!matches("--max-count={int}", argument), "{argument}");
    }
    assert!(matches("--max-count={int}", "--max-count=3"));
    assert!(matches("{word}:{int}", "host:80"));
    assert!(!matches("--file={path}", "--file=-in"));
    assert!(matches("--file={path}.txt", "--file=in.txt"));
}

#[test]
fn punctuation_stands_for_itself() {
    for character in (0..=127).map(char::from).filter(char::is_ascii_punctuation) {
        if matches!(character, '{' | '}') {
            continue;
        }
        assert!(matches(
            &format!("{character}{{int}}"),
            format!("{character}1")
        ));
        assert!(!matches(&format!("{character}{{int}}"), "1"));
        let choice = format!("{{a{character}b|c}}{{int}}");
        if !matches!(character, '|' | '/') {
            assert!(matches(&choice, format!("a{character}b1")), "{choice}");
        }
    }
}

#[test]
fn a_path_refuses_what_programs_do_not_take_for_a_path() {
    let path = |argument: &[u8]| match refusal("{path}", argument) {
        Mismatch::Path(refusal) => refusal,
        other => panic!("{other:?}"),
    };
    assert_eq!(path(b""), PathRefusal::Empty);
    assert_eq!(path(b"\xffin"), PathRefusal::NotText);
    assert_eq!(path(b"in\nx"), PathRefusal::Control);
    assert_eq!(path(b"-in"), PathRefusal::Option);
    assert_eq!(path(b"@in"), PathRefusal::Option);
    assert_eq!(path(b"https://in"), PathRefusal::Remote);
    assert_eq!(path(b"host:in"), PathRefusal::Remote);
    assert_eq!(path(b"out"), PathRefusal::Outside);
}

#[test]
fn one_of_takes_whole_alternatives_only() {
    for argument in ["", "a", "abc", "ab|cd", "bcd"] {
        assert!(!matches("{ab|cd}", argument), "{argument}");
    }
    assert!(matches("{ab|cd}", "cd"));
    assert!(matches("{.|-l}", "-l"));
    assert!(!matches("{.|-l}", "x"));
}

#[test]
fn a_regular_expression_is_anchored_even_where_it_has_alternatives() {
    assert!(!matches("{/a|b/}", "ax"));
    assert!(!matches("{/a|b/}", "xb"));
    assert!(matches("x{/a|b/}y", "xby"));
    assert!(!matches("x{/a|b/}y", "xa"));
}

#[test]
fn any_takes_every_bytes() {
    assert!(matches("{any}", b"\xff\n-"));
    assert!(matches("x={any}", b"x=\xff\n"));
    assert!(matches("{any}", ""));
}

#[test]
fn doubled_braces_stand_for_themselves() {
    assert!(matches("HEAD@{{1}}", "HEAD@{1}"));
    assert!(matches("{{int}}", "{int}"));
}

#[test]
fn three_dots_repeat_only_after_a_slot() {
    assert!(Pattern::parse("{path}...").unwrap().repeats());
    assert!(Pattern::parse("--file={path}...").unwrap().repeats());
    assert!(!Pattern::parse("main...").unwrap().repeats());
    assert!(!Pattern::parse("{word}...{word}").unwrap().repeats());
    assert!(!Pattern::parse("{{a}}...").unwrap().repeats());
}

#[test]
fn ordinary_regular_expressions_are_within_the_bounds() {
    for (regex, argument) in [
        (r"{/\w+/}", "naïve"),
        ("{/[^/]+/}", "a b"),
        ("{/.*/}", ""),
        (
            "{/[0-9a-f]{40}/}",
            "0123456789abcdef0123456789abcdef01234567",
        ),
        (r"{/v[0-9]+(\.[0-9]+){0,3}/}", "v1.2.3"),
        ("{/(?i)yes|no/}", "YES"),
    ] {
        assert!(matches(regex, argument), "{regex}");
    }
}
