//! By what users are known: from an e-mail address to the user who has it, from an id or an address to
//! whoever is meant, and which addresses and phone numbers more than one user has.

mod conflicts;
mod identity;
mod resolve;

use std::collections::HashMap;

use super::{Anomaly, EmailAddress, User, UserIndex};

pub(super) use conflicts::Shared;
pub use conflicts::{ConflictPage, IdentityConflict, IdentityHolder};
pub use identity::{Identity, IdentityKind, IdentityKinds};
pub use resolve::{Candidate, MAX_CANDIDATES, Resolution};

/// Who has an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailMatch<'a> {
    /// Nobody.
    Nobody,
    /// Exactly one user.
    One(UserIndex),
    /// More than one: the address doesn't say who is meant.
    Many(&'a [UserIndex]),
}

/// All addresses (primary, alias, trusted), compared without case.
pub(super) struct Emails(Held);

/// Who has what, by the form in which it is compared.
type Held = HashMap<Box<str>, Holders>;

enum Holders {
    One(UserIndex),
    Many(Vec<UserIndex>),
}

impl Emails {
    pub(super) fn index(users: &[User]) -> Self {
        Self(held(users, |user| user.emails().map(EmailAddress::folded)))
    }

    pub(super) fn find(&self, address: &EmailAddress) -> EmailMatch<'_> {
        match self.0.get(address.folded().as_str()) {
            None => EmailMatch::Nobody,
            Some(Holders::One(user)) => EmailMatch::One(*user),
            Some(Holders::Many(users)) => EmailMatch::Many(users),
        }
    }

    /// The addresses that more than one user has, without case, in no particular order.
    pub(super) fn many(&self) -> impl Iterator<Item = (&str, &[UserIndex])> {
        self.0.iter().filter_map(|(address, holders)| match holders {
            Holders::One(_) => None,
            Holders::Many(holders) => Some((&**address, holders.as_slice())),
        })
    }

    /// One anomaly for each shared address, in the order of the first holder.
    pub(super) fn shared(&self) -> Vec<Anomaly> {
        let mut shared: Vec<_> = self
            .0
            .iter()
            .filter_map(|(address, holders)| match holders {
                Holders::One(_) => None,
                Holders::Many(holders) => Some((holders, address)),
            })
            .collect();
        shared.sort_unstable();
        shared.into_iter().map(|(holders, _)| Anomaly::DuplicateEmail { holders: holders.clone() }).collect()
    }
}

/// Who of `users` has which of the texts that `of` tells.
fn held<'a, T: IntoIterator<Item = String>>(users: &'a [User], of: impl Fn(&'a User) -> T) -> Held {
    let mut held = Held::with_capacity(users.len());
    for (at, user) in users.iter().enumerate() {
        let user_index = UserIndex::new(at);
        for text in of(user) {
            held.entry(text.into())
                .and_modify(|holders| holders.add(user_index))
                .or_insert(Holders::One(user_index));
        }
    }
    held
}

impl Holders {
    /// Users are added in the order of their indexes, each once however often they have the address.
    fn add(&mut self, user: UserIndex) {
        match self {
            Self::One(first) if *first == user => {}
            Self::One(first) => *self = Self::Many(vec![*first, user]),
            Self::Many(users) if users.last() == Some(&user) => {}
            Self::Many(users) => users.push(user),
        }
    }
}
