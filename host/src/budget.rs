//! Bounds that the resources of one guest share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// An amount that is taken in shares and comes back when they are dropped. Its clones are the same
/// budget.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    limit: u64,
    taken: Arc<AtomicU64>,
}

impl Budget {
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            limit,
            taken: Arc::default(),
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
        let limit = self.budget.limit;
        let within = |taken: u64| taken.checked_add(more).filter(|taken| *taken <= limit);
        let taken = &self.budget.taken;
        let grown = taken
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, within)
            .is_ok();
        if grown {
            self.amount += more;
        }
        grown
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.taken.fetch_sub(self.amount, Ordering::Relaxed);
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
    fn an_amount_that_overflows_is_refused() {
        let budget = Budget::new(u64::MAX);
        let _first = budget.take(1).unwrap();
        assert!(budget.take(u64::MAX).is_none());
    }
}
