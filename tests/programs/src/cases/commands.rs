//! What a child is given.

use crate::support::{command, given, piped, recorded, rest, start, succeed};
use futures::future::{join_all, join3};
use offspring::{Asynchronous, Command, Stdio, quote};

/// Arguments and values are bytes, and arrive as they are.
pub(super) async fn passes_arguments_and_values_as_bytes<G: Asynchronous>() {
    let mut recorder = Command::<G>::new("recorder");
    recorder
        .arg(&b"\xff\xfe raw"[..])
        .arg("")
        .arg(" a\n\"b'")
        .arg("-x")
        .arg("\u{e9}");
    recorder.env("LANG", &b"\x80=\xff"[..]);
    let output = succeed(&mut recorder).await;
    let expected = [
        r"0 recorder",
        r"1 \xff\xfe raw",
        r"2 ",
        r#"3  a\n\"b\'"#,
        r"4 -x",
        r"5 \xc3\xa9",
    ];
    assert_eq!(recorded(&output, "argv"), expected);
    assert_eq!(recorded(&output, "env"), [r"LANG=\x80=\xff"]);
}

/// Where the policy lets the guest choose argument 0, it is what the guest says.
pub(super) async fn passes_another_argument_0<G: Asynchronous>() {
    let mut recorder = command::<G>("recorder", &["a"]);
    let output = succeed(recorder.arg0(&b"-\xff"[..])).await;
    assert_eq!(recorded(&output, "argv"), [r"0 -\xff", "1 a"]);
}

/// The environment is what the policy sets and what the guest may set, and no more.
pub(super) async fn gives_no_variable_but_those_of_policy_and_guest<G: Asynchronous>() {
    let output = succeed(&mut Command::<G>::new("recorder")).await;
    assert_eq!(recorded(&output, "env"), ["SET_BY_THE_HOST=1"]);
    let mut recorder = Command::<G>::new("recorder");
    recorder
        .env("LANG", "C")
        .envs([("LC_ALL", "x"), ("LC_ALL", "")]);
    let output = succeed(&mut recorder).await;
    let mut env = recorded(&output, "env");
    env.sort_unstable();
    assert_eq!(env, ["LANG=C", "LC_ALL=", "SET_BY_THE_HOST=1"]);
}

/// A child leads a group of its own, has three descriptors and no signal ignored.
pub(super) async fn gives_three_descriptors_and_a_group<G: Asynchronous>() {
    let mut command = Command::<G>::new("recorder");
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let child = start(&mut command).await;
    let id = child.id().to_string();
    let output = child.wait_with_output().await.expect("it exits");
    assert_eq!(recorded(&output, "pid"), [id.as_str()]);
    assert_eq!(recorded(&output, "pgid"), [id.as_str()]);
    // Those that this process was started with are not the host's to close.
    let given = given();
    let foreign: Vec<_> = given.split(',').collect();
    let mut descriptors = recorded(&output, "fd");
    descriptors.retain(|it| !it.split(' ').next().is_some_and(|fd| foreign.contains(&fd)));
    assert_eq!(descriptors.len(), 3, "{descriptors:?}");
    assert_eq!(
        (descriptors[0], descriptors[2]),
        ("0 /dev/null", "2 /dev/null")
    );
    assert!(descriptors[1].starts_with("1 pipe:"), "{descriptors:?}");
    let signals = recorded(&output, "signals");
    // What the host's own parent made it ignore may stay, but for SIGPIPE, which Rust's runtime ignores.
    let ignored = signals
        .iter()
        .find_map(|line| line.strip_prefix("ignored "));
    let ignored = ignored.and_then(|it| u64::from_str_radix(it, 16).ok());
    assert_eq!(ignored.map(|it| it & (1 << 12)), Some(0), "{signals:?}");
    assert!(signals.contains(&"blocked 0000000000000000"), "{signals:?}");
}

/// A pipe that holds more lets a child write more before anybody reads.
pub(super) async fn gives_pipes_of_the_size_that_is_asked_for<G: Asynchronous>() {
    // Fewer than it holds, since a page of it may be filled in part.
    let bytes = 900_000;
    let mut flood = command::<G>("flood", &[&bytes.to_string()]);
    flood.stdout(Stdio::piped()).pipe_size(1 << 20);
    let mut child = start(&mut flood).await;
    assert!(
        child
            .wait()
            .await
            .expect("it exits, although nobody reads")
            .success()
    );
    assert_eq!(rest::<G>(&mut child).await.len(), 900_000);
}

/// A command line goes to the operator's shell, and quoting keeps words whole.
pub(super) async fn runs_a_command_line<G: Asynchronous>() {
    let word = "it's; exit 3 $HOME `x` \\ \"";
    let quoted = quote(word).expect("it has no NUL");
    let line = format!("printf '%s|' a {quoted} \"$0\"; exit 7");
    let output = Command::<G>::shell(line).output().await.expect("it runs");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        format!("a|{word}|sh|")
    );
    assert_eq!(output.status.code(), Some(7));
}

/// A command describes; it can be spawned again.
pub(super) async fn spawns_a_command_again<G: Asynchronous>() {
    let mut exit = command::<G>("exit-with", &["3"]);
    for _ in 0..3 {
        assert_eq!(exit.status().await.expect("it runs").code(), Some(3));
    }
}

/// Children run side by side, and their conversations do not mix.
pub(super) async fn talks_with_several_children_at_once<G: Asynchronous>() {
    let talks = ["one", "two", "three", "four", "five"].map(|word| async move {
        let mut child = piped::<G>("echo-lines", &[]).await;
        let mut stdin = child.stdin.take().expect("it is a pipe");
        let mut lines = child.stdout.take().expect("it is a pipe").lines();
        for n in 0..20 {
            stdin
                .write_all(format!("{word} {n}\n").as_bytes())
                .await
                .expect("it listens");
            let answer = lines.next_line().await.expect("it answers");
            assert_eq!(answer, Some(format!("{} {n}", word.to_uppercase())));
        }
        stdin.close().await.expect("everything arrived");
        assert_eq!(lines.next_line().await, Ok(None));
        assert!(child.wait().await.expect("it exits").success());
    });
    join_all(talks).await;
}

/// A spawn is a future like any other: it can be joined, or dropped.
pub(super) async fn spawns_in_a_join_and_cancels_a_spawn<G: Asynchronous>() {
    let (mut one, mut two, mut three) = (
        command::<G>("exit-with", &["1"]),
        command::<G>("exit-with", &["2"]),
        command::<G>("exit-with", &["3"]),
    );
    let all = join3(one.status(), two.status(), three.status()).await;
    let codes = [all.0, all.1, all.2].map(|it| it.expect("it runs").code());
    assert_eq!(codes, [Some(1), Some(2), Some(3)]);

    let mut stays = command::<G>("close-stdin-then-wait", &[]);
    for _ in 0..10 {
        // Whether or not it has begun, nothing of it stays.
        drop(stays.spawn());
        drop(crate::support::once(stays.spawn()).await);
    }
}
