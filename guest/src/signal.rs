//! Signals by name.

use std::fmt;

/// The number of `SIGRTMIN` in the C libraries of Linux.
const SIGRTMIN: u8 = 34;

macro_rules! signals {
    ($($(#[$doc:meta])* $name:ident = $number:literal $posix:literal,)*) => {
        /// A POSIX signal.
        ///
        /// A name is what crosses to the host; numbers are those of Linux on
        /// x86 and ARM.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Signal {
            $($(#[$doc])* $name,)*
            /// A real-time signal, counted from `SIGRTMIN`, which is 0.
            Realtime(u8),
        }

        impl Signal {
            /// The signal's number, as signal(7) gives it.
            #[must_use]
            pub fn number(self) -> i32 {
                match self {
                    $(Signal::$name => $number,)*
                    Signal::Realtime(n) => i32::from(SIGRTMIN) + i32::from(n),
                }
            }

            /// The signal with this number, if there is one.
            #[must_use]
            pub fn from_number(number: i32) -> Option<Signal> {
                match number {
                    $($number => Some(Signal::$name),)*
                    34..=64 => u8::try_from(number).ok().map(|n| Signal::Realtime(n - SIGRTMIN)),
                    _ => None,
                }
            }
        }

        impl fmt::Display for Signal {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Signal::$name => f.write_str($posix),)*
                    Signal::Realtime(0) => f.write_str("SIGRTMIN"),
                    Signal::Realtime(n) => write!(f, "SIGRTMIN+{n}"),
                }
            }
        }
    };
}

signals! {
    /// Hangup.
    Hup = 1 "SIGHUP",
    /// Interrupt from a keyboard.
    Int = 2 "SIGINT",
    /// Quit from a keyboard.
    Quit = 3 "SIGQUIT",
    /// Illegal instruction.
    Ill = 4 "SIGILL",
    /// Trace or breakpoint trap.
    Trap = 5 "SIGTRAP",
    /// Abort.
    Abrt = 6 "SIGABRT",
    /// Bus error.
    Bus = 7 "SIGBUS",
    /// Arithmetic error.
    Fpe = 8 "SIGFPE",
    /// Kill; cannot be caught.
    Kill = 9 "SIGKILL",
    /// User-defined.
    Usr1 = 10 "SIGUSR1",
    /// Invalid memory reference.
    Segv = 11 "SIGSEGV",
    /// User-defined.
    Usr2 = 12 "SIGUSR2",
    /// Write to a pipe without readers.
    Pipe = 13 "SIGPIPE",
    /// Timer.
    Alrm = 14 "SIGALRM",
    /// Termination.
    Term = 15 "SIGTERM",
    /// Stack fault.
    Stkflt = 16 "SIGSTKFLT",
    /// A child stopped or ended.
    Chld = 17 "SIGCHLD",
    /// Continue if stopped.
    Cont = 18 "SIGCONT",
    /// Stop; cannot be caught.
    Stop = 19 "SIGSTOP",
    /// Stop typed at a terminal.
    Tstp = 20 "SIGTSTP",
    /// Terminal input for a background process.
    Ttin = 21 "SIGTTIN",
    /// Terminal output from a background process.
    Ttou = 22 "SIGTTOU",
    /// Urgent data on a socket.
    Urg = 23 "SIGURG",
    /// CPU time limit exceeded.
    Xcpu = 24 "SIGXCPU",
    /// File size limit exceeded.
    Xfsz = 25 "SIGXFSZ",
    /// Virtual timer.
    Vtalrm = 26 "SIGVTALRM",
    /// Profiling timer.
    Prof = 27 "SIGPROF",
    /// Window size changed.
    Winch = 28 "SIGWINCH",
    /// Input or output is possible.
    Io = 29 "SIGIO",
    /// Power failure.
    Pwr = 30 "SIGPWR",
    /// Bad system call.
    Sys = 31 "SIGSYS",
}

/// Which processes a signal goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignalTarget {
    /// The child itself.
    Process,
    /// The child's process group: the child and those descendants that did not
    /// leave the group.
    ProcessGroup,
}
