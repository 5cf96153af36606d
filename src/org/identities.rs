//! By what users are known: from an e-mail address to the user who has it, from an id or an address to
//! whoever is meant, and which addresses and phone numbers more than one user has.

mod conflicts;
mod held;
mod identity;
mod resolve;

use super::UserIndex;

pub(super) use conflicts::Shared;
pub use conflicts::{ConflictPage, IdentityConflict, IdentityHolder};
pub(super) use held::Held;
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
