//! What has come before, as far as is remembered: most of what comes never comes again, and isn't worth keeping. Nor is
//! what comes again so late that it would have made way for others by then.

use std::{
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use ahash::RandomState;

/// How many are remembered, about.
const REMEMBERED: usize = 8_192;
/// What is counted in kibibytes.
const KIB: u64 = 1 << 10;

/// Things that have come, by a hash that nobody outside can foresee. Cheap to clone; 64 KiB.
#[derive(Clone)]
pub(super) struct Sightings {
    /// Of one that has come, at the place that its hash says: half of the hash, and how much had come until then.
    come: Arc<[AtomicU64]>,
    /// The bytes of all that could have been kept.
    passed: Arc<AtomicU64>,
    /// What all that are kept may take, in bytes.
    bound: u64,
    hasher: RandomState,
}

impl Sightings {
    /// None so far, for who keeps so many bytes at most; none ever for 0.
    pub(super) fn new(bound: u64) -> Self {
        let remembered = if bound > 0 { REMEMBERED } else { 0 };
        let come = (0..remembered).map(|_| AtomicU64::new(0)).collect();
        Self { come, passed: Arc::default(), bound, hasher: RandomState::new() }
    }

    /// What `one` is remembered by.
    pub(super) fn hash(&self, one: impl Hash) -> u64 {
        self.hasher.hash_one(one)
    }

    /// Tells of something that could be kept, of so many bytes, whether it is or not: others make way for it.
    pub(super) fn passes(&self, bytes: u64) {
        self.passed.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Whether what has this hash would be there still had it been kept when it came the last time, as far as is
    /// remembered. It is remembered now.
    pub(super) fn has_come(&self, hash: u64) -> bool {
        let place = usize::try_from(hash % REMEMBERED as u64).ok().and_then(|at| self.come.get(at));
        place.is_some_and(|place| {
            let now = (self.passed.load(Ordering::Relaxed) / KIB) as u32;
            // Nothing stands at a place that is 0.
            let half = (hash >> 32).max(1);
            let last = place.swap(half << 32 | u64::from(now), Ordering::Relaxed);
            // Somebody at the same time may have been here already, a little later.
            let since = i64::from(now.wrapping_sub(last as u32).cast_signed());
            last >> 32 == half && since <= (self.bound / KIB).cast_signed()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_again_has_come() {
        let sightings = Sightings::new(100 * KIB);
        let [one, other] = ["one", "other"].map(|one| sightings.hash(one));
        assert!(!sightings.has_come(one));
        assert!(!sightings.has_come(other));
        assert!(sightings.has_come(one));
        assert!(sightings.has_come(other));
        // As far as would have been kept.
        sightings.passes(100 * KIB);
        assert!(sightings.has_come(one));
    }

    #[test]
    fn what_would_have_made_way_has_not() {
        let sightings = Sightings::new(100 * KIB);
        let one = sightings.hash("one");
        assert!(!sightings.has_come(one));
        sightings.passes(101 * KIB);
        assert!(!sightings.has_come(one));
        assert!(sightings.has_come(one));
    }

    #[test]
    fn what_somebody_else_has_just_seen_has_come() {
        let sightings = Sightings::new(100 * KIB);
        let one = sightings.hash("one");
        sightings.passes(10 * KIB);
        assert!(!sightings.has_come(one));
        sightings.passed.store(5 * KIB, Ordering::Relaxed);
        assert!(sightings.has_come(one));
    }

    #[test]
    fn where_nothing_is_kept_nothing_has_come() {
        let sightings = Sightings::new(0);
        let one = sightings.hash("one");
        assert!(!sightings.has_come(one) && !sightings.has_come(one));
    }
}
