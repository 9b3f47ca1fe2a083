//! Running what nobody allowed: copies of programs, programs without a file,
//! and the loader as a way around a missing right to execute.

use std::ffi::{CStr, CString};
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use nix::errno::Errno;

use super::acts::after;
use super::attempt::{Attempt, apart, by_another};
use super::given::{Given, c};
use super::outcome::Outcome;
use super::sys::{Word, call, open};

/// The loader of programs that link dynamically.
#[cfg(target_arch = "x86_64")]
const LOADER: &CStr = c"/lib64/ld-linux-x86-64.so.2";
#[cfg(not(target_arch = "x86_64"))]
const LOADER: &CStr = c"/lib/ld-linux-aarch64.so.1";

/// What a copy of this program is told to do: nothing.
pub(crate) const NOTHING: &CStr = c"nothing";
/// What the set-uid copy is told to do: tell whether it has become somebody else.
pub(crate) const SAME_USER: &CStr = c"same-user";

/// What is tried.
pub(crate) fn attempts() -> Vec<Attempt> {
    vec![
        apart("copy", |given| {
            copied(given, 0o700, |copy| run(copy, &[copy, NOTHING]))
        }),
        apart("copy-by-loader", |given| {
            copied(given, 0o700, |copy| run(LOADER, &[LOADER, copy, NOTHING]))
        }),
        apart("copy-set-uid", |given| {
            copied(given, 0o4755, |copy| run(copy, &[copy, NOTHING]))
        }),
        apart("copy-by-descriptor", |given| {
            copied(given, 0o700, run_opened)
        }),
        apart("script", |given| {
            let script = given.inside("made-by-probe")?;
            Some(placed(&script, b"#!/bin/sh\nexit 0\n", 0o700, |s| {
                run(s, &[s])
            }))
        }),
        apart("memory", |_| Some(memory(0, false))),
        apart("memory-by-path", |_| Some(memory(0, true))),
        apart("memory-declared", |_| Some(memory(libc::MFD_EXEC, false))),
        apart("system-program", |_| {
            let program = c"/bin/true";
            Some(run(program, &[program]))
        }),
        apart("system-shell", |_| {
            let shell = c"/bin/sh";
            Some(run(shell, &[shell, c"-c", c"exit 0"]))
        }),
        apart("own-program", |_| {
            let program = c"/proc/self/exe";
            Some(run(program, &[program, NOTHING]))
        }),
        apart("outside-program", |given| {
            let program = c(given.outside("file")?);
            Some(run(&program, &[&program]))
        }),
        apart("privileged", |given| {
            let program = c(given.privileged.as_ref()?);
            Some(match run(&program, &[&program, SAME_USER]) {
                Outcome::Allowed => Outcome::value("as the same user"),
                Outcome::Value(code) if code == "exit 1" => Outcome::value("as another user"),
                outcome => outcome,
            })
        }),
        apart("writable-and-executable", |_| {
            let kind = libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC;
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
            Some(call!(libc::SYS_mmap, 0, 4096, kind, flags, -1, 0).into())
        }),
    ]
}

/// What the copies that these attempts start do, and their exit code.
pub(crate) fn serve(word: &CStr) -> Option<i32> {
    let users = [call!(libc::SYS_getuid), call!(libc::SYS_geteuid)];
    let groups = [call!(libc::SYS_getgid), call!(libc::SYS_getegid)];
    let same = users[0] == users[1] && groups[0] == groups[1];
    match word {
        word if word == NOTHING => Some(0),
        word if word == SAME_USER => Some(i32::from(!same)),
        _ => None,
    }
}

/// Runs a program in another process, silently.
fn run(program: &CStr, arguments: &[&CStr]) -> Outcome {
    let here = libc::AT_FDCWD;
    by_another(|| Some(become_program(here, program, arguments, 0)))
}

fn run_opened(program: &CStr) -> Outcome {
    let opened = open!(
        libc::SYS_openat,
        libc::AT_FDCWD,
        program,
        libc::O_PATH | libc::O_CLOEXEC
    );
    after(opened, |file| {
        use std::os::fd::AsRawFd as _;
        let number = file.as_raw_fd();
        by_another(|| {
            let flags = libc::AT_EMPTY_PATH;
            Some(become_program(number, c"", &[program, NOTHING], flags))
        })
    })
}

/// Becomes a program, or says why not.
fn become_program(directory: i32, program: &CStr, arguments: &[&CStr], flags: i32) -> Outcome {
    // The loader explains itself where it fails, and nobody is to read that.
    for stream in 0..3 {
        let _ = call!(libc::SYS_close, stream);
    }
    let mut list: Vec<_> = arguments.iter().map(|argument| argument.as_ptr()).collect();
    list.push(std::ptr::null());
    let environment = [std::ptr::null::<u8>()];
    let (list, environment) = (Word::at(&list[..]), Word::at(&environment));
    call!(
        libc::SYS_execveat,
        directory,
        program,
        list,
        environment,
        flags
    )
    .into()
}

/// This program as bytes, or another that does nothing.
fn program() -> io::Result<Vec<u8>> {
    let own = std::env::args_os().next().unwrap_or_default();
    let named = Path::new(&own).components().count() > 1;
    fs::read("/proc/self/exe")
        .or_else(|error| if named { fs::read(&own) } else { Err(error) })
        .or_else(|_| fs::read("/bin/true"))
}

/// Acts on a copy of this program inside, and takes it away.
fn copied(given: &Given, mode: u32, act: impl Fn(&CStr) -> Outcome) -> Option<Outcome> {
    let copy = given.inside("made-by-probe")?;
    Some(after(program(), |bytes| placed(&copy, &bytes, mode, act)))
}

fn placed(path: &Path, bytes: &[u8], mode: u32, act: impl Fn(&CStr) -> Outcome) -> Outcome {
    let written = fs::write(path, bytes)
        .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(mode)));
    let outcome = after(written, |()| act(&c(path)));
    let _ = fs::remove_file(path);
    outcome
}

/// Runs a program that never had a file.
fn memory(flags: u32, by_path: bool) -> Outcome {
    let made = open!(libc::SYS_memfd_create, c"made-by-probe", flags);
    let filled = made.map_err(io::Error::from).and_then(|file| {
        let mut file = fs::File::from(file);
        io::Write::write_all(&mut file, &program()?)?;
        Ok(file)
    });
    after(filled, |file| {
        use std::os::fd::AsRawFd as _;
        let number = file.as_raw_fd();
        let path = CString::new(format!("/proc/self/fd/{number}")).map_err(|_| Errno::EINVAL);
        let (name, flags) = if by_path {
            (path, 0)
        } else {
            (Ok(CString::default()), libc::AT_EMPTY_PATH)
        };
        after(name, |name| {
            by_another(|| Some(become_program(number, &name, &[NOTHING, NOTHING], flags)))
        })
    })
}
