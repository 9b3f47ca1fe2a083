//! What the demonstration prints.

use std::cell::Cell;
use std::env;

/// The transcript: numbered steps, commands, and what came of them.
pub struct Transcript {
    colour: bool,
    private: Option<String>,
    missing: Vec<String>,
    steps: Cell<u32>,
}

impl Transcript {
    /// Takes its settings from the guest's arguments: `--colour`, `--private=` and a file that is
    /// none of the guest's, and the programs of the policy that this host lacks.
    pub fn from_arguments() -> Self {
        let mut arguments: Vec<_> = env::args().skip(1).collect();
        let colour = arguments.iter().any(|argument| argument == "--colour");
        let private = arguments
            .iter()
            .find_map(|argument| argument.strip_prefix("--private="))
            .map(str::to_owned);
        arguments.retain(|argument| !argument.starts_with("--"));
        Self {
            colour,
            private,
            missing: arguments,
            steps: Cell::new(0),
        }
    }

    /// A file on this machine that the guest was not given.
    pub fn private(&self) -> Option<&str> {
        self.private.as_deref()
    }

    /// Begins a step, unless this host lacks one of the programs that it needs.
    pub fn step(&self, title: &str, programs: &[&str]) -> bool {
        let number = self.steps.get() + 1;
        self.steps.set(number);
        println!(
            "\n{} {}",
            self.paint("1;36", &number.to_string()),
            self.paint("1", title)
        );
        let lacking: Vec<_> = programs
            .iter()
            .copied()
            .filter(|name| self.missing.iter().any(|it| it == name))
            .collect();
        if !lacking.is_empty() {
            let verb = if lacking.len() == 1 { "is" } else { "are" };
            let note = format!(
                "left out: {} {verb} not installed here",
                lacking.join(" and ")
            );
            println!("  {}", self.paint("33", &note));
        }
        lacking.is_empty()
    }

    /// A command that the guest launches.
    pub fn command(&self, line: &str) {
        println!("  {} {line}", self.paint("32", "$"));
    }

    /// Each line of what a program wrote.
    pub fn output(&self, text: &str) {
        for line in text.lines() {
            println!("    {line}");
        }
    }

    /// A line with a mark in front: who says it, or when.
    pub fn marked(&self, mark: &str, line: &str) {
        println!("    {} {line}", self.paint("2", mark));
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
