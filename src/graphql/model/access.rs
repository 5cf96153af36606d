//! The words for access to calls.

use async_graphql::Enum;

use crate::org;

/// How far access to calls reaches, as Gong's permission profiles have it; each includes those before it.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::CallAccess")]
pub(in crate::graphql) enum CallAccess {
    /// Their own: the user's own calls.
    Own,
    /// Their team: the calls of everybody below the user as well.
    Team,
    /// Their manager's teams: the calls of the manager and of everybody below the manager as well. For a
    /// user without a manager the same as `TEAM`.
    ManagersTeams,
}

/// What is to be known about an answer on access to calls.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::AccessFinding")]
pub(in crate::graphql) enum AccessFinding {
    /// The user is a member of a ring: everybody in it is above and below everybody else in it, so that each
    /// may hear all others of the ring and everybody below it.
    InRing,
    /// The user is below a ring: every member of it is above the user.
    BelowRing,
    /// The user has no manager: `MANAGERS_TEAMS` opens what `TEAM` does.
    NoManager,
    /// The line upwards ends at somebody whose `managerId` names nobody of this workspace: what would follow
    /// from it is missing.
    ManagerNotFound,
    /// The line upwards ends at somebody who is their own manager: what would follow from a real one is
    /// missing.
    ManagerIsSelf,
}
