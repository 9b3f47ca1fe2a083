//! The entry point.

use std::io::{self, Write};
use std::process::{ExitCode, Termination};

use super::bindings::wasi::cli::exit::exit_with_code;

/// Make an `async fn` the entry point of a guest of WASI 0.3.
///
/// The function returns what a `main` can return: nothing, a
/// [`Result`] whose error is `Debug`, or an [`ExitCode`]. An error is printed on
/// standard error and the guest exits with 1.
///
/// It stands at the root of the crate, which is a program or a library of crate
/// type `cdylib`. Each program of Rust has a `main`, so this makes an empty one,
/// which nobody calls.
///
/// ```no_run
/// async fn run() -> offspring::Result<()> {
///     let status = offspring::p3::Command::new("true").status().await?;
///     println!("{status}");
///     Ok(())
/// }
///
/// offspring::p3::main!(run);
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! __p3_main {
    ($main:path) => {
        const _: () = {
            struct Guest;

            impl $crate::p3::bindings::exports::wasi::cli::run::Guest for Guest {
                async fn run() -> ::core::result::Result<(), ()> {
                    if $crate::p3::finish($main().await) {
                        Ok(())
                    } else {
                        Err(())
                    }
                }
            }

            // Its expansion needs `unsafe`. As a macro of another crate it is
            // exempt from the lints of the guest, so a guest may deny it.
    $crate::p3::bindings::export!(Guest with_types_in $crate::p3::bindings);
        };

        fn main() {}
    };
}

/// Turn what `main` returned into the result of the component: whether it
/// succeeded.
#[doc(hidden)]
#[must_use]
pub fn finish(result: impl Termination) -> bool {
    // This prints the error, if there is one.
    let code = result.report();
    // A component is a library, which the standard library does not flush.
    // There is nobody left to tell that it failed.
    drop(io::stdout().flush());
    match (0..=u8::MAX).find(|it| ExitCode::from(*it) == code) {
        Some(0) => true,
        Some(1) | None => false,
        Some(code) => {
            exit_with_code(code);
            false
        }
    }
}
