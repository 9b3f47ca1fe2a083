//! A case, and the policy that it runs under.

use offspring_policy::Confinement;
use offspring_tests::{Guest, child};

/// Where the native programs are that every case may run.
const CHILDREN: &[(&str, &str)] = &[
    ("close-stdin-then-wait", child!("close-stdin-then-wait")),
    ("consume", child!("consume")),
    ("descendants", child!("descendants")),
    ("echo-lines", child!("echo-lines")),
    ("exit-with", child!("exit-with")),
    ("flood", child!("flood")),
    ("hold-pipe", child!("hold-pipe")),
    ("ignore-term", child!("ignore-term")),
    ("interleave", child!("interleave")),
    ("kill-self", child!("kill-self")),
    ("last-words", child!("last-words")),
    ("leave-echo", child!("leave-echo")),
    ("recorder", child!("recorder")),
    ("relay", child!("relay")),
    ("sink", child!("sink")),
    ("take-n", child!("take-n")),
    ("tick", child!("tick")),
];

/// A case of one generation, in one tier. It may run every native program with
/// any arguments, until the test says otherwise.
pub struct Case {
    component: &'static str,
    name: &'static str,
    tier: Confinement,
    given: Option<String>,
    policy: String,
    rules: Vec<(&'static str, &'static str)>,
}

impl Case {
    pub fn new(component: &'static str, name: &'static str, tier: Confinement) -> Self {
        Self {
            component,
            name,
            tier,
            given: None,
            policy: String::new(),
            rules: Vec::new(),
        }
    }

    /// How its children are confined.
    pub fn tier(&self) -> Confinement {
        self.tier
    }

    /// Tells it something.
    pub fn given(mut self, text: &str) -> Self {
        self.given = Some(text.to_owned());
        self
    }

    /// Adds a table to the policy.
    pub fn policy(mut self, table: &str) -> Self {
        self.policy += table;
        self.policy += "\n";
        self
    }

    /// Adds keys to the rule of a program. One that is no native program's name
    /// stands for the one whose name it begins with.
    pub fn rule(mut self, name: &'static str, keys: &'static str) -> Self {
        self.rules.push((name, keys));
        self
    }

    /// The guest that runs it.
    pub fn guest(self) -> Guest {
        let mut policy = format!(
            "confinement = \"{}\"
{}",
            self.tier, self.policy
        );
        let own = |name| self.rules.iter().any(|(rule, _)| *rule == name);
        let others = CHILDREN
            .iter()
            .filter(|(name, _)| !own(*name))
            .map(|(name, _)| (*name, ""));
        for (name, keys) in others.chain(self.rules.iter().copied()) {
            let program = CHILDREN
                .iter()
                .find(|(program, _)| name.starts_with(program));
            let (_, path) = program.expect("a rule is for a native program");
            policy += &format!("[[program]]\nname = {name:?}\npath = {path:?}\n{keys}\n");
            if !keys.contains("args =") {
                policy += "args = [[\"{any}...\"]]\n";
            }
        }
        let arguments: Vec<&str> = [self.name]
            .into_iter()
            .chain(self.given.as_deref())
            .collect();
        Guest::new(self.component).policy(&policy).args(&arguments)
    }
}
