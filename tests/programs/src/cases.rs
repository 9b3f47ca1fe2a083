//! What a guest of either generation can rely on, one function a case.

mod collecting;
mod commands;
mod confined;
mod endings;
mod extra_pipes;
mod files;
mod limits;
mod malformed;
mod paths;
mod pipes;
mod refusals;
mod resources;
mod sharing;
mod signals;
mod silence;
mod supervised;
#[macro_use]
mod table;
mod teardown;
mod trees;
mod turns;
mod unconfined;
mod waiting;
mod world;

use offspring::Asynchronous;

macro_rules! run_case {
    ($($subject:ident { $($case:ident,)* })*) => {
        /// Runs the case of that name, if there is one here.
        pub(super) async fn run<G: Asynchronous>(name: &str) -> bool {
            match name {
                $($(stringify!($case) => super::$subject::$case::<G>().await,)*)*
                _ => return false,
            }
            true
        }
    };
}

mod everywhere {
    use offspring::Asynchronous;

    for_each_case!(run_case);
}

mod where_confined {
    use offspring::Asynchronous;

    for_each_confined_case!(run_case);
}

mod where_in_a_world {
    use offspring::Asynchronous;

    for_each_world_case!(run_case);
}

mod where_unconfined {
    use offspring::Asynchronous;

    for_each_unconfined_case!(run_case);
}

/// Runs the case that the first argument names.
///
/// # Panics
///
/// Where the case fails, or there is none of that name.
pub async fn run<G: Asynchronous>() {
    let name = std::env::args().nth(1).expect("the test names a case");
    let ran = everywhere::run::<G>(&name).await
        || where_confined::run::<G>(&name).await
        || where_in_a_world::run::<G>(&name).await
        || where_unconfined::run::<G>(&name).await;
    assert!(ran, "there is no case {name}");
}
