//! Cases in which the tiers of confinement differ, and how.
//!
//! | | namespace | landlock | none |
//! | --- | --- | --- | --- |
//! | a directory of the guest's | at the guest's name | at the host's | at the host's |
//! | descriptors that the host left open | closed | closed | open |
//! | what a child leaves behind | ends with the child's handle | ends with the child's handle | stays |
//! | what has left a child's group | is killed with the child | is killed with the child | stays |
//! | a bound on processes | is kept | cannot be set | cannot be set |
//! | signals that the host ignores | act again | act again | stay ignored, but for `SIGPIPE` |
//! | sessions, masks, extra pipes, real-time signals | work | work | unsupported |
//!
//! The last three lines are lists of cases of their own, in `table.rs`.

use std::fs::{self, File};
use std::path::Path;

use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use nix::sys::signal::{SigHandler, SigSet, Signal, kill, signal};
use nix::unistd::Pid;
use offspring_policy::Confinement;
use offspring_tests::Outcome;
use rustix::process::{getegid, geteuid};
use wasmtime_wasi::FsPerms;

use super::{Case, furnished};

pub fn starts_in_a_directory_of_the_guest(case: Case) {
    let tier = case.tier();
    let mut place = String::new();
    let tell = |root: &Path| {
        let root = root.canonicalize().expect("the directory is there");
        place = match tier {
            Confinement::Namespace => "/guest/data".to_owned(),
            Confinement::Landlock | Confinement::None => root.to_string_lossy().into_owned(),
        };
    };
    let guest = furnished(case, FsPerms::ReadWrite).prepare(tell);
    guest.args(&[&place]).run().passes();
}

pub fn gives_three_descriptors_and_a_group(case: Case) {
    let foreign = match case.tier() {
        Confinement::Namespace | Confinement::Landlock => String::new(),
        Confinement::None => inheritable(),
    };
    case.given(&foreign).guest().run().passes();
}

/// The descriptors that this process has from whoever started it, and that its
/// children have too, as far as the system is told by it.
fn inheritable() -> String {
    let directory = fs::read_dir("/proc/self/fdinfo").expect("these tests need /proc");
    let mut found = Vec::new();
    for entry in directory {
        let entry = entry.expect("a directory can be read");
        // The one that reads the directory is gone by now.
        let Ok(info) = fs::read_to_string(entry.path()) else {
            continue;
        };
        let flags = info.lines().find_map(|line| line.strip_prefix("flags:"));
        let flags = flags.and_then(|it| i32::from_str_radix(it.trim(), 8).ok());
        let close_on_exec = OFlag::O_CLOEXEC.bits();
        let number = entry.file_name().to_string_lossy().into_owned();
        if number.parse().is_ok_and(|it: u32| it > 2)
            && flags.is_some_and(|it| it & close_on_exec == 0)
        {
            found.push(number);
        }
    }
    found.join(",")
}

pub fn gives_no_descriptor_of_the_host(case: Case) {
    let leak = || {
        let file = File::open("/dev/null").expect("there is one");
        let leaked = fcntl(&file, FcntlArg::F_SETFD(FdFlag::empty()));
        leaked.expect("it is open");
        file
    };
    let outcome = case.guest().run_between(leak, |file, _| drop(file));
    outcome.passes();
}

pub fn gives_no_signal_that_the_host_ignores_or_blocks(case: Case) {
    const IGNORED: Signal = Signal::SIGHUP;
    const BLOCKED: Signal = Signal::SIGUSR2;
    let change = || {
        let mut set = SigSet::empty();
        set.add(BLOCKED);
        set.thread_block().expect("a signal can be blocked");
        (set, handle(IGNORED, SigHandler::SigIgn))
    };
    let restore = |(set, handler): (SigSet, _), _: &Outcome| {
        handle(IGNORED, handler);
        set.thread_unblock().expect("a signal can be unblocked");
    };
    case.guest().run_between(change, restore).passes();
}

#[expect(unsafe_code, reason = "a handler could be code that is unsound")]
fn handle(number: Signal, handler: SigHandler) -> SigHandler {
    // SAFETY: it is no code of ours: a signal is ignored, or handled as before.
    unsafe { signal(number, handler) }.expect("a signal can be ignored")
}

pub fn runs_as_the_user_of_the_host(case: Case) {
    let host = format!("{} {}", geteuid().as_raw(), getegid().as_raw());
    let case = case.rule("recorder-of-anybody", "allow-identity = true");
    case.given(&host).guest().run().passes();
}

fn with_a_real_time_signal(case: Case) -> Case {
    case.rule("close-stdin-then-wait", "signals = [\"SIGRTMIN+1\"]")
}

pub fn sends_real_time_signals(case: Case) {
    with_a_real_time_signal(case).guest().run().passes();
}

pub fn cannot_send_real_time_signals(case: Case) {
    with_a_real_time_signal(case).guest().run().passes();
}

pub fn waits_not_for_a_held_pipe(case: Case) {
    leaves_a_descendant(case);
}

pub fn communicates_in_spite_of_a_held_pipe(case: Case) {
    leaves_a_descendant(case.rule("hold-pipe", "limits = { drain = \"100ms\" }"));
}

pub fn drains_for_the_shorter_time(case: Case) {
    let late = case.rule("hold-pipe", "limits = { drain = \"1h\" }");
    leaves_a_descendant(late.rule("hold-pipe-briefly", BRIEF_DRAIN));
}

pub fn collects_what_came_within_the_drain_time(case: Case) {
    leaves_a_descendant(case.rule("hold-pipe-briefly", BRIEF_DRAIN));
}

pub fn lets_what_has_escaped_stay(case: Case) {
    leaves_a_descendant(case.rule("descendants", BRIEF_DRAIN));
}

const BRIEF_DRAIN: &str = "limits = { drain = \"100ms\" }";

/// A confined child's descendants are gone with the guest: that is for the
/// premises to see. Any other's are there, and the guest has printed which.
fn leaves_a_descendant(case: Case) {
    let end = match case.tier() {
        Confinement::Namespace | Confinement::Landlock => |_: &Outcome| (),
        Confinement::None => |outcome: &Outcome| {
            let text = String::from_utf8_lossy(&outcome.stdout);
            for line in text.lines() {
                let descendant = line.parse().expect("the guest prints pids");
                kill(Pid::from_raw(descendant), Signal::SIGKILL).expect("the descendant runs");
            }
        },
    };
    let outcome = case.guest().run_between(|| (), |(), outcome| end(outcome));
    outcome.passes();
}
