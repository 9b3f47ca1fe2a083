//! Trees of processes that are hard to kill. The first word names one:
//!
//! - `daemon MARKER SECONDS`: leaves a process behind, out of the group, the
//!   session and the parenthood of this one, and prints `left` when it stands;
//! - `stepchild MARKER SECONDS`: leaves a process behind that is a child of
//!   this one's parent, and prints `left`;
//! - `hopper MARKER TIMES`: goes from process to process that often, each the
//!   child of the one before, which ends, and prints `hopped TIMES`;
//! - `fork-bomb TIMES`: forks that often, prints `forked N of TIMES` and why no
//!   more, and waits for all of them;
//! - `signals-to PID`: tries each way to send a process signal 0.
//!
//! Whoever is left behind holds a lock on the marker file, so that the lock can
//! be taken when none of them lives any more, and adds a line to it at once and
//! every 50 milliseconds, until the seconds are over.

use std::ffi::CString;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, pipe2, setsid};

use super::execution;
use super::processes;
use super::sys::{self, Word, call};

const USAGE: &str = "usage: see the documentation of this program";
const BEAT: Duration = Duration::from_millis(50);

/// Does what the first word says, and gives the exit code. If it is no word of
/// ours, nothing is done.
pub(crate) fn run(arguments: &[String]) -> Option<i32> {
    let word = arguments.first()?;
    let argument = |n: usize| arguments.get(n).expect(USAGE).as_str();
    let number = |n: usize| argument(n).parse::<u32>().expect(USAGE);
    match word.as_str() {
        "daemon" => leave_behind(argument(1), number(2), fork_twice),
        "stepchild" => leave_behind(argument(1), number(2), clone_beside),
        "hopper" => hop(argument(1), number(2)),
        "fork-bomb" => bomb(number(1)),
        "signals-to" => signals_to(argument(1).parse().expect(USAGE)),
        word => return execution::serve(&CString::new(word).expect(USAGE)),
    }
    Some(0)
}

/// Opens and locks the marker file. The lock is shared with every process that
/// is forked from this one.
fn marker(path: &str) -> File {
    let file = OpenOptions::new().append(true).create(true).open(path);
    let file = file.expect("the marker file can be written");
    file.lock().expect("the marker file can be locked");
    file
}

fn pipe() -> (File, OwnedFd) {
    let (reading, writing) = pipe2(OFlag::O_CLOEXEC).expect("a pipe can be made");
    (File::from(reading), writing)
}

/// Leaves a process behind: the one in which `flee` answers that it has fled.
fn leave_behind(path: &str, seconds: u32, flee: fn() -> Result<bool, Errno>) {
    let (mut reading, writing) = pipe();
    if flee().expect("a process can be made") {
        stay(path, seconds, writing);
    }
    drop(writing);
    let mut said = Vec::new();
    let heard = reading.read_to_end(&mut said);
    heard.expect("a pipe can be read");
    println!("{}", if said.is_empty() { "lost" } else { "left" });
}

/// The double fork of a daemon.
fn fork_twice() -> Result<bool, Errno> {
    if let ForkResult::Parent { child } = sys::fork()? {
        waitpid(child, None)?;
        return Ok(false);
    }
    let fled = setsid().and_then(|_| sys::fork());
    match fled {
        Ok(ForkResult::Child) => Ok(true),
        fled => sys::leave(i32::from(fled.is_err())),
    }
}

/// A new child of this process's parent.
fn clone_beside() -> Result<bool, Errno> {
    let flags = libc::CLONE_PARENT | libc::SIGCHLD;
    let made = call!(libc::SYS_clone, flags as u64, 0, 0, 0, 0)?;
    Ok(made == 0)
}

/// Holds the marker file, and shows that this process lives.
fn stay(path: &str, seconds: u32, telling: OwnedFd) -> ! {
    let end = Instant::now() + Duration::from_secs(seconds.into());
    let mut marker = marker(path);
    let mut told = File::from(telling).write_all(b"x");
    // Whoever reads the output of a child is not to wait for this process.
    for stream in 0..3 {
        let _ = call!(libc::SYS_close, stream);
    }
    while told.is_ok() && Instant::now() < end {
        told = marker.write_all(b"alive\n");
        let beat = [0, i64::from(BEAT.subsec_nanos())];
        let _ = call!(libc::SYS_ppoll, 0, 0, Word::at(&beat), 0, 8);
    }
    sys::leave(0)
}

fn hop(path: &str, times: u32) {
    let _held = marker(path);
    let (mut reading, writing) = pipe();
    match sys::fork().expect("a process can be made") {
        ForkResult::Child => hop_on(times, writing),
        ForkResult::Parent { child } => {
            drop(writing);
            waitpid(child, None).expect("a child can be awaited");
        }
    }
    let mut count = String::new();
    let heard = reading.read_to_string(&mut count);
    heard.expect("a pipe can be read");
    println!("hopped {count} of {times}");
}

/// Goes on in a child, time after time, and tells how often.
fn hop_on(times: u32, telling: OwnedFd) -> ! {
    let mut count = 1;
    while count < times {
        match sys::fork() {
            Ok(ForkResult::Child) => count += 1,
            Ok(ForkResult::Parent { .. }) => sys::leave(0),
            Err(_) => break,
        }
    }
    let told = write!(File::from(telling), "{count}");
    sys::leave(i32::from(told.is_err()))
}

fn bomb(times: u32) {
    let (mut reading, writing) = pipe();
    let mut count = 0;
    let mut refused = String::new();
    while count < times {
        match sys::fork() {
            Ok(ForkResult::Child) => {
                // All stay until the last has been tried.
                drop(writing);
                let ended = reading.read(&mut [0]);
                sys::leave(i32::from(ended.is_err()));
            }
            Ok(ForkResult::Parent { .. }) => count += 1,
            Err(errno) => {
                refused = format!(", refused {errno:?}");
                break;
            }
        }
    }
    drop(writing);
    sys::reap();
    println!("forked {count} of {times}{refused}");
}

fn signals_to(process: i32) {
    let signals = ["kill", "queue"];
    for (name, act) in processes::ACTS {
        if signals.iter().any(|signal| name.starts_with(signal)) {
            println!("signals-to.{name}: {}", act(process));
        }
    }
}
