//! The native programs that other tests run as children do what they say.
//!
//! A test that trusts a helper proves nothing where the helper is wrong.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use offspring_tests::child;

#[expect(
    clippy::disallowed_methods,
    reason = "this suite tests the helpers without a host"
)]
fn command(path: &str) -> Command {
    let mut command = Command::new(path);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .env_clear();
    command
}

fn output(path: &str, arguments: &[&str]) -> Output {
    command(path)
        .args(arguments)
        .output()
        .expect("the helper starts")
}

fn output_for(path: &str, arguments: &[&str], input: &[u8]) -> String {
    let mut child = command(path)
        .args(arguments)
        .stdin(Stdio::piped())
        .spawn()
        .expect("the helper starts");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input)
        .expect("the helper reads");
    String::from_utf8(child.wait_with_output().unwrap().stdout).expect("the helper writes text")
}

fn lines(output: &mut Option<ChildStdout>) -> impl Iterator<Item = String> + use<> {
    let output = BufReader::new(output.take().expect("output is a pipe"));
    output
        .lines()
        .map(|line| line.expect("the helper writes text"))
}

fn end(mut child: Child) -> ExitStatus {
    child.kill().expect("the helper still runs");
    child.wait().expect("the helper can be awaited")
}

#[test]
fn exit_with_exits_with_the_code() {
    for code in [0, 1, 255] {
        assert_eq!(
            output(child!("exit-with"), &[&code.to_string()])
                .status
                .code(),
            Some(code)
        );
    }
}

#[test]
fn kill_self_dies_of_the_signal() {
    for signal in [Signal::SIGTERM, Signal::SIGKILL, Signal::SIGPIPE] {
        let output = output(child!("kill-self"), &[signal.as_str()]);
        assert_eq!(output.status.signal(), Some(signal as i32));
    }
}

#[test]
fn echo_lines_answers_in_capitals_before_the_input_ends() {
    let mut child = command(child!("echo-lines"))
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut answers = lines(&mut child.stdout);
    let mut input = child.stdin.take().unwrap();
    for (question, answer) in [("one\n", "ONE"), ("Two\n", "TWO")] {
        input.write_all(question.as_bytes()).unwrap();
        assert_eq!(answers.next().as_deref(), Some(answer));
    }
    drop(input);
    assert_eq!(answers.next(), None);
    assert!(child.wait().unwrap().success());
}

#[test]
fn flood_writes_as_much_as_it_was_asked_to() {
    let output = output(child!("flood"), &["100000", "both"]);
    for stream in [output.stdout, output.stderr] {
        assert_eq!(stream.len(), 100_000);
        assert!(
            stream
                .iter()
                .zip((0..251).cycle())
                .all(|(&byte, n)| u32::from(byte) == n)
        );
    }
}

#[test]
fn flood_dies_of_a_pipe_that_nobody_reads() {
    let mut child = command(child!("flood")).arg("forever").spawn().unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(Signal::SIGPIPE as i32));
}

#[test]
fn sink_counts_and_hashes_its_input() {
    assert_eq!(output_for(child!("sink"), &[], b""), "0 cbf29ce484222325\n");
    assert_eq!(
        output_for(child!("sink"), &[], b"foobar"),
        "6 85944171f73967e8\n"
    );
}

#[test]
fn close_stdin_then_wait_breaks_the_pipe_and_stays() {
    let mut child = command(child!("close-stdin-then-wait"))
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    assert_eq!(lines(&mut child.stdout).next().as_deref(), Some("closed"));
    // More than a pipe holds, so that this waits: while another test starts its
    // helper, that one too holds every descriptor of this process.
    let much = vec![0; 1 << 20];
    let error = child.stdin.take().unwrap().write_all(&much).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    assert_eq!(child.try_wait().unwrap(), None);
    end(child);
}

#[test]
fn ignore_term_survives_term() {
    let mut child = command(child!("ignore-term")).spawn().unwrap();
    assert_eq!(lines(&mut child.stdout).next().as_deref(), Some("ready"));
    kill(Pid::from_raw(child.id() as i32), Signal::SIGTERM).unwrap();
    assert_eq!(end(child).signal(), Some(Signal::SIGKILL as i32));
}

#[test]
fn hold_pipe_exits_while_its_output_stays_open() {
    let mut child = command(child!("hold-pipe")).spawn().unwrap();
    let mut output = lines(&mut child.stdout);
    let holder: i32 = output.next().unwrap().parse().unwrap();
    assert!(child.wait().unwrap().success());
    kill(Pid::from_raw(holder), Signal::SIGKILL).expect("the holder runs on");
    assert_eq!(output.next(), None);
}

