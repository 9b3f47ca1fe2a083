//! The first line of a script: execve(2), "Interpreter scripts".

use crate::defaults::SCRIPT_LINE_BYTES;
use std::path::PathBuf;

/// What a file says of its interpreter.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FirstLine {
    /// It is no script.
    Program,
    /// It is a script of this interpreter, with what follows as one argument.
    Script {
        interpreter: PathBuf,
        argument: Option<Vec<u8>>,
    },
    /// It is a script whose interpreter env(1) would look for.
    Env,
    /// It is a script, and there is no telling what would run it.
    Malformed,
}

/// Reads the beginning of a file, which has up to one byte more than the kernel reads of a line.
pub(crate) fn first_line(beginning: &[u8]) -> FirstLine {
    let Some(rest) = beginning.strip_prefix(b"#!") else {
        return FirstLine::Program;
    };
    let end = rest
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap_or(rest.len());
    if end + 2 > SCRIPT_LINE_BYTES {
        return FirstLine::Malformed;
    }
    let line = trim(&rest[..end]);
    let space = line
        .iter()
        .position(|byte| is_space(*byte))
        .unwrap_or(line.len());
    let (interpreter, argument) = (&line[..space], trim(&line[space..]));
    let Ok(interpreter) = std::str::from_utf8(interpreter) else {
        return FirstLine::Malformed;
    };
    let interpreter = PathBuf::from(interpreter);
    if interpreter.file_name().is_some_and(|name| name == "env") {
        return FirstLine::Env;
    }
    if !interpreter.is_absolute() || line.contains(&0) {
        return FirstLine::Malformed;
    }
    let argument = (!argument.is_empty()).then(|| argument.to_vec());
    FirstLine::Script {
        interpreter,
        argument,
    }
}

/// Without spaces and tabs at either end. The kernel trims no other characters.
fn trim(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_space(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_space(*last)
    {
        text = rest;
    }
    text
}

fn is_space(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_do_not_pin_an_interpreter_are_told_apart() {
        assert_eq!(first_line(b"#!/usr/bin/env python3\n"), FirstLine::Env);
        assert_eq!(first_line(b"#! /bin/env -S x\n"), FirstLine::Env);
        assert_eq!(first_line(b"#!python3\n"), FirstLine::Malformed);
        assert_eq!(first_line(b"#!\n"), FirstLine::Malformed);
        assert_eq!(first_line(b"#!/bin/s\0h\n"), FirstLine::Malformed);
        let long = [b"#!/bin/".as_slice(), &[b'a'; 300]].concat();
        assert_eq!(first_line(&long), FirstLine::Malformed);
    }

    #[test]
    fn a_program_is_no_script() {
        assert_eq!(first_line(b"\x7fELF"), FirstLine::Program);
        assert_eq!(first_line(b""), FirstLine::Program);
    }

    #[test]
    fn what_follows_the_interpreter_is_one_argument() {
        let script = |argument: Option<&str>| FirstLine::Script {
            interpreter: "/bin/sh".into(),
            argument: argument.map(|text| text.as_bytes().to_vec()),
        };
        assert_eq!(first_line(b"#!/bin/sh"), script(None));
        assert_eq!(first_line(b"#! \t/bin/sh \necho"), script(None));
        assert_eq!(first_line(b"#!/bin/sh -e -u \n"), script(Some("-e -u")));
    }
}
