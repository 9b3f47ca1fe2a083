//! A `main` that Rust's own start-up does not reach.
//!
//! Before it calls an ordinary `main`, Rust's runtime ignores `SIGPIPE` and
//! opens the null device in place of missing descriptors. A child that shows
//! what its parent really gave it can have neither.

/// Makes `$run`, which returns the exit code, the program's start.
macro_rules! bare_main {
    ($run:path) => {
        #[expect(unsafe_code, reason = "the C library calls main by its name")]
        #[unsafe(no_mangle)]
        extern "C" fn main(_count: i32, _arguments: *const *const u8) -> i32 {
            // This flushes standard output, which returning would not.
            std::process::exit($run())
        }
    };
}

pub(crate) use bare_main;
