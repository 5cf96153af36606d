//! How users stand to each other: one above another, and whom several have above them.

use async_graphql::{Enum, ID, SimpleObject};

use super::User;
use crate::org::{self, Relation};

/// What somebody is to a user.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
enum ManagerRelationKind {
    /// A manager, direct or further up.
    Manager,
    /// A manager and a report at once: the two are members of one ring.
    ManagerAndReport,
    /// A report, direct or further down: the other way round.
    Report,
    /// Neither, though in the same tree.
    SameTree,
    /// Neither: the two are in different trees.
    DifferentTrees,
    /// The user itself. Nobody is their own manager, not even in a ring.
    SameUser,
    /// The snapshot doesn't know one of the two, or either.
    UnknownUser,
}

/// Whether somebody is above a user.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ManagerRelation {
    /// Whether the manager is above the user, directly or not; null when one of the two is unknown.
    holds: Option<bool>,
    /// Steps from the user up to the manager, 1 for the direct manager; null when the manager isn't above.
    distance: Option<u32>,
    /// What the manager is to the user, and so why the relation doesn't hold.
    kind: ManagerRelationKind,
    /// The manager who was asked about; null when unknown.
    manager: Option<User>,
    /// The user who was asked about; null when unknown.
    user: Option<User>,
    /// The ids that the snapshot doesn't know.
    unknown_ids: Vec<ID>,
}

impl ManagerRelation {
    /// `relation` is missing where one of the two is.
    pub(in crate::graphql) fn new(
        relation: Option<Relation>,
        manager: Option<User>,
        user: Option<User>,
        unknown_ids: Vec<ID>,
    ) -> Self {
        let distance = relation.and_then(Relation::distance);
        let kind = match relation {
            None => ManagerRelationKind::UnknownUser,
            Some(Relation::Manager(_)) => ManagerRelationKind::Manager,
            Some(Relation::Both(_)) => ManagerRelationKind::ManagerAndReport,
            Some(Relation::Report) => ManagerRelationKind::Report,
            Some(Relation::SameTree) => ManagerRelationKind::SameTree,
            Some(Relation::OtherTree) => ManagerRelationKind::DifferentTrees,
            Some(Relation::Itself) => ManagerRelationKind::SameUser,
        };
        Self { holds: relation.map(|_| distance.is_some()), distance, kind, manager, user, unknown_ids }
    }
}

/// Why several users have no manager in common.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::NoCommonManager")]
pub(in crate::graphql) enum NoCommonManagerReason {
    /// The snapshot knows none of them.
    #[graphql(name = "UNKNOWN_USER")]
    Nobody,
    /// They are in different trees.
    DifferentTrees,
    /// One of them is the top of the tree and has nobody above.
    #[graphql(name = "NO_MANAGER")]
    TopAmongThem,
    /// The top of the tree is a ring, and all its members are among them.
    #[graphql(name = "WHOLE_RING")]
    RingAmongThem,
}

/// The nearest manager whom several users have in common.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CommonManager {
    /// The nearest user who is above all of them: the one to whom the farthest of them has the fewest steps;
    /// of several such the one with the smallest id. Nobody is above themselves, so it is never one of them.
    pub(in crate::graphql) manager: Option<User>,
    /// Why there is no such manager; null when there is one.
    pub(in crate::graphql) reason: Option<NoCommonManagerReason>,
    /// Those of the users whom the snapshot knows, each once, in the order asked for.
    pub(in crate::graphql) users: Vec<UserDistance>,
    /// The ids that the snapshot doesn't know. The answer is that of the others.
    pub(in crate::graphql) unknown_ids: Vec<ID>,
}

/// A user and the way up from there.
#[derive(SimpleObject)]
pub(in crate::graphql) struct UserDistance {
    /// The user.
    pub(in crate::graphql) user: User,
    /// Steps from the user up to the common manager; null when there is none.
    pub(in crate::graphql) distance: Option<u32>,
}
