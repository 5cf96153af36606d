//! What has come before, as far as is remembered: most of what comes never comes again, and isn't worth keeping.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// How many are remembered, about.
const REMEMBERED: usize = 8_192;

/// Things that have come, by a hash that nobody outside can foresee. Cheap to clone; 64 KiB.
#[derive(Clone)]
pub(super) struct Sightings {
    /// The hash of one that has come, at the place that it says.
    come: Arc<[AtomicU64]>,
    hasher: RandomState,
}

impl Sightings {
    /// None so far, and none ever if nothing `is_kept`.
    pub(super) fn new(is_kept: bool) -> Self {
        let remembered = if is_kept { REMEMBERED } else { 0 };
        Self { come: (0..remembered).map(|_| AtomicU64::new(0)).collect(), hasher: RandomState::new() }
    }

    /// What `one` is remembered by.
    pub(super) fn hash(&self, one: impl Hash) -> u64 {
        self.hasher.hash_one(one)
    }

    /// Whether what has this hash has come before, as far as is remembered. It is remembered now.
    pub(super) fn has_come(&self, hash: u64) -> bool {
        let place = usize::try_from(hash % REMEMBERED as u64).ok().and_then(|at| self.come.get(at));
        place.is_some_and(|place| place.swap(hash, Ordering::Relaxed) == hash)
    }
}
