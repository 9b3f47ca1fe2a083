//! Requests that no program could be given.

use crate::support::{command, recorded, refused, succeed};
use offspring::{Asynchronous, Command, Error, FileMode, Part, Stdio};

/// The bytes from which on the kernel refuses an argument, its NUL included.
const ARGUMENT: usize = 131_072;

/// NUL ends strings, so it cannot be in one, and nothing is cut short there.
pub(super) async fn refuses_nul_in_every_part<G: Asynchronous>() {
    let nul = "a\0b";
    let of = Error::InvalidArgument;
    refused(Command::<G>::new(nul).spawn().await, of(Part::Program));
    refused(
        Command::<G>::new("recorder\0").spawn().await,
        of(Part::Program),
    );
    refused(
        Command::<G>::new("recorder").arg(nul).spawn().await,
        of(Part::Arguments),
    );
    refused(
        Command::<G>::new("recorder").arg0(nul).spawn().await,
        of(Part::Arguments),
    );
    refused(
        Command::<G>::shell("exit 0\0").spawn().await,
        of(Part::Arguments),
    );
    refused(
        Command::<G>::new("recorder").env(nul, "x").spawn().await,
        of(Part::Environment),
    );
    refused(
        Command::<G>::new("recorder").env("LANG", nul).spawn().await,
        of(Part::Environment),
    );
    let spawned = Command::<G>::new("recorder")
        .current_dir("data/\0")
        .spawn()
        .await;
    refused(spawned, of(Part::WorkingDirectory));
    let file = || Stdio::file("data/\0", FileMode::Truncate);
    refused(
        Command::<G>::new("recorder").stdout(file()).spawn().await,
        of(Part::Stdout),
    );
    refused(
        Command::<G>::new("recorder").stderr(file()).spawn().await,
        of(Part::Stderr),
    );
    let file = Stdio::file("data/\0", FileMode::Read);
    refused(
        Command::<G>::new("recorder").stdin(file).spawn().await,
        of(Part::Stdin),
    );
}

/// A variable has a name, and the name ends at the first `=`.
pub(super) async fn refuses_a_key_that_names_no_variable<G: Asynchronous>() {
    for key in ["", "=", "LANG=", "=LANG", "LANG=C"] {
        let spawned = Command::<G>::new("recorder").env(key, "x").spawn().await;
        refused(spawned, Error::InvalidArgument(Part::Environment));
    }
}

/// Names are text, since the policy decides upon them.
pub(super) async fn refuses_names_that_are_not_text<G: Asynchronous>() {
    let bytes = &b"\xff"[..];
    let spawned = Command::<G>::new(bytes).spawn().await;
    refused(spawned, Error::InvalidArgument(Part::Program));
    let spawned = Command::<G>::new("recorder").env(bytes, "x").spawn().await;
    refused(spawned, Error::InvalidArgument(Part::Environment));
}

/// No name at all is malformed, and not merely unknown.
pub(super) async fn refuses_an_empty_program_name<G: Asynchronous>() {
    refused(
        Command::<G>::new("").spawn().await,
        Error::InvalidArgument(Part::Program),
    );
}

/// What the kernel would refuse is refused before, and says which part it was.
pub(super) async fn refuses_what_is_too_big<G: Asynchronous>() {
    let big = "x".repeat(ARGUMENT);
    let huge = "x".repeat(8 << 20);
    for text in [&big, &huge] {
        let text = text.as_str();
        let of = Error::TooBig;
        refused(
            command::<G>("recorder", &[text]).spawn().await,
            of(Part::Arguments),
        );
        refused(
            Command::<G>::new("recorder").arg0(text).spawn().await,
            of(Part::Arguments),
        );
        refused(Command::<G>::shell(text).spawn().await, of(Part::Arguments));
        let spawned = Command::<G>::new("recorder")
            .env("LANG", text)
            .spawn()
            .await;
        refused(spawned, of(Part::Environment));
        let spawned = Command::<G>::new("recorder").env(text, "C").spawn().await;
        refused(spawned, of(Part::Environment));
    }
    let kibibyte = "x".repeat(1 << 10);
    let ten_megabytes = vec![kibibyte.as_str(); 10_000];
    let spawned = command::<G>("recorder", &ten_megabytes).spawn().await;
    refused(spawned, Error::TooBig(Part::Arguments));
    let spawned = command::<G>("recorder", &ten_megabytes[..2_000])
        .spawn()
        .await;
    refused(spawned, Error::TooBig(Part::Arguments));
    let spawned = command::<G>("recorder", &vec![""; 131_073]).spawn().await;
    refused(spawned, Error::TooBig(Part::Arguments));
}

/// Names and paths that are too long are an error of their own part.
pub(super) async fn refuses_names_that_are_too_long<G: Asynchronous>() {
    let huge = "x".repeat(8 << 20);
    let spawned = Command::<G>::new(huge.as_str()).spawn().await;
    refused(spawned, Error::TooBig(Part::Program));
    let spawned = Command::<G>::new("recorder")
        .current_dir(&huge)
        .spawn()
        .await;
    refused(spawned, Error::TooBig(Part::WorkingDirectory));
    let file = Stdio::file(&huge, FileMode::Truncate);
    let spawned = Command::<G>::new("recorder").stdout(file).spawn().await;
    refused(spawned, Error::TooBig(Part::Stdout));
}

/// The largest argument, and very many of them, arrive whole.
pub(super) async fn passes_as_much_as_the_kernel_takes<G: Asynchronous>() {
    let largest = "x".repeat(ARGUMENT - 1);
    let output = succeed(&mut command::<G>("recorder", &[&largest])).await;
    let arrived = recorded(&output, "argv")[1].len();
    assert_eq!(arrived, "1 ".len() + largest.len());

    let many = vec!["y"; 100_000];
    let output = succeed(&mut command::<G>("recorder", &many)).await;
    let arrived = recorded(&output, "argv");
    assert_eq!((arrived.len(), arrived[100_000]), (100_001, "100000 y"));
}
