//! How two users stand to each other.

use super::{OrgGraph, UserIndex};

/// What somebody is to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// A manager, so many steps up.
    Manager(u32),
    /// A manager, so many steps up, and a report as well: the two are members of one ring.
    Both(u32),
    /// A report, direct or not.
    Report,
    /// Neither, though in the same tree.
    SameTree,
    /// In another tree: no line joins the two.
    OtherTree,
    /// The user itself. Nobody is their own manager, not even in a ring.
    Itself,
}

impl Relation {
    /// Steps from the user up to the manager; `None` for whoever isn't one.
    pub fn distance(self) -> Option<u32> {
        match self {
            Self::Manager(distance) | Self::Both(distance) => Some(distance),
            Self::Report | Self::SameTree | Self::OtherTree | Self::Itself => None,
        }
    }
}

impl OrgGraph {
    /// What `other` is to `user`. Constant time.
    pub fn relation(&self, other: UserIndex, user: UserIndex) -> Relation {
        match (self.distance(other, user), self.distance(user, other)) {
            _ if other == user => Relation::Itself,
            (Some(up), Some(_)) => Relation::Both(up),
            (Some(up), None) => Relation::Manager(up),
            (None, Some(_)) => Relation::Report,
            (None, None) if self.share_tree(other, user) => Relation::SameTree,
            (None, None) => Relation::OtherTree,
        }
    }

    /// Whether two users are in one tree, which may have a ring at its top. Constant time.
    pub(super) fn share_tree(&self, one: UserIndex, other: UserIndex) -> bool {
        self.walk.places[one.at()].component == self.walk.places[other.at()].component
    }
}
