//! The line from a user up to the top.

use super::{OrgGraph, UserIndex};

/// Where a walk up ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChainEnd {
    /// At somebody without a manager.
    Root,
    /// At somebody whose `managerId` names nobody here.
    ManagerNotFound,
    /// At somebody who names itself.
    SelfManaged,
    /// In a ring: the walk stops before anybody comes twice.
    Cycle,
}

/// The managers of one user, nearest first: never the user itself, never anybody twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The managers, nearest first.
    pub managers: Vec<UserIndex>,
    /// Why there is nobody above the last.
    pub end: ChainEnd,
}

/// The managers of one user, nearest first, one step each. Nothing is gathered.
#[derive(Clone)]
pub struct Managers<'a> {
    pub(super) graph: &'a OrgGraph,
    pub(super) next: Option<UserIndex>,
    /// How many are still to come: in a ring, `next` never ends.
    pub(super) left: usize,
}

impl Iterator for Managers<'_> {
    type Item = UserIndex;

    fn next(&mut self) -> Option<UserIndex> {
        self.left = self.left.checked_sub(1)?;
        let manager = self.next?;
        self.next = self.graph.manager(manager);
        Some(manager)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Managers<'_> {}
