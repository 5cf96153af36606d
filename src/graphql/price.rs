//! What calls to Gong cost, in fields: 3 of them a second are all that the company has.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// A call of its own.
pub(super) const CALL: usize = 1_000;
/// A share in a call that is made for a hundred users at once; alone it is a call too, but few are.
pub(super) const LOOKUP: usize = 100;

/// What one request has asked of Gong so far, at its price. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Asked(Arc<AtomicU64>);

impl Asked {
    /// Adds so many calls, each at `price`.
    pub(super) fn add(&self, calls: usize, price: usize) {
        self.0.fetch_add(calls.saturating_mul(price) as u64, Ordering::Relaxed);
    }

    /// The sum.
    pub(super) fn price(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What so many look-ups may cost that are only made if the records are too old.
pub(super) fn lookups(count: usize, max_age: Option<i64>) -> usize {
    if max_age.is_some() { count.saturating_mul(LOOKUP) } else { 0 }
}
