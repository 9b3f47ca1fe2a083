//! Signals by name: what a guest may send, and what ended a child.

mod set;

pub use set::SignalSet;

use std::fmt;
use std::str::FromStr;

/// A POSIX signal, numbered as Linux does on x86 and ARM (signal(7)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// Hangup.
    Hup,
    /// Interrupt from a keyboard.
    Int,
    /// Quit from a keyboard.
    Quit,
    /// Illegal instruction.
    Ill,
    /// Trace or breakpoint trap.
    Trap,
    /// Abort.
    Abrt,
    /// Bus error.
    Bus,
    /// Arithmetic error.
    Fpe,
    /// Kill; cannot be caught.
    Kill,
    /// User-defined.
    Usr1,
    /// Invalid memory reference.
    Segv,
    /// User-defined.
    Usr2,
    /// Write to a pipe without readers.
    Pipe,
    /// Timer.
    Alrm,
    /// Termination.
    Term,
    /// Stack fault.
    Stkflt,
    /// A child stopped or ended.
    Chld,
    /// Continue if stopped.
    Cont,
    /// Stop; cannot be caught.
    Stop,
    /// Stop typed at a terminal.
    Tstp,
    /// Terminal input for a background process.
    Ttin,
    /// Terminal output from a background process.
    Ttou,
    /// Urgent data on a socket.
    Urg,
    /// CPU time limit exceeded.
    Xcpu,
    /// File size limit exceeded.
    Xfsz,
    /// Virtual timer.
    Vtalrm,
    /// Profiling timer.
    Prof,
    /// Window size changed.
    Winch,
    /// Input or output is possible.
    Io,
    /// Power failure.
    Pwr,
    /// Bad system call.
    Sys,
    /// A real-time signal, counted from `SIGRTMIN`.
    Realtime(u8),
}

/// The standard signals: the one at index `i` has the number `i + 1`.
const STANDARD: [(Signal, &str); 31] = [
    (Signal::Hup, "SIGHUP"),
    (Signal::Int, "SIGINT"),
    (Signal::Quit, "SIGQUIT"),
    (Signal::Ill, "SIGILL"),
    (Signal::Trap, "SIGTRAP"),
    (Signal::Abrt, "SIGABRT"),
    (Signal::Bus, "SIGBUS"),
    (Signal::Fpe, "SIGFPE"),
    (Signal::Kill, "SIGKILL"),
    (Signal::Usr1, "SIGUSR1"),
    (Signal::Segv, "SIGSEGV"),
    (Signal::Usr2, "SIGUSR2"),
    (Signal::Pipe, "SIGPIPE"),
    (Signal::Alrm, "SIGALRM"),
    (Signal::Term, "SIGTERM"),
    (Signal::Stkflt, "SIGSTKFLT"),
    (Signal::Chld, "SIGCHLD"),
    (Signal::Cont, "SIGCONT"),
    (Signal::Stop, "SIGSTOP"),
    (Signal::Tstp, "SIGTSTP"),
    (Signal::Ttin, "SIGTTIN"),
    (Signal::Ttou, "SIGTTOU"),
    (Signal::Urg, "SIGURG"),
    (Signal::Xcpu, "SIGXCPU"),
    (Signal::Xfsz, "SIGXFSZ"),
    (Signal::Vtalrm, "SIGVTALRM"),
    (Signal::Prof, "SIGPROF"),
    (Signal::Winch, "SIGWINCH"),
    (Signal::Io, "SIGIO"),
    (Signal::Pwr, "SIGPWR"),
    (Signal::Sys, "SIGSYS"),
];

/// `SIGRTMIN` as programs see it. The kernel's is 32; glibc keeps two for itself (signal(7)).
const REALTIME_MIN: i32 = 34;

/// `SIGRTMAX`.
const REALTIME_MAX: i32 = 64;

impl Signal {
    /// The number on Linux. That of a real-time signal which does not exist is above 64.
    pub fn number(self) -> i32 {
        if let Self::Realtime(offset) = self {
            return REALTIME_MIN + i32::from(offset);
        }
        let index = STANDARD.iter().position(|(signal, _)| *signal == self);
        index.map_or(0, |index| index as i32 + 1)
    }

    /// The signal with this number on Linux: 1 to 31 and 34 to 64.
    pub fn from_number(number: i32) -> Option<Self> {
        if (REALTIME_MIN..=REALTIME_MAX).contains(&number) {
            return u8::try_from(number - REALTIME_MIN).ok().map(Self::Realtime);
        }
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        STANDARD.get(index).map(|(signal, _)| *signal)
    }

    /// Whether there is such a signal: false only for `Realtime` beyond `SIGRTMAX`.
    pub fn exists(self) -> bool {
        self.number() <= REALTIME_MAX
    }

    /// The name: `SIGTERM`, `SIGRTMIN+3`.
    pub fn name(self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Realtime(0) => f.write_str("SIGRTMIN"),
            Self::Realtime(offset) => write!(f, "SIGRTMIN+{offset}"),
            signal => {
                let entry = STANDARD.iter().find(|(standard, _)| standard == signal);
                f.write_str(entry.map_or("SIG?", |(_, name)| name))
            }
        }
    }
}

/// A word that names no signal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the name of a signal")]
pub struct UnknownSignal(pub String);

impl FromStr for Signal {
    type Err = UnknownSignal;

    /// Reads `term`, `TERM`, `SIGTERM` and `SIGRTMIN+3`, in any case. Numbers are not names.
    fn from_str(word: &str) -> Result<Self, UnknownSignal> {
        let upper = word.to_ascii_uppercase();
        let bare = upper.strip_prefix("SIG").unwrap_or(&upper);
        let standard = STANDARD.iter().find(|(_, name)| name[3..] == *bare);
        let found = match (standard, bare.strip_prefix("RTMIN")) {
            (Some((signal, _)), _) => Some(*signal),
            (None, Some("")) => Some(Self::Realtime(0)),
            (None, Some(rest)) => realtime_offset(rest).map(Self::Realtime),
            (None, None) => None,
        };
        found
            .filter(|signal| signal.exists())
            .ok_or_else(|| UnknownSignal(word.to_owned()))
    }
}

/// Reads `+3`.
fn realtime_offset(text: &str) -> Option<u8> {
    let digits = text.strip_prefix('+')?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_names_no_signal_is_refused() {
        for word in [
            "", "SIG", "sigsig", "15", "RTMIN+31", "RTMIN+", "RTMIN++1", "RTMIN-1",
        ] {
            assert_eq!(word.parse::<Signal>(), Err(UnknownSignal(word.into())));
        }
    }

    #[test]
    fn numbers_that_no_signal_has_are_refused() {
        for number in [i32::MIN, -1, 0, 32, 33, 65, i32::MAX] {
            assert_eq!(Signal::from_number(number), None);
        }
        assert!(!Signal::Realtime(31).exists());
    }

    #[test]
    fn every_signal_survives_its_number_and_its_name() {
        for number in (1..=31).chain(34..=64) {
            let signal = Signal::from_number(number).unwrap();
            assert_eq!(signal.number(), number);
            assert_eq!(signal.name().parse(), Ok(signal));
            assert!(signal.exists());
        }
    }

    #[test]
    fn names_are_read_in_each_of_their_spellings() {
        for word in ["term", "TERM", "SIGTERM", "sigterm"] {
            assert_eq!(word.parse(), Ok(Signal::Term));
        }
        assert_eq!("SIGRTMIN+3".parse(), Ok(Signal::Realtime(3)));
        assert_eq!(Signal::Realtime(3).number(), 37);
    }
}
