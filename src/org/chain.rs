//! The line from a user up to the top.

use super::UserIndex;

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
