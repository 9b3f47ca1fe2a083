//! Streams that a guest shares with its children.

use crate::support::{command, start};
use futures::future::join_all;
use offspring::{Asynchronous, Stdio};
use std::io::Read;

/// Input that a child did not read remains with the guest.
pub(super) async fn leaves_the_rest_of_the_input_to_the_guest<G: Asynchronous>() {
    for expected in ["first", "again"] {
        let mut take = command::<G>("take-n", &["5"]);
        let output = take
            .stdin(Stdio::inherit())
            .output()
            .await
            .expect("it runs");
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    }
    let mut exit = command::<G>("exit-with", &["0"]);
    assert!(
        exit.stdin(Stdio::inherit())
            .status()
            .await
            .expect("it runs")
            .success()
    );
    let mut rest = String::new();
    std::io::stdin()
        .read_to_string(&mut rest)
        .expect("the guest can read");
    assert_eq!(rest.len(), 100_000);
    assert!(rest.bytes().all(|byte| byte == b'r'));
}

/// The end of the guest's input is the end of the child's.
pub(super) async fn gives_all_of_the_input_to_a_child<G: Asynchronous>() {
    let mut sink = command::<G>("sink", &[]);
    let output = sink
        .stdin(Stdio::inherit())
        .output()
        .await
        .expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.starts_with("300000 "), "{text}");
}

/// What a child wrote to the guest's output is there before what the guest writes next.
pub(super) async fn writes_to_the_guests_streams_in_order<G: Asynchronous>() {
    for n in 0..10 {
        println!("before {n}");
        let mut writer = command::<G>("interleave", &["1"]);
        writer.stdout(Stdio::inherit()).stderr(Stdio::inherit());
        assert!(
            start(&mut writer)
                .await
                .wait()
                .await
                .expect("it exits")
                .success()
        );
        println!("after {n}");
    }
}

/// Both streams of a child can go to the guest's output.
pub(super) async fn merges_errors_into_the_guests_output<G: Asynchronous>() {
    let mut writer = command::<G>("interleave", &["3"]);
    writer.stdout(Stdio::inherit()).stderr(Stdio::stdout());
    assert!(writer.status().await.expect("it runs").success());
    println!("done");
}

/// Much output of several children arrives whole.
pub(super) async fn writes_much_to_the_guests_output<G: Asynchronous>() {
    let floods = (0..4).map(|_| async {
        let mut flood = command::<G>("flood", &["300000"]);
        let status = flood.stdout(Stdio::inherit()).status().await;
        assert!(status.expect("it runs").success());
    });
    join_all(floods).await;
}
