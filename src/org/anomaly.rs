//! What is wrong with the records themselves, beside the broken lines that [`OrphanReason`] tells of.
//!
//! [`OrphanReason`]: super::OrphanReason

use super::{UserId, UserIndex};

/// The kinds of [`Anomaly`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AnomalyKind {
    /// One id came more than once in a listing.
    DuplicateId,
    /// Two or more users share an e-mail address.
    DuplicateEmail,
    /// Two or more users manage each other in a ring.
    ManagementCycle,
}

/// Something odd that was found while the graph was built; nobody is left out because of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anomaly {
    /// `id` came `records` times; the last record counts.
    DuplicateId {
        /// The id in question.
        id: UserId,
        /// How many records carried it.
        records: u32,
    },
    /// All of `holders` have the same address (primary, alias or trusted; compared without case).
    DuplicateEmail {
        /// The users who share it.
        holders: Vec<UserIndex>,
    },
    /// Each of `members` is managed by the next, the last by the first.
    ManagementCycle {
        /// The ring, beginning with the smallest id.
        members: Vec<UserIndex>,
    },
}

impl Anomaly {
    /// The kind of this anomaly.
    pub fn kind(&self) -> AnomalyKind {
        match self {
            Self::DuplicateId { .. } => AnomalyKind::DuplicateId,
            Self::DuplicateEmail { .. } => AnomalyKind::DuplicateEmail,
            Self::ManagementCycle { .. } => AnomalyKind::ManagementCycle,
        }
    }
}
