//! What a guest of either generation can rely on, one function a case.

mod collecting;
mod commands;
mod endings;
mod extra_pipes;
mod files;
mod limits;
mod malformed;
mod paths;
mod pipes;
mod refusals;
mod sharing;
mod signals;
#[macro_use]
mod table;
mod waiting;

use offspring::Asynchronous;

macro_rules! run_case {
    ($($subject:ident { $($case:ident,)* })*) => {
        /// Runs the case that the first argument names.
        ///
        /// # Panics
        ///
        /// Where the case fails, or there is none of that name.
        pub async fn run<G: Asynchronous>() {
            match std::env::args().nth(1).as_deref() {
                $($(Some(stringify!($case)) => $subject::$case::<G>().await,)*)*
                other => panic!("there is no case {other:?}"),
            }
        }
    };
}

for_each_case!(run_case);
