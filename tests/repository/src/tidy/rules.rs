//! The rules, one function each.

use super::Source;

/// A path, or the beginning of one, and why a rule does not hold there.
pub type Exception = (&'static str, &'static str);

const LINES: usize = 400;

/// Code that is longer than a reader wants to hold in mind.
pub fn long_files(sources: &[Source]) -> Vec<String> {
    let code = [".rs", ".py", ".sh", ".js", ".c", ".go"];
    let code = sources
        .iter()
        .filter(|s| code.iter().any(|end| s.path.ends_with(end)));
    let long = code
        .map(|s| (s, s.text.lines().count()))
        .filter(|(_, lines)| *lines > LINES);
    long.map(|(s, lines)| format!("{}: has {lines} lines, and {LINES} is the most", s.path))
        .collect()
}

/// Notes to oneself, which belong into an issue.
pub fn unfinished_work(sources: &[Source]) -> Vec<String> {
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
    ];
    lines_with(sources, &marks, "is a note to oneself")
}

/// Paths that exist on one machine only.
pub fn machine_paths(sources: &[Source]) -> Vec<String> {
    let paths = [
        concat!("/wo", "rk/main"),
        concat!("/wo", "rk/shared"),
        concat!("/wo", "rk/."),
    ];
    lines_with(sources, &paths, "is a path of one machine")
}

/// Where processes may be started, beside the host's launcher.
pub const DOORS: &[Exception] = &[
    ("host/src/launch", "the door itself"),
    (
        "build-guests/src",
        "builds guests with cargo, for build scripts",
    ),
    ("host/build.rs", "compiles the warden, for a build script"),
    (
        "warden/src/sys/process/start.rs",
        "starts what the door asks for",
    ),
    (
        "host/src/spawn/tests/descriptors.rs",
        "has a host of its own, which runs out of descriptors",
    ),
    ("bench/src/native.rs", "is what the host is compared with"),
    (
        "bench/benches/confinement/main.rs",
        "is what the host is compared with",
    ),
    ("cli/tests", "a test of the command runs the command"),
    (
        "tests/suites/children.rs",
        "tests the helpers without a host",
    ),
    (
        "tests/suites/confinement",
        "has processes beside the host, and hosts that are killed",
    ),
];

/// Processes started elsewhere than in `doors`. Clippy forbids the call; this
/// finds whoever told clippy to look away.
pub fn doors(sources: &[Source], doors: &[Exception]) -> Vec<String> {
    let marks = [
        concat!("clippy::disallowed", "_methods"),
        concat!("posix_", "spawn("),
    ];
    outside(
        sources,
        doors,
        &marks,
        "is a second door to the operating system",
    )
}

/// Where a test may let time pass.
pub const SLEEPERS: &[Exception] = &[];

/// Tests that wait for time to pass, instead of for what should happen.
pub fn sleeps(sources: &[Source], sleepers: &[Exception]) -> Vec<String> {
    let marks = [concat!("sle", "ep(")];
    let fault = "waits for time, and not for an event";
    let mut found = outside(sources, sleepers, &marks, fault);
    // Code that is no test may have good reasons.
    found.retain(|line| line.starts_with("tests/") || line.contains("/tests/"));
    found
}

/// Guest examples that no test runs.
pub fn examples_without_a_test(sources: &[Source]) -> Vec<String> {
    let examples = sources.iter().filter_map(|s| {
        let file = s
            .path
            .strip_prefix("guest-examples/src/bin/")?
            .strip_suffix(".rs")?;
        Some(file.split('/').next().unwrap_or(file))
    });
    let tested = |name: &str| {
        let test = format!("fn {name}(");
        sources
            .iter()
            .any(|s| s.path.starts_with("tests/") && s.text.contains(&test))
    };
    let untested = examples.filter(|name| !tested(name));
    untested
        .map(|name| format!("guest-examples: no test is called {name}"))
        .collect()
}

fn lines_with(sources: &[Source], marks: &[&str], fault: &str) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for (number, line) in (1..).zip(source.text.lines()) {
            if let Some(mark) = marks.iter().find(|mark| line.contains(**mark)) {
                found.push(format!("{}:{number}: `{mark}` {fault}", source.path));
            }
        }
    }
    found
}

fn outside(
    sources: &[Source],
    exceptions: &[Exception],
    marks: &[&str],
    fault: &str,
) -> Vec<String> {
    let rust = |s: &&Source| s.path.ends_with(".rs");
    let excepted = |s: &Source, e: &Exception| s.path.starts_with(e.0);
    let mut found = Vec::new();
    for source in sources.iter().filter(rust) {
        if !exceptions.iter().any(|e| excepted(source, e)) {
            found.extend(lines_with(std::slice::from_ref(source), marks, fault));
        }
    }
    for exception in exceptions {
        let needs = |s: &Source| excepted(s, exception) && marks.iter().any(|m| s.text.contains(m));
        if !sources.iter().any(needs) {
            found.push(format!("{}: needs no exception from the rule", exception.0));
        }
    }
    found
}
