//! How fast something may happen.

use offspring_policy::Rate;
use offspring_policy::defaults::LONGEST;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Lets something happen as often as a rate says, by the generic cell rate algorithm: it remembers
/// one time, when everything that has happened would have happened if it had been spread evenly.
#[derive(Debug)]
pub(super) struct Pace {
    rate: Option<Rate>,
    even: Mutex<Option<Instant>>,
}

impl Pace {
    pub(super) fn new(rate: Option<Rate>) -> Self {
        let rate = rate.map(|rate| Rate {
            period: rate.period.min(LONGEST),
            ..rate
        });
        Self {
            rate,
            even: Mutex::default(),
        }
    }

    /// Let it happen `now`, or say how long it has to wait.
    pub(super) fn step(&self, now: Instant) -> Result<(), Duration> {
        let Some(Rate { count, period }) = self.rate else {
            return Ok(());
        };
        let Some(interval) = period.checked_div(count) else {
            return Err(period);
        };
        let mut even = self.even.lock().unwrap_or_else(PoisonError::into_inner);
        let next = even.map_or(now, |even| even.max(now)) + interval;
        match next.duration_since(now).checked_sub(period) {
            Some(early) if !early.is_zero() => Err(early),
            _ => {
                *even = Some(next);
                Ok(())
            }
        }
    }

    /// What was let happen did not.
    pub(super) fn step_back(&self) {
        let Some(interval) = self
            .rate
            .and_then(|rate| rate.period.checked_div(rate.count))
        else {
            return;
        };
        let mut even = self.even.lock().unwrap_or_else(PoisonError::into_inner);
        *even = even.and_then(|even| even.checked_sub(interval));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_the_rate_says_happen_at_once_and_the_next_waits() {
        let period = Duration::from_secs(1);
        let pace = Pace::new(Some(Rate { count: 4, period }));
        let now = Instant::now();
        for _ in 0..4 {
            assert_eq!(pace.step(now), Ok(()));
        }
        let wait = Duration::from_millis(250);
        assert_eq!(pace.step(now), Err(wait));
        assert_eq!(pace.step(now + wait), Ok(()));
        assert_eq!(pace.step(now + wait), Err(wait));
    }

    #[test]
    fn what_did_not_happen_is_not_counted() {
        let period = Duration::from_secs(3600);
        let pace = Pace::new(Some(Rate { count: 1, period }));
        let now = Instant::now();
        for _ in 0..3 {
            assert_eq!(pace.step(now), Ok(()));
            pace.step_back();
        }
        assert_eq!(pace.step(now), Ok(()));
        assert!(pace.step(now).is_err());
    }

    #[test]
    fn a_period_without_an_end_is_a_long_one() {
        let period = Duration::MAX;
        let pace = Pace::new(Some(Rate { count: 1, period }));
        let now = Instant::now();
        assert_eq!(pace.step(now), Ok(()));
        assert!(pace.step(now).is_err());
    }

    #[test]
    fn a_rate_of_nothing_lets_nothing_happen() {
        let period = Duration::from_secs(1);
        let pace = Pace::new(Some(Rate { count: 0, period }));
        assert_eq!(pace.step(Instant::now()), Err(period));
    }

    #[test]
    fn what_was_not_used_is_not_saved_beyond_one_period() {
        let period = Duration::from_secs(1);
        let pace = Pace::new(Some(Rate { count: 2, period }));
        let now = Instant::now() + 100 * period;
        assert!(pace.step(now).is_ok() && pace.step(now).is_ok());
        assert!(pace.step(now).is_err());
    }
}
