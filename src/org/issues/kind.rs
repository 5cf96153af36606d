//! The kinds of issues, what to do about each, and how bad it is.

use crate::org::{OrgGraph, UserIndex, UserKind};

/// What is wrong. Avatars have no issues of their own: nobody at the company could put them right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IssueKind {
    /// A person's `managerId` names nobody here. Touches that person.
    DanglingManager,
    /// A person's `managerId` is their own id. Touches that person.
    SelfManaged,
    /// Two or more users manage each other in a ring: one issue a ring. Touches its members, each followed
    /// by the manager, beginning with the smallest id, which is the key.
    Cycle,
    /// An inactive user manages active persons: one issue a manager, which is the key. Touches the manager,
    /// then those active direct reports by id.
    InactiveManager,
    /// A person has no `managerId` and nobody reports to them. Touches that person.
    Isolated,
    /// More than one person without a `managerId` has people below: one issue in all. Touches those
    /// persons, by id.
    MultipleRoots,
    /// Two or more users have an e-mail address in common: one issue an address, whose hash is the key.
    /// Touches those users, by id.
    DuplicateEmail,
    /// An id came more than once in Gong's listing; the amount is how often. Touches the user.
    DuplicateId,
    /// A person has more direct reports than the bound; the amount is how many. Touches that person.
    ExtremeSpan,
    /// Somebody is deeper below a top than the bound: one issue a top, which is the key. The amount is
    /// the greatest depth of a person. Touches the top, then the deepest person (of several the one with the
    /// smallest id).
    DeepChain,
    /// Persons report directly to an avatar: one issue an avatar, which is the key. Touches the avatar,
    /// then those persons by id.
    AvatarManager,
}

/// How bad an issue is; the worst is the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Answers about these people are wrong or missing because of it.
    Error,
    /// Somebody should look at it.
    Warning,
    /// May well be meant so.
    Info,
}

impl IssueKind {
    /// What to do about it, in words.
    pub fn advice(self) -> &'static str {
        match self {
            Self::DanglingManager => {
                "Give this person a manager who is in the workspace, or none if nobody is above them. If \
                 another system fills in Gong's managers, correct it there: it may still have somebody who was deleted."
            }
            Self::SelfManaged => "Give this person another manager, or none if nobody is above them.",
            Self::Cycle => {
                "Find out who of them stands highest, and give that person a manager outside the ring, or none if \
                 nobody is above them."
            }
            Self::InactiveManager => {
                "Give these reports a new manager, for instance the manager of the inactive one; or activate that \
                 user again, if they still work here."
            }
            Self::Isolated => {
                "Give this person a manager, or leave it so if they belong to nobody's team. If they have left, \
                 deactivate them."
            }
            Self::MultipleRoots => {
                "If one of them leads the company, put the others below. Leave it so if these trees are meant to be \
                 separate."
            }
            Self::DuplicateEmail => {
                "Decide whose address it is and remove it from the others. If they are one person, keep one \
                 user and deactivate the others."
            }
            Self::DuplicateId => {
                "Wait for the next sync: listings change while they are read. If it stays, tell Gong's support \
                 this id."
            }
            Self::ExtremeSpan => {
                "Check that they all report to this person. If they do, think of managers in between."
            }
            Self::DeepChain => {
                "Look at the line between the two for managers who stand below each other by mistake."
            }
            Self::AvatarManager => "Give these people a manager of the company: an avatar is nobody in it.",
        }
    }

    /// How bad an issue of this kind is that touches `people`: one step less where it concerns nobody who
    /// still works here, that is, too few active persons to be one among the active alone.
    pub(super) fn severity(self, graph: &OrgGraph, people: &[UserIndex]) -> Severity {
        let active = |user: &&UserIndex| {
            let user = graph.user(**user);
            user.active() && user.kind() == UserKind::Person
        };
        let concerned = people.iter().filter(active).take(2).count();
        match self {
            Self::DanglingManager | Self::SelfManaged | Self::Cycle => {
                lowered(Severity::Error, concerned < 1)
            }
            Self::DuplicateEmail => lowered(Severity::Error, concerned < 2),
            Self::InactiveManager | Self::Isolated | Self::DuplicateId | Self::AvatarManager => {
                lowered(Severity::Warning, concerned < 1)
            }
            Self::MultipleRoots => lowered(Severity::Warning, concerned < 2),
            Self::ExtremeSpan | Self::DeepChain => Severity::Info,
        }
    }
}

fn lowered(usual: Severity, lower: bool) -> Severity {
    match (usual, lower) {
        (Severity::Error, true) => Severity::Warning,
        (Severity::Warning, true) => Severity::Info,
        (usual, _) => usual,
    }
}
