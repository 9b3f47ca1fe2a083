//! The examples of POLICY.md.

use offspring_policy::ParsedPolicy;

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
