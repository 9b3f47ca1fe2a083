//! Bounds that the resources of one guest share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// An amount that is taken in shares and comes back when they are dropped. Its clones are the same
/// budget.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    limit: u64,
    taken: Arc<AtomicU64>,
    /// What every share of this is a share of as well.
    whole: Option<Arc<Self>>,
}

impl Budget {
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            limit,
            taken: Arc::default(),
            whole: None,
        }
    }

    /// A part of this budget: a budget of its own, whose shares count here too.
    pub(crate) fn part(&self, limit: u64) -> Self {
        Self {
            limit,
            taken: Arc::default(),
            whole: Some(Arc::new(self.clone())),
        }
    }

    /// How much is taken.
    #[cfg(test)]
    pub(crate) fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    fn grow(&self, more: u64) -> bool {
        let within = |taken: u64| taken.checked_add(more).filter(|taken| *taken <= self.limit);
        let grown = self
            .taken
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, within)
            .is_ok();
        let fits = grown && self.whole.as_ref().is_none_or(|whole| whole.grow(more));
        if grown && !fits {
            self.taken.fetch_sub(more, Ordering::Relaxed);
        }
        fits
    }

    fn shrink(&self, amount: u64) {
        self.taken.fetch_sub(amount, Ordering::Relaxed);
        if let Some(whole) = &self.whole {
            whole.shrink(amount);
        }
    }

    /// A share that is nothing yet.
    pub(crate) fn share(&self) -> Share {
        Share {
            budget: self.clone(),
            amount: 0,
        }
    }

    /// A share of `amount`, if that much is left.
    pub(crate) fn take(&self, amount: u64) -> Option<Share> {
        let mut share = self.share();
        share.grow(amount).then_some(share)
    }
}

/// A part of a budget.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Budget,
    amount: u64,
}

impl Share {
    pub(crate) fn amount(&self) -> u64 {
        self.amount
    }

    /// Take `more`, if that much is left, and say whether it was.
    pub(crate) fn grow(&mut self, more: u64) -> bool {
        let grown = self.budget.grow(more);
        if grown {
            self.amount += more;
        }
        grown
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.shrink(self.amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_taken_than_there_is_and_a_dropped_share_comes_back() {
        let budget = Budget::new(10);
        let mut first = budget.take(6).unwrap();
        assert!(!first.grow(5) && budget.take(5).is_none());
        assert!(first.grow(4) && budget.take(1).is_none());
        drop(first);
        assert!(budget.take(10).is_some());
    }

    #[test]
    fn a_share_of_a_part_is_one_of_the_whole_too() {
        let whole = Budget::new(10);
        let (one, other) = (whole.part(8), whole.part(8));
        let first = one.take(8).unwrap();
        assert!(other.take(3).is_none());
        assert_eq!(other.taken(), 0, "what was not taken is free");
        drop(first);
        assert!(other.take(8).is_some());
    }

    #[test]
    fn an_amount_that_overflows_is_refused() {
        let budget = Budget::new(u64::MAX);
        let _first = budget.take(1).unwrap();
        assert!(budget.take(u64::MAX).is_none());
    }
}
