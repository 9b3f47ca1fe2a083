//! What this command says on standard error for itself.
//!
//! Each line begins with the command's name, since the guest writes to the same stream.

use anyhow::Error;
use offspring_host::SandboxError;
use offspring_policy::Lint;

/// Why the command did not do what was asked, and what to do where the machine is at fault.
pub(crate) fn error(error: &Error) {
    failure(&text(error));
    if let Some(error) = error.downcast_ref::<SandboxError>() {
        for advice in error.advice() {
            note(&advice.to_string());
        }
        note("`offspring doctor` says what this machine can enforce");
    }
}

/// Something that went wrong.
pub(crate) fn failure(text: &str) {
    eprintln!("offspring: error: {text}");
}

/// Something that should perhaps be otherwise.
pub(crate) fn lint(lint: &Lint) {
    eprintln!("offspring: warning: {}: {}", lint.place, lint.warning);
}

/// Something that is good to know.
pub(crate) fn note(text: &str) {
    eprintln!("offspring: note: {text}");
}

/// The error and its causes. A cause that the error has repeated in its own text is left out.
fn text(error: &Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::text;
    use anyhow::anyhow;

    #[test]
    fn a_cause_is_told_once() {
        let error = anyhow!("no such file")
            .context("a.wasm: no such file")
            .context("stopped");
        assert_eq!(text(&error), "stopped: a.wasm: no such file");
    }
}
