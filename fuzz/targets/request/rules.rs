//! The policy that requests are tried on, and a second time what it says.

use crate::world::World;
use offspring_fuzz::paths::{Place, is_word};
use offspring_policy::{ProgramRequest, Signal};
use std::time::Duration;

/// The policy, of which `{bin}` is the directory with the programs.
pub const POLICY: &str = r#"
[limits]
deadline = "1h"
output = "1MiB"
drain = "3s"
idle = "9s"

[[program]]
name = "tool"
path = "{bin}/tool"
args = [
    ["--n={int}", "{word}"],
    ["{one|two}", "{/[a-f]{1,4}/}..."],
    ["--in={path}.txt"],
    ["--", "{path}..."],
    ["get", "{word}:{int}"],
    ["put", "{word}...", "{any}"],
]
env = { MODE = "fixed", PATH = "/usr/bin" }
allow-env = ["LANG", "TZ"]
signals = ["term", "usr1"]

[program.limits]
deadline = "30s"

[[program]]
name = "free"
path = "{bin}/free"
args = [["{any}..."]]
allow-dangerous-env = ["LD_PRELOAD"]
allow-arg0 = true
allow-identity = true
signals = []

[program.limits]
deadline = "none"
output = "none"
drain = "1min"

[[program]]
name = "report"
path = "{bin}/report"
args = [[], ["{int}"]]

[[program]]
name = "plain"
path = "{bin}/plain"
args = [[]]
"#;

/// How long a child of any rule may be silent.
pub const IDLE: Duration = Duration::from_secs(9);

/// The policy's shell, which not every world has.
pub const SHELL: &str = r#"
[shell]
path = "{bin}/sh"
env = { PATH = "/usr/bin" }
allow-env = ["LANG"]

[shell.limits]
deadline = "2s"
"#;

/// What a rule of the policy says.
pub struct Rule {
    pub name: &'static str,
    pub interpreter: Option<&'static str>,
    pub shape: fn(&[Vec<u8>], &World, Option<&Place>) -> bool,
    pub set: &'static [(&'static str, &'static str)],
    pub allowed: &'static [&'static str],
    pub signals: &'static [Signal],
    pub arg0: bool,
    pub identity: bool,
    pub deadline: Option<Duration>,
    pub output: Option<u64>,
    pub drain: Duration,
}

const USUAL: Rule = Rule {
    name: "plain",
    interpreter: None,
    shape: |args, _, _| args.is_empty(),
    set: &[],
    allowed: &[],
    signals: &[
        Signal::Hup,
        Signal::Int,
        Signal::Quit,
        Signal::Kill,
        Signal::Usr1,
        Signal::Usr2,
        Signal::Term,
        Signal::Cont,
        Signal::Winch,
    ],
    arg0: false,
    identity: false,
    deadline: Some(Duration::from_secs(60 * 60)),
    output: Some(1 << 20),
    drain: Duration::from_secs(3),
};

const RULES: [Rule; 4] = [
    USUAL,
    Rule {
        name: "tool",
        shape: tool,
        set: &[("MODE", "fixed"), ("PATH", "/usr/bin")],
        allowed: &["LANG", "TZ"],
        signals: &[Signal::Kill, Signal::Usr1, Signal::Term],
        deadline: Some(Duration::from_secs(30)),
        ..USUAL
    },
    Rule {
        name: "free",
        shape: |_, _, _| true,
        allowed: &["LD_PRELOAD"],
        signals: &[Signal::Kill],
        arg0: true,
        identity: true,
        deadline: None,
        output: None,
        drain: Duration::from_secs(60),
        ..USUAL
    },
    Rule {
        name: "report",
        interpreter: Some("interpreter"),
        shape: |args, _, _| match args {
            [] => true,
            [year] => is_int(year),
            _ => false,
        },
        ..USUAL
    },
];

const SHELL_RULE: Rule = Rule {
    name: "sh",
    shape: |_, _, _| true,
    set: &[("PATH", "/usr/bin")],
    allowed: &["LANG"],
    deadline: Some(Duration::from_secs(2)),
    ..USUAL
};

/// The rule for a program, where the world has one.
pub fn rule(program: &ProgramRequest, world: &World) -> Option<&'static Rule> {
    static ALL: [Rule; 4] = RULES;
    static SHELL: Rule = SHELL_RULE;
    match program {
        ProgramRequest::Shell(_) => world.shell.then_some(&SHELL),
        ProgramRequest::Named(name) if world.programs => ALL.iter().find(|it| it.name == name),
        ProgramRequest::Named(_) => None,
    }
}

fn tool(args: &[Vec<u8>], world: &World, cwd: Option<&Place>) -> bool {
    let Some((first, rest)) = args.split_first() else {
        return false;
    };
    let path = |argument: &[u8]| world.paths().admits(argument, cwd);
    let within = |argument: &[u8], before: &str, after: &str| {
        let rest = argument.strip_prefix(before.as_bytes());
        let inner = rest.and_then(|rest| rest.strip_suffix(after.as_bytes()));
        inner.map(<[u8]>::to_vec)
    };
    let hex = |argument: &Vec<u8>| {
        (1..=4).contains(&argument.len()) && argument.iter().all(|it| matches!(it, b'a'..=b'f'))
    };
    match (first.as_slice(), rest) {
        (b"--", paths) => paths.iter().all(|it| path(it)),
        (b"one" | b"two", words) => words.iter().all(hex),
        (b"get", [pair]) => is_pair(pair),
        (b"put", [words @ .., _]) => words.iter().all(|it| is_word(it)),
        (first, [word]) => within(first, "--n=", "").is_some_and(|it| is_int(&it)) && is_word(word),
        (first, []) => within(first, "--in=", ".txt").is_some_and(|it| path(&it)),
        _ => false,
    }
}

fn is_int(text: &[u8]) -> bool {
    (1..=20).contains(&text.len()) && text.iter().all(u8::is_ascii_digit)
}

/// `{word}:{int}`: only the last colon can be the one between them, because there is none in digits.
fn is_pair(text: &[u8]) -> bool {
    let colon = text.iter().rposition(|byte| *byte == b':');
    colon.is_some_and(|at| is_word(&text[..at]) && is_int(&text[at + 1..]))
}
