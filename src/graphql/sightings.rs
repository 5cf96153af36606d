//! What has come before, as far as is remembered: most of what comes never comes again, and isn't worth keeping. Nor is
//! what comes again so late that it would have made way for others by then.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// How many are remembered, about.
const REMEMBERED: usize = 8_192;
/// What is counted in kibibytes.
const KIB: u64 = 1 << 10;

/// Things that have come, by a hash that nobody outside can foresee. Cheap to clone; 64 KiB.
#[derive(Clone)]
pub(super) struct Sightings {
    /// Of one that has come, at the place that its hash says: half of the hash, and how much had come until then.
    come: Arc<[AtomicU64]>,
    /// The bytes of all that has come.
    bytes: Arc<AtomicU64>,
    /// What all may take that are kept.
    room: u64,
    hasher: RandomState,
}

impl Sightings {
    /// None so far, for who has room for so many bytes; none ever where that is none.
    pub(super) fn new(room: u64) -> Self {
        let remembered = if room > 0 { REMEMBERED } else { 0 };
        let come = (0..remembered).map(|_| AtomicU64::new(0)).collect();
        Self { come, bytes: Arc::default(), room, hasher: RandomState::new() }
    }

    /// What `one` is remembered by.
    pub(super) fn hash(&self, one: impl Hash) -> u64 {
        self.hasher.hash_one(one)
    }

    /// Whether what has this hash would be there still had it been kept when it came the last time, as far as is
    /// remembered. It is remembered now, as something of so many bytes.
    pub(super) fn has_come(&self, hash: u64, bytes: u64) -> bool {
        let place = usize::try_from(hash % REMEMBERED as u64).ok().and_then(|at| self.come.get(at));
        place.is_some_and(|place| {
            let now = (self.bytes.fetch_add(bytes, Ordering::Relaxed) / KIB) as u32;
            // Nothing stands at a place that is 0.
            let half = (hash >> 32).max(1);
            let last = place.swap(half << 32 | u64::from(now), Ordering::Relaxed);
            last >> 32 == half && u64::from(now.wrapping_sub(last as u32)) <= self.room / KIB
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
        assert!(!sightings.has_come(one, KIB));
        assert!(!sightings.has_come(other, KIB));
        assert!(sightings.has_come(one, KIB));
        assert!(sightings.has_come(one, KIB));
        assert!(sightings.has_come(other, KIB));
    }

    #[test]
    fn what_would_have_made_way_has_not() {
        let sightings = Sightings::new(100 * KIB);
        let all: Vec<_> = (0..50).map(|nth| sightings.hash(nth)).collect();
        let come = |bytes: u64| all.iter().filter(|hash| sightings.has_come(**hash, bytes)).count();
        come(KIB);
        // Two may have one place.
        assert!(come(KIB) > 40);
        come(3 * KIB);
        assert_eq!(come(3 * KIB), 0);
    }

    #[test]
    fn where_nothing_is_kept_nothing_has_come() {
        let sightings = Sightings::new(0);
        let one = sightings.hash("one");
        assert!(!sightings.has_come(one, 0) && !sightings.has_come(one, 0));
    }
}
