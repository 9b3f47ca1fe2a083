//! What stands for what, and what only 0.2 has.

/// The written differences between 0.2 and 0.3.
#[derive(Clone)]
pub struct Step {
    /// A type in 0.3 and what stands for it in 0.2, applied in this order.
    pub shapes: &'static [(&'static str, &'static str)],
    /// An item, words of its documentation in 0.3, and those in 0.2.
    pub docs: &'static [(&'static str, &'static str, &'static str)],
    /// An item of 0.2 that 0.3 needs no twin for, and the reason.
    pub only_in_old: &'static [(&'static str, &'static str)],
}

impl Step {
    /// The differences that `offspring:process` has on purpose. The list is
    /// frozen: a new entry needs a reason that WASI 0.2 itself gives.
    pub const fn of_this_contract() -> Self {
        Self {
            shapes: SHAPES,
            docs: DOCS,
            only_in_old: ONLY_IN_OLD,
        }
    }
}

const SHAPES: &[(&str, &str)] = &[
    // A future is a resource with a pollable and a result.
    ("future<result<child, error-code>>", "future-child"),
    ("future<result<exit, error-code>>", "future-exit"),
    ("future<result<output, error-code>>", "future-output"),
    // A stream that may fail carries its failure itself.
    (
        "tuple<stream<u8>, future<result<_, error-code>>>",
        "input-stream",
    ),
    // A stream that the guest writes is returned, not passed.
    ("(data: stream<u8>)", "()"),
    (", data: stream<u8>)", ")"),
    ("future<result<_, error-code>>", "output-stream"),
];

const DOCS: &[(&str, &str, &str)] = &[
    (
        "process/child.stdin",
        "Write `data` to the child's standard input, until `data` ends; then close the pipe.",
        "Write to the child's standard input. Dropping the stream closes the pipe, after what was \
         written has gone into it.",
    ),
    (
        "process/child.stdin",
        "Returns `none`, and drops `data`, where",
        "Returns `none` where",
    ),
    (
        "process/child.stdin",
        "The future resolves when all is written and the pipe closed, or as soon as the child \
         closes its end, even when nothing is being written.\n",
        "",
    ),
    ("process/child.stdin", ERRORS, ERRORS_OF_WRITING),
    (
        "process/child.stdin",
        "or exited (`EPIPE`).",
        "or exited (`EPIPE`).\nand is closed from then on.",
    ),
    (
        "process/child.stdout",
        " The future resolves when the stream ends, and says whether it failed.",
        "",
    ),
    ("process/child.stdout", ERRORS, ERRORS_OF_READING),
    (
        "process/child.stderr",
        ERRORS,
        "# Typical errors\nAs those of `stdout`:\n",
    ),
    (
        "process/child.wait",
        "each resolves,",
        "each becomes ready,",
    ),
    (
        "process/spawn",
        "The future resolves when",
        "The future is ready when",
    ),
    (
        "process/spawn",
        "before it has resolved ends",
        "before its child was taken ends",
    ),
];

const ERRORS: &str = "# Typical errors\n";
const ERRORS_OF_WRITING: &str = "# Typical errors\nThe stream fails once with an error for which \
    `stream-error-code` gives\n";
const ERRORS_OF_READING: &str = "# Typical errors\nThe stream fails with an error for which \
    `stream-error-code` gives\n";

const ONLY_IN_OLD: &[(&str, &str)] = &[
    ("process/error", USED),
    ("process/pollable", USED),
    ("process/input-stream", USED),
    ("process/output-stream", USED),
    (
        "process/child.stdin-closed",
        "in 0.3 the future that stdin returns says so",
    ),
    (
        "process/stream-error-code",
        "in 0.3 the future beside a stream has the error",
    ),
    ("process/future-child", FUTURE),
    ("process/future-child.get", FUTURE),
    ("process/future-child.subscribe", FUTURE),
    ("process/future-exit", FUTURE),
    ("process/future-exit.get", FUTURE),
    ("process/future-exit.subscribe", FUTURE),
    ("process/future-output", FUTURE),
    ("process/future-output.get", FUTURE),
    ("process/future-output.subscribe", FUTURE),
];

const USED: &str = "wasi:io is part of the language in 0.3";
const FUTURE: &str = "in 0.3 it is a future of the language";
