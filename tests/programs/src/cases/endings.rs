//! Guests that end, or are ended, while their children run.

use crate::support::{ChildOf, command, first_line, once, piped, start};
use futures::future::{join, join5};
use offspring::{Asynchronous, Stdio};
use std::mem::forget;

/// Children in every state in which a guest may leave them.
async fn children<G: Asynchronous>() -> Vec<ChildOf<G>> {
    let mut children = vec![piped::<G>("exit-with", &["0"]).await];
    let mut sitting = piped::<G>("close-stdin-then-wait", &[]).await;
    first_line::<G>(&mut sitting).await;
    children.push(sitting);
    let mut stubborn = piped::<G>("ignore-term", &[]).await;
    first_line::<G>(&mut stubborn).await;
    // More than the pipe holds, and nobody takes it.
    let stdin = stubborn.stdin.as_mut().expect("it is a pipe");
    once(stdin.write_all(&[b'x'; 100_000])).await;
    children.push(stubborn);
    let mut writing = command::<G>("flood", &["forever"]);
    writing.stdout(Stdio::inherit()).stderr(Stdio::inherit());
    children.push(start(writing.stdin(Stdio::inherit())).await);
    children.push(piped::<G>("flood", &["forever", "both"]).await);
    let mut communicating = piped::<G>("ignore-term", &[]).await;
    let input = vec![b'x'; 1 << 20];
    forget(Box::pin(communicating.waiter()));
    once(communicating.communicate(Some(&input), u64::MAX)).await;
    children.push(communicating);
    children
}

/// A guest that returns without a word to its children.
pub(super) async fn returns_while_children_run<G: Asynchronous>() {
    forget(children::<G>().await);
}

/// A guest that traps.
///
/// # Panics
///
/// Always: that is how it traps.
pub(super) async fn traps_while_children_run<G: Asynchronous>() {
    forget(children::<G>().await);
    panic!("on purpose");
}

/// A guest that ends itself, from wherever it is.
pub(super) async fn exits_while_children_run<G: Asynchronous>() {
    forget(children::<G>().await);
    std::process::exit(0);
}

/// A guest that waits for an end, for output, for input, for all of them and for
/// room, all at once and for ever.
pub(super) async fn waits_in_every_way<G: Asynchronous>() {
    let waiting = piped::<G>("ignore-term", &[]).await;
    let mut reading = piped::<G>("sink", &[]).await;
    let mut writing = piped::<G>("flood", &["forever"]).await;
    let mut communicating = piped::<G>("ignore-term", &[]).await;
    let mut spawning = command::<G>("exit-with", &["0"]);
    let (mut byte, input) = ([0], vec![b'x'; 1 << 20]);
    let all = join5(
        waiting.waiter(),
        reading
            .stdout
            .as_mut()
            .expect("it is a pipe")
            .read(&mut byte),
        writing
            .stdin
            .as_mut()
            .expect("it is a pipe")
            .write_all(&input),
        communicating.communicate(Some(&input), u64::MAX),
        spawning.spawn(),
    );
    let (ends, ()) = join(all, async { eprintln!("waiting") }).await;
    println!("{ends:?}");
}

/// A guest that waits for ever.
pub(super) async fn waits_while_children_run<G: Asynchronous>() {
    let mut children = children::<G>().await;
    eprintln!("waiting");
    // The second one stays.
    let end = children[1].wait().await;
    println!("{end:?}");
}

/// A guest that computes for ever.
pub(super) async fn computes_while_children_run<G: Asynchronous>() {
    let children = children::<G>().await;
    eprintln!("computing");
    loop {
        std::hint::black_box(&children);
    }
}

/// The same, where what it may compute is bounded.
pub(super) async fn runs_out_of_fuel_while_children_run<G: Asynchronous>() {
    computes_while_children_run::<G>().await;
}

/// A guest that spawns very often, and waits for none.
pub(super) async fn spawns_two_hundred_without_a_wait<G: Asynchronous>() {
    for n in 0..200 {
        let program = if n % 2 == 0 {
            "exit-with"
        } else {
            "close-stdin-then-wait"
        };
        let args: &[&str] = if n % 2 == 0 { &["0"] } else { &[] };
        let child = piped::<G>(program, args).await;
        if n % 3 == 0 {
            forget(child);
        }
    }
}

/// A guest that talks with many children, for runs beside other guests.
pub(super) async fn talks_and_spawns_beside_others<G: Asynchronous>() {
    for n in 0..20 {
        let input = format!("line {n}\n").repeat(1000);
        let mut child = piped::<G>("echo-lines", &[]).await;
        let all = child
            .communicate(Some(input.as_bytes()), u64::MAX)
            .await
            .expect("it runs");
        assert!(all.stdout.expect("a pipe").text() == input.to_uppercase());
        let status = command::<G>("exit-with", &[&n.to_string()]).status().await;
        assert_eq!(status.expect("it runs").code(), Some(n));
    }
}
