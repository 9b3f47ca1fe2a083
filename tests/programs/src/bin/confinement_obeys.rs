//! Does what it is told: reads orders from its standard input, and answers each on its standard
//! output. See `Told` in the library of the suites, which gives the orders.
//!
//! An order is a line of words with unit separators between, and so is an answer. A line feed
//! within a word is written as a record separator.

use offspring::blocking::{Child, Command, PipeReader, Stdio};
use offspring::{Error, FileMode};
use std::io::{BufRead, Write};

const BETWEEN_WORDS: char = '\u{1f}';
const LINE_FEED: &str = "\u{1e}";

/// More than any child of these suites writes.
const OUTPUT: u64 = 16 << 20;

/// A child that runs, and what it writes.
struct Started {
    child: Child,
    stdout: PipeReader,
}

fn main() {
    let mut started = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("orders are text");
        let words: Vec<String> = line
            .split(BETWEEN_WORDS)
            .map(|word| word.replace(LINE_FEED, "\n"))
            .collect();
        let answer = obey(&words, &mut started).unwrap_or_else(|error| vec![format!("{error:?}")]);
        let answer: Vec<String> = answer
            .iter()
            .map(|word| word.replace('\n', LINE_FEED))
            .collect();
        let separator = BETWEEN_WORDS.to_string();
        println!("{}", answer.join(&separator));
        std::io::stdout().flush().expect("somebody listens");
    }
}

fn obey(words: &[String], started: &mut Vec<Started>) -> Result<Vec<String>, Error> {
    let [verb, rest @ ..] = words else {
        panic!("an order begins with a verb");
    };
    match verb.as_str() {
        "run" => run(&mut command(rest)),
        "start" => {
            let mut child = command(rest).spawn()?;
            let stdout = child.stdout.take().expect("it is a pipe");
            let mut new = Started { child, stdout };
            let mut line = String::new();
            new.stdout.read_line(&mut line)?;
            started.push(new);
            Ok(vec![line.trim_end().to_owned()])
        }
        "kill" => {
            let Started { mut child, stdout } = started.remove(0);
            child.kill()?;
            let status = child.wait()?;
            drop(stdout);
            Ok(vec![status.to_string()])
        }
        other => panic!("{other}: no such order"),
    }
}

fn run(command: &mut Command) -> Result<Vec<String>, Error> {
    let mut child = command.spawn()?;
    let output = child.communicate(None, OUTPUT)?;
    let text = |captured: Option<offspring::Captured>| {
        captured.map_or_else(String::new, |it| it.text().into_owned())
    };
    Ok(vec![
        output.status.to_string(),
        text(output.stdout),
        text(output.stderr),
    ])
}

/// Keys and values, two dashes, the program and its arguments.
fn command(words: &[String]) -> Command {
    let dashes = words.iter().position(|word| word == "--");
    let (settings, program) = words.split_at(dashes.expect("dashes come before the program"));
    let mut command = Command::new(program[1].as_str());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    for setting in settings {
        let (key, value) = setting.split_once('=').expect("a setting has a value");
        match key {
            "cwd" => command.current_dir(value),
            "stdin" => command.stdin(Stdio::file(value, FileMode::Read)),
            "stdin-both" => command.stdin(Stdio::file(value, FileMode::ReadWrite)),
            "stdout" => command.stdout(Stdio::file(value, FileMode::Truncate)),
            "stderr" => command.stderr(Stdio::file(value, FileMode::Append)),
            "env" => {
                let (key, value) = value.split_once('=').expect("a variable has a value");
                command.env(key, value)
            }
            other => panic!("{other}: no such setting"),
        };
    }
    for argument in &program[2..] {
        command.arg(argument.as_str());
    }
    command
}
