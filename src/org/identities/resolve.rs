//! From a key, an id or an e-mail address, to whoever is meant.

use super::{EmailMatch, IdentityKind};
use crate::org::{EmailAddress, OrgGraph, UserIndex};

/// A user, and by what a key means them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub struct Candidate {
    pub user: UserIndex,
    pub by: IdentityKind,
}

/// Whom a key means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// Nobody.
    NotFound,
    /// Exactly one user.
    Found(Candidate),
    /// More than one: the key doesn't say which.
    Ambiguous {
        /// Some of them: whoever has it as id first, then at most [`MAX_CANDIDATES`] in all.
        candidates: Vec<Candidate>,
        /// How many there are.
        count: usize,
    },
}

/// The most users that are named for one ambiguous key.
pub const MAX_CANDIDATES: usize = 10;

impl OrgGraph {
    /// Whom `key` means: an id, to the letter, or an e-mail address, without case and without space around
    /// it. A key that is one user's id and another's address is ambiguous; one that is both of the same user
    /// is found, as id. Of several addresses that are the key the first in the order primary, alias, trusted
    /// is told.
    pub fn resolve(&self, key: &str) -> Resolution {
        let by_id = self.find(key);
        let address = EmailAddress::new(key.trim());
        let matched = self.find_by_email(&address);
        let holders = match &matched {
            EmailMatch::Nobody => &[],
            EmailMatch::One(user) => std::slice::from_ref(user),
            EmailMatch::Many(users) => *users,
        };
        let others = holders.iter().copied().filter(|&user| Some(user) != by_id);
        let count = usize::from(by_id.is_some()) + others.clone().count();
        let by_id = by_id.map(|user| Candidate { user, by: IdentityKind::Id });
        let folded = address.folded();
        let others = others.map(|user| Candidate { user, by: self.known_by(user, &folded) });
        let mut candidates: Vec<_> = by_id.into_iter().chain(others).take(MAX_CANDIDATES).collect();
        match (count, candidates.pop()) {
            (1, Some(only)) => Resolution::Found(only),
            (_, Some(last)) => {
                candidates.push(last);
                Resolution::Ambiguous { candidates, count }
            }
            (_, None) => Resolution::NotFound,
        }
    }

    /// The first of the user's addresses that is `folded`.
    fn known_by(&self, user: UserIndex, folded: &str) -> IdentityKind {
        self.user(user)
            .identities()
            .filter(|identity| identity.kind() != IdentityKind::PhoneNumber)
            .find(|identity| identity.folded().as_deref() == Some(folded))
            .map_or(IdentityKind::PrimaryEmail, |identity| identity.kind())
    }
}
