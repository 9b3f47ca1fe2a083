//! A set of signals.

use super::Signal;
use std::fmt;

/// The signals that a guest may send to a child. `SIGKILL` is always among them: a guest can
/// always end what it started.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SignalSet(u64);

const KILL: u64 = 1 << 8;

impl SignalSet {
    /// What a program's rule allows that says nothing of signals: `SIGHUP`, `SIGINT`,
    /// `SIGQUIT`, `SIGKILL`, `SIGUSR1`, `SIGUSR2`, `SIGTERM`, `SIGCONT` and `SIGWINCH`.
    ///
    /// Those are what people send to programs. The rest report faults and accounts of the
    /// kernel's, and `SIGSTOP` would keep a child from ever ending by itself.
    pub const DEFAULT: Self =
        Self(1 | 1 << 1 | 1 << 2 | KILL | 1 << 9 | 1 << 11 | 1 << 14 | 1 << 17 | 1 << 27);

    /// `SIGKILL` alone.
    pub const KILL_ONLY: Self = Self(KILL);

    /// Whether `signal` is in the set. Real-time signals that do not exist never are.
    pub fn contains(&self, signal: Signal) -> bool {
        bit(signal).is_some_and(|bit| self.0 & bit != 0)
    }

    /// Adds `signal`. One that does not exist is not added.
    pub fn insert(&mut self, signal: Signal) {
        self.0 |= bit(signal).unwrap_or(0);
    }

    /// The signals, by ascending number.
    pub fn iter(&self) -> impl Iterator<Item = Signal> + '_ {
        (1..=64)
            .filter_map(Signal::from_number)
            .filter(|signal| self.contains(*signal))
    }
}

/// The place of a signal in the set.
fn bit(signal: Signal) -> Option<u64> {
    signal.exists().then(|| 1 << (signal.number() - 1))
}

impl Default for SignalSet {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl FromIterator<Signal> for SignalSet {
    fn from_iter<I: IntoIterator<Item = Signal>>(signals: I) -> Self {
        let mut set = Self::KILL_ONLY;
        signals.into_iter().for_each(|signal| set.insert(signal));
        set
    }
}

impl fmt::Debug for SignalSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_that_do_not_exist_are_never_in_a_set() {
        let mut set = SignalSet::KILL_ONLY;
        set.insert(Signal::Realtime(200));
        assert_eq!(set, SignalSet::KILL_ONLY);
        assert!(!set.contains(Signal::Realtime(200)));
    }

    #[test]
    fn stopping_and_real_time_signals_are_not_allowed_by_default() {
        for signal in [
            Signal::Stop,
            Signal::Tstp,
            Signal::Segv,
            Signal::Realtime(0),
        ] {
            assert!(!SignalSet::DEFAULT.contains(signal), "{signal}");
        }
    }

    #[test]
    fn the_default_set_is_the_documented_one() {
        let names: Vec<_> = SignalSet::DEFAULT.iter().map(Signal::name).collect();
        let documented = [
            "SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGTERM", "SIGCONT",
            "SIGWINCH",
        ];
        assert_eq!(names, documented);
    }

    #[test]
    fn kill_is_in_every_set() {
        assert!(SignalSet::from_iter([]).contains(Signal::Kill));
        assert!(SignalSet::from_iter([Signal::Term]).contains(Signal::Kill));
    }

    #[test]
    fn the_last_real_time_signal_fits() {
        let set = SignalSet::from_iter([Signal::Realtime(30)]);
        assert!(set.contains(Signal::Realtime(30)));
    }
}
