//! The keys as they are now, and finding who shows one.

use std::sync::Arc;

use jiff::Timestamp;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use super::{KeyEntry, secret::Digest};
use crate::auth::{Unauthenticated, Viewer};

/// The keys of one state of the file.
#[derive(Debug, Default)]
pub(super) struct KeySet(Vec<Held>);

/// A key and what its user is called. The very text is what tells a viewer of this key from one of another key
/// that was given the same name later: it is carried on as long as nothing about the key changes.
#[derive(Debug)]
struct Held {
    id: Arc<str>,
    entry: KeyEntry,
}

impl KeySet {
    /// These keys; those that were in the last set as they are keep their viewers.
    pub(super) fn of(entries: Vec<KeyEntry>, last: &Self) -> Self {
        let held = entries.into_iter().map(|entry| {
            let known = last.0.iter().find(|held| held.entry == entry).map(|held| held.id.clone());
            Held { id: known.unwrap_or_else(|| format!("key:{}", entry.name).into()), entry }
        });
        Self(held.collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whose key has this hash.
    pub(super) fn viewer(
        &self,
        shown: &Digest,
        now: impl FnOnce() -> Timestamp,
    ) -> Result<Viewer, Unauthenticated> {
        let place = self.place(shown, |one, other| one.ct_eq(other));
        let Held { id, entry } = self.0.get(place).ok_or(Unauthenticated::UnknownKey)?;
        if entry.expires.is_some_and(|end| end <= now()) {
            return Err(Unauthenticated::Expired);
        }
        Ok(Viewer { id: id.clone(), role: entry.role, expires_at: entry.expires })
    }

    /// Whether this viewer's key is still here, with the same role and the same end.
    pub(super) fn holds(&self, viewer: &Viewer) -> bool {
        self.0.iter().any(|held| Arc::ptr_eq(&held.id, &viewer.id))
    }

    /// The place of the key with this hash, or one that nobody has. Every key is compared, whole, whichever it
    /// is and whether it is there or not: how long that takes says nothing about the keys.
    fn place(&self, shown: &Digest, mut equal: impl FnMut(&Digest, &Digest) -> Choice) -> usize {
        let mut place = u64::MAX;
        for (at, held) in self.0.iter().enumerate() {
            place.conditional_assign(&(at as u64), equal(&held.entry.digest, shown));
        }
        usize::try_from(place).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{ApiKey, Role};

    fn key(number: u8) -> ApiKey {
        ApiKey::of([number; 20])
    }

    fn entry(number: u8, role: Role, expires: Option<i64>) -> KeyEntry {
        let expires = expires.map(|second| Timestamp::from_second(second).unwrap());
        KeyEntry::new(format!("k{number}"), role, &key(number), Timestamp::UNIX_EPOCH, expires)
    }

    fn set(entries: Vec<KeyEntry>) -> KeySet {
        KeySet::of(entries, &KeySet::default())
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_key_finds_its_own_and_ends_when_it_ends() {
        let keys = set(vec![entry(1, Role::Reader, None), entry(2, Role::Admin, Some(100))]);
        let viewer = |number, now| keys.viewer(&key(number).digest(), || at(now));
        let first = viewer(1, 1_000).unwrap();
        assert_eq!((&*first.id, first.role, first.expires_at), ("key:k1", Role::Reader, None));
        assert_eq!(viewer(2, 99).unwrap().expires_at, Some(at(100)));
        assert_eq!(viewer(2, 100), Err(Unauthenticated::Expired));
        assert_eq!(viewer(3, 0), Err(Unauthenticated::UnknownKey));
        assert_eq!(set(vec![]).viewer(&key(1).digest(), || at(0)), Err(Unauthenticated::UnknownKey));
    }

    /// What is done for a key doesn't depend on whether it is there or where: the same number of comparisons, of
    /// the same two operands each. That one comparison takes the same time whatever it finds is `subtle`'s.
    #[test]
    fn every_key_costs_the_same_comparisons() {
        let keys = set((0..50).map(|number| entry(number, Role::Reader, Some(1))).collect());
        for shown in [key(0), key(25), key(49), key(200)] {
            let mut compared = Vec::new();
            keys.place(&shown.digest(), |held, other| {
                assert_eq!(*other, shown.digest());
                compared.push(*held);
                held.ct_eq(other)
            });
            let all: Vec<_> = keys.0.iter().map(|held| held.entry.digest).collect();
            assert_eq!(compared, all);
        }
    }

    #[test]
    fn a_viewer_lasts_as_long_as_the_key_is_what_it_was() {
        let viewer_of = |keys: &KeySet| keys.viewer(&key(1).digest(), || at(0)).unwrap();
        let first = set(vec![entry(1, Role::Reader, None)]);
        let viewer = viewer_of(&first);
        let more = KeySet::of(vec![entry(2, Role::Admin, None), entry(1, Role::Reader, None)], &first);
        assert!(first.holds(&viewer) && more.holds(&viewer) && more.holds(&viewer_of(&first)));
        let promoted = KeySet::of(vec![entry(1, Role::Admin, None)], &more);
        assert!(!promoted.holds(&viewer));
        let removed = KeySet::of(vec![], &more);
        assert!(!removed.holds(&viewer));
        // Another key of the same name, and even the same line again, is another viewer's.
        let back = KeySet::of(vec![entry(1, Role::Reader, None)], &removed);
        assert!(!back.holds(&viewer) && back.holds(&viewer_of(&back)));
    }
}