#[test]
fn interleave_writes_by_turns() {
    let (mut reader, writer) = io::pipe().unwrap();
    let mut command = command(child!("interleave"));
    command
        .arg("2")
        .stdout(writer.try_clone().unwrap())
        .stderr(writer);
    command.spawn().unwrap().wait().unwrap();
    // The command holds the writing ends.
    drop(command);
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    assert_eq!(text, "out 0\nerr 0\nout 1\nerr 1\n");
}

#[test]
fn take_n_leaves_the_rest_in_the_pipe() {
    let (mut reader, mut writer) = io::pipe().unwrap();
    writer.write_all(b"takenleft").unwrap();
    drop(writer);
    let taken = command(child!("take-n"))
        .arg("5")
        .stdin(reader.try_clone().unwrap())
        .output()
        .unwrap();
    assert_eq!(taken.stdout, b"taken");
    let mut left = String::new();
    reader.read_to_string(&mut left).unwrap();
    assert_eq!(left, "left");
}

#[test]
fn relay_copies_from_one_descriptor_to_another() {
    let copied = output_for(child!("relay"), &["0", "1"], b"copied");
    assert_eq!(copied, "copied");
}

#[test]
fn descendants_leaves_the_group_and_the_session() {
    let mut child = command(child!("descendants")).spawn().unwrap();
    let escaped: i32 = lines(&mut child.stdout).next().unwrap().parse().unwrap();
    let stat = fs::read_to_string(format!("/proc/{escaped}/stat")).expect("it runs");
    let fields: Vec<_> = stat
        .rsplit_once(')')
        .unwrap()
        .1
        .split_whitespace()
        .collect();
    let (parent, group, session) = (fields[1], fields[2], fields[3]);
    assert_ne!(parent, child.id().to_string());
    assert_eq!(group, session);
    assert_ne!(
        group,
        escaped.to_string(),
        "a daemon's second fork leads no session"
    );
    kill(Pid::from_raw(escaped), Signal::SIGKILL).unwrap();
    end(child);
}

#[test]
fn recorder_tells_what_it_was_given() {
    let mut command = command(child!("recorder"));
    command
        .arg(OsStr::from_bytes(b"a b\xff\n"))
        .env("KEY", "value")
        .current_dir("/");
    let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let lines: Vec<_> = text.lines().collect();
    for line in [
        r"argv 1 a b\xff\n",
        "env KEY=value",
        "cwd /",
        "fd 0 /dev/null",
    ] {
        assert!(lines.contains(&line), "{line:?} not in\n{text}");
    }
    assert_eq!(
        lines.iter().filter(|line| line.starts_with("env ")).count(),
        1
    );
    for start in [
        "fd 1 pipe:",
        "fd 2 pipe:",
        "signals ignored ",
        "umask ",
        "limit max-open-files ",
    ] {
        assert!(
            lines.iter().any(|line| line.starts_with(start)),
            "{start:?} not in\n{text}"
        );
    }
}

#[test]
fn recorder_ignores_no_signal_that_its_parent_did_not() {
    let output = output(child!("recorder"), &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    let ignored = text
        .lines()
        .find_map(|line| line.strip_prefix("signals ignored "))
        .unwrap();
    let pipe = 1 << (Signal::SIGPIPE as i32 - 1);
    assert_eq!(u64::from_str_radix(ignored, 16).unwrap() & pipe, 0);
}

#[test]
fn last_words_tells_the_signals_and_ends_at_sigterm() {
    let mut child = command(child!("last-words")).spawn().unwrap();
    let pid = Pid::from_raw(child.id().cast_signed());
    let mut said = lines(&mut child.stdout);
    assert_eq!(said.next().unwrap(), "ready");
    for signal in [Signal::SIGHUP, Signal::SIGINT, Signal::SIGTERM] {
        kill(pid, signal).unwrap();
        assert_eq!(said.next().unwrap(), signal.as_str());
    }
    assert_eq!(child.wait().unwrap().code(), Some(3));
}

#[test]
fn leave_echo_leaves_what_answers_until_the_input_ends() {
    let output = output_for(child!("leave-echo"), &[], b"one\ntwo\n");
    let lines: Vec<_> = output.lines().skip(1).collect();
    assert_eq!(lines, ["one", "two"]);
}

#[test]
fn tick_prints_lines() {
    let output = output(child!("tick"), &["2", "1"]);
    assert_eq!(output.stdout, b"tick 0\ntick 1\n");
}

#[test]
fn consume_touches_memory_that_it_gets_and_says_when_it_gets_none() {
    let touched = output(child!("consume"), &["memory", "100000"]);
    assert_eq!(touched.stdout, b"touched\n");
    let all = usize::MAX.to_string();
    let none = output(child!("consume"), &["memory", &all]);
    assert_eq!(none.stdout, b"no memory\n");
}
