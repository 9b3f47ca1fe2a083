//! `recorder [ARGUMENT…]`: prints what it was really given, a line each:
//!
//! - `argv N BYTES` and `env KEY=BYTES`, escaped as Rust escapes byte strings;
//! - `cwd PATH`, `umask OCTAL`, `pid N`, `ppid N`, `pgid N`, `sid N`;
//! - `fd N KIND`, where the kind is what the kernel calls it;
//! - `status NAME VALUE` for the lines about signals and privileges in
//!   /proc/self/status;
//! - `limit NAME SOFT HARD` from /proc/self/limits.
//!
//! What cannot be read is printed as `unreadable`.
#![no_main]

mod bare;

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use nix::unistd::{getpgrp, getpid, getppid, getsid};

bare::bare_main!(run);

const STATUS: &[&str] = &[
    "SigPnd",
    "SigBlk",
    "SigIgn",
    "SigCgt",
    "Uid",
    "Gid",
    "Groups",
    "CapEff",
    "CapBnd",
    "CapAmb",
    "NoNewPrivs",
    "Seccomp",
    "Umask",
];

fn run() -> i32 {
    // First of all, since whatever else is read opens a descriptor.
    let descriptors = descriptors();
    for (n, argument) in env::args_os().enumerate() {
        println!("argv {n} {}", escaped(&argument));
    }
    for (key, value) in env::vars_os() {
        println!("env {}={}", escaped(&key), escaped(&value));
    }
    match env::current_dir() {
        Ok(directory) => println!("cwd {}", escaped(directory.as_os_str())),
        Err(_) => println!("cwd unreadable"),
    }
    println!("pid {}", getpid());
    println!("ppid {}", getppid());
    println!("pgid {}", getpgrp());
    println!("sid {}", getsid(None).map_or(-1, |sid| sid.as_raw()));
    match descriptors {
        Some(descriptors) => descriptors
            .iter()
            .for_each(|(n, kind)| println!("fd {n} {kind}")),
        None => println!("fd unreadable"),
    }
    status();
    limits();
    0
}

fn escaped(bytes: &OsStr) -> String {
    bytes.as_bytes().escape_ascii().to_string()
}

fn descriptors() -> Option<Vec<(u32, String)>> {
    let mut found = Vec::new();
    let directory = Path::new("/proc/self/fd");
    for entry in fs::read_dir(directory).ok()? {
        let name = entry.ok()?.file_name();
        // The descriptor that reads the directory is gone by now; it leads to itself.
        let kind = fs::read_link(directory.join(&name)).ok()?;
        if !kind.ends_with(format!("{}/fd", std::process::id())) {
            found.push((name.to_str()?.parse().ok()?, escaped(kind.as_os_str())));
        }
    }
    found.sort_unstable();
    Some(found)
}

fn status() {
    let Ok(status) = fs::read_to_string("/proc/self/status") else {
        return println!("status unreadable");
    };
    for (name, value) in status.lines().filter_map(|line| line.split_once(':')) {
        if STATUS.contains(&name) {
            let value: Vec<_> = value.split_whitespace().collect();
            println!("status {name} {}", value.join(" "));
        }
    }
}

fn limits() {
    let Ok(limits) = fs::read_to_string("/proc/self/limits") else {
        return println!("limit unreadable");
    };
    for line in limits.lines().skip(1) {
        // The name has spaces of its own, and two or more end it.
        let Some((name, values)) = line.split_once("  ") else {
            continue;
        };
        let values: Vec<_> = values.split_whitespace().take(2).collect();
        println!(
            "limit {} {}",
            name.to_lowercase().replace(' ', "-"),
            values.join(" ")
        );
    }
}
