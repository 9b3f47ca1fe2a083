//! Every number that a process can have.

use crate::sys::process;
use std::ffi::c_int;

/// The numbers of a namespace from the first to the newest. They are given out in their order, and
/// begin anew when they have all been used.
pub struct Numbers {
    next: c_int,
    end: c_int,
    newest: c_int,
    /// Whether they have begun anew, so that the newest is not the highest.
    anew: bool,
}

/// The highest number that there can be (proc_sys_kernel(5), `pid_max`).
const HIGHEST: c_int = 4_194_304;

/// How many are asked about at once.
const AT_ONCE: c_int = 256;

impl Numbers {
    pub fn new() -> Self {
        Self {
            next: 1,
            end: 0,
            newest: 0,
            anew: false,
        }
    }

    /// Begin at the first, up to what is the newest now.
    pub fn rewind(&mut self) {
        self.begin(process::try_fork().ok());
    }

    /// `newest` is none where there is no room for another process.
    fn begin(&mut self, newest: Option<c_int>) {
        if let Some(newest) = newest {
            self.anew |= newest < self.newest;
            self.newest = newest;
        }
        self.next = 1;
        self.end = match newest {
            Some(newest) if !self.anew => newest,
            _ => HIGHEST,
        };
    }

    /// Further numbers, or none at the end.
    pub fn next(&mut self) -> Vec<c_int> {
        let last = self.end.min(self.next.saturating_add(AT_ONCE - 1));
        let numbers = (self.next..=last).collect();
        self.next = last + 1;
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(numbers: &mut Numbers) -> Vec<c_int> {
        let mut all = Vec::new();
        loop {
            let page = numbers.next();
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    #[test]
    fn every_number_up_to_the_newest_comes_once() {
        let mut numbers = Numbers::new();
        assert_eq!(all(&mut numbers), []);
        for newest in [1, 255, 256, 257, 1000] {
            numbers.begin(Some(newest));
            assert!(all(&mut numbers).into_iter().eq(1..=newest));
        }
    }

    #[test]
    fn every_number_there_can_be_comes_once_they_have_begun_anew_or_there_is_no_newest() {
        let mut numbers = Numbers::new();
        numbers.begin(Some(30_000));
        numbers.begin(None);
        assert_eq!(all(&mut numbers).len(), HIGHEST as usize);
        numbers.begin(Some(30_010));
        assert_eq!(all(&mut numbers).len(), 30_010);
        numbers.begin(Some(17));
        assert_eq!(all(&mut numbers).len(), HIGHEST as usize);
    }
}
