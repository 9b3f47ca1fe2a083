//! What a hostile guest tries with a request, and the policy's answer.

mod arguments;
mod environment;
mod malformed;
mod program;
mod streams;

const GIT: &str = r#"
[[program]]
name = "git"
args = [
    ["status", "--porcelain"],
    ["log", "-n", "{int}"],
    ["show", "{word}"],
    ["diff", "--", "{path}..."],
]
env = { GIT_TERMINAL_PROMPT = "0" }
allow-env = ["LANG"]
"#;
