//! The examples of POLICY.md.

use offspring_policy::{ParsedPolicy, Teardown, defaults};

const GUIDE: &str = include_str!("../../POLICY.md");

/// The blocks of one language, with the line each begins at.
fn blocks(language: &str) -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut lines = GUIDE.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if line == format!("```{language}") {
            let block: Vec<_> = lines
                .by_ref()
                .map(|(_, line)| line)
                .take_while(|line| *line != "```")
                .collect();
            blocks.push((number + 2, block.join("\n")));
        }
    }
    blocks
}

#[test]
fn every_example_of_the_guide_is_a_policy_without_warnings_or_says_so() {
    let examples = blocks("toml");
    assert!(examples.len() > 5);
    for (line, text) in examples {
        let policy = ParsedPolicy::parse(&text, "POLICY.md");
        let policy = policy.unwrap_or_else(|error| panic!("POLICY.md:{line}: {error}"));
        let warned = !policy.lints().is_empty();
        let says_so = text.contains("# warns");
        assert_eq!(warned, says_so, "POLICY.md:{line}: {:?}", policy.lints());
    }
}

#[test]
fn the_numbers_of_the_guide_are_those_of_the_defaults() {
    let grace = defaults::GRACE.as_secs();
    let numbers = [
        format!("| `children` | {} |", defaults::CHILDREN),
        format!(
            "| `processes` | {}, where",
            defaults::PROCESSES.unwrap().most
        ),
        format!(
            "a whole number, {} at least. | Starting",
            defaults::FEWEST_PROCESSES
        ),
        format!(
            "a whole number, {} at least. | Opening",
            defaults::FEWEST_OPEN_FILES
        ),
        format!("a size, {}MiB at least.", defaults::LEAST_MEMORY >> 20),
        format!("| `drain` | `\"{}s\"` |", defaults::DRAIN.as_secs()),
        format!("| `teardown` | `[\"TERM\", \"{grace}s\"]` |"),
        format!(
            "at most `\"{}min\"`",
            defaults::LONGEST_TEARDOWN.as_secs() / 60
        ),
    ];
    for number in numbers {
        assert!(GUIDE.contains(&number), "{number}");
    }
    assert_eq!(
        Teardown::default().to_string(),
        format!("SIGTERM, {grace}s, kill")
    );
}
