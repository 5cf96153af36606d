//! From an id to the user who has it.

use ahash::RandomState;
use hashbrown::HashTable;

use super::{User, UserIndex};

/// The places of users by their ids. The ids themselves are in the users' records alone, which whoever asks
/// brings along.
pub(super) struct Ids {
    places: HashTable<UserIndex>,
    hashes: RandomState,
}

impl Ids {
    pub(super) fn with_capacity(users: usize) -> Self {
        Self { places: HashTable::with_capacity(users), hashes: RandomState::new() }
    }

    pub(super) fn find(&self, users: &[User], id: &str) -> Option<UserIndex> {
        let has_it = |user: &UserIndex| users[user.at()].id() == id;
        self.places.find(self.hashes.hash_one(id), has_it).copied()
    }

    /// Adds somebody whose id nobody has so far.
    pub(super) fn add(&mut self, users: &[User], user: UserIndex) {
        let hash = |user: &UserIndex| self.hashes.hash_one(users[user.at()].id());
        self.places.insert_unique(hash(&user), user, hash);
    }
}
