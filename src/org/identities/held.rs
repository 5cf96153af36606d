//! Who has which address or number.

use std::borrow::Cow;

use ahash::RandomState;
use hashbrown::HashTable;

use super::{EmailMatch, IdentityKind};
use crate::org::{Anomaly, User, UserIndex};

/// Who has what, by the form in which it is compared. What only one has is in that user's record alone, which
/// whoever asks brings along.
pub(in crate::org) struct Held {
    places: HashTable<Holder>,
    hashes: RandomState,
    shared: Vec<SharedBy>,
}

#[derive(Clone, Copy)]
enum Holder {
    /// This user, at this place of the user's identities.
    One(UserIndex, u16),
    /// Those at this place in `shared`.
    Shared(u32),
}

/// What several have, or one too far behind in a record.
pub(super) struct SharedBy {
    pub(super) value: Box<str>,
    /// In the order of their indexes, each once however often they have it.
    pub(super) holders: Vec<UserIndex>,
}

impl Held {
    /// All addresses (primary, alias, trusted).
    pub(in crate::org) fn emails(users: &[User]) -> Self {
        Self::of(users, |kind| kind != IdentityKind::PhoneNumber)
    }

    /// All phone numbers.
    pub(super) fn phones(users: &[User]) -> Self {
        Self::of(users, |kind| kind == IdentityKind::PhoneNumber)
    }

    fn of(users: &[User], is_meant: impl Fn(IdentityKind) -> bool) -> Self {
        let meant = |user: &User| user.identities().filter(|identity| is_meant(identity.kind())).count();
        let count = users.iter().map(meant).sum();
        let mut held =
            Self { places: HashTable::with_capacity(count), hashes: RandomState::new(), shared: Vec::new() };
        for (at, user) in users.iter().enumerate() {
            for (place, identity) in user.identities_at().filter(|(_, it)| is_meant(it.kind())) {
                if let Some(value) = identity.folded() {
                    held.add(users, UserIndex::new(at), place, &value);
                }
            }
        }
        held
    }

    fn add(&mut self, users: &[User], user: UserIndex, place: usize, value: &str) {
        let Self { places, hashes, shared } = self;
        let hash = hashes.hash_one(value);
        if let Some(holder) = places.find_mut(hash, |holder| text(users, shared, *holder) == value) {
            match *holder {
                Holder::One(first, _) if first == user => {}
                Holder::One(first, _) => {
                    *holder = Holder::Shared(shared.len() as u32);
                    shared.push(SharedBy { value: value.into(), holders: vec![first, user] });
                }
                Holder::Shared(at) => {
                    let holders = &mut shared[at as usize].holders;
                    // Users are added in the order of their indexes.
                    if holders.last() != Some(&user) {
                        holders.push(user);
                    }
                }
            }
            return;
        }
        let holder = match u16::try_from(place) {
            Ok(place) => Holder::One(user, place),
            Err(_) => {
                shared.push(SharedBy { value: value.into(), holders: vec![user] });
                Holder::Shared(shared.len() as u32 - 1)
            }
        };
        places.insert_unique(hash, holder, |holder| hashes.hash_one(&*text(users, shared, *holder)));
    }

    /// Who has `value`, in the form in which it is compared.
    pub(in crate::org) fn find(&self, users: &[User], value: &str) -> EmailMatch<'_> {
        match self.holder(users, value) {
            None => EmailMatch::Nobody,
            Some(Holder::One(user, _)) => EmailMatch::One(user),
            Some(Holder::Shared(at)) => match self.shared[at as usize].holders.as_slice() {
                &[user] => EmailMatch::One(user),
                holders => EmailMatch::Many(holders),
            },
        }
    }

    fn holder(&self, users: &[User], value: &str) -> Option<Holder> {
        let is_it = |holder: &Holder| text(users, &self.shared, *holder) == value;
        self.places.find(self.hashes.hash_one(value), is_it).copied()
    }

    /// What `value` is among [`several`](Self::several), if more than one user has it.
    pub(super) fn place_among_several(&self, users: &[User], value: &str) -> Option<usize> {
        match self.holder(users, value)? {
            Holder::Shared(at) if self.shared[at as usize].holders.len() > 1 => Some(at as usize),
            Holder::One(..) | Holder::Shared(_) => None,
        }
    }

    /// What more than one user has, in no particular order.
    pub(in crate::org) fn several(&self) -> impl Iterator<Item = (&str, &[UserIndex])> {
        let several = self.shared.iter().filter(|shared| shared.holders.len() > 1);
        several.map(|shared| (&*shared.value, shared.holders.as_slice()))
    }

    /// One anomaly for each shared address, in the order of the first holder.
    pub(in crate::org) fn conflicts(&self) -> Vec<Anomaly> {
        let mut shared: Vec<_> = self.several().map(|(address, holders)| (holders, address)).collect();
        shared.sort_unstable();
        let conflict = |holders: &[UserIndex]| Anomaly::DuplicateEmail { holders: holders.to_vec() };
        shared.into_iter().map(|(holders, _)| conflict(holders)).collect()
    }
}

/// What the holder is there for.
fn text<'a>(users: &'a [User], shared: &'a [SharedBy], holder: Holder) -> Cow<'a, str> {
    match holder {
        Holder::One(user, place) => {
            let identity = users[user.at()].identity(place.into());
            identity.and_then(|identity| identity.folded()).unwrap_or_default()
        }
        Holder::Shared(at) => Cow::Borrowed(&shared[at as usize].value),
    }
}
