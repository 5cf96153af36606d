//! What is wrong and what to do about it, in words.

use crate::org::{Bounds, Issue, IssueKind};

/// What is wrong, in a sentence.
pub(super) fn summary(issue: &Issue, bounds: Bounds) -> String {
    let Issue { amount, ref people, .. } = *issue;
    let touched = people.len();
    match issue.kind {
        IssueKind::DanglingManager => {
            "The managerId of this person is an id that nobody in the workspace has.".to_owned()
        }
        IssueKind::SelfManaged => "This person is their own manager.".to_owned(),
        IssueKind::Cycle => {
            format!(
                "These {touched} people manage each other in a ring, so none of them has a line to a top."
            )
        }
        IssueKind::InactiveManager => {
            let reports = counted(touched - 1, "active direct report");
            format!("This manager is inactive and still has {reports}.")
        }
        IssueKind::Isolated => "This person has no manager, and nobody reports to them.".to_owned(),
        IssueKind::MultipleRoots => {
            format!(
                "{touched} people without a manager have people below them: there are {touched} separate trees."
            )
        }
        IssueKind::DuplicateEmail => {
            format!("{touched} users have the same e-mail address, so it doesn't tell who is meant.")
        }
        IssueKind::DuplicateId => {
            format!("This id came {amount} times in one listing of Gong's; the last record counts.")
        }
        IssueKind::ExtremeSpan => {
            let reports = counted(amount as usize, "direct report");
            format!("This person has {reports}, more than {}.", bounds.span)
        }
        IssueKind::DeepChain => {
            let steps = counted(amount as usize, "step");
            format!("The deepest person of this tree is {steps} below its top, more than {}.", bounds.depth)
        }
        IssueKind::AvatarManager => {
            let reports = counted(touched - 1, "direct report");
            format!("An avatar, a synthetic user of Gong's staff, has {reports}.")
        }
    }
}

/// What to do about it.
pub(super) fn advice(kind: IssueKind) -> &'static str {
    match kind {
        IssueKind::DanglingManager => {
            "Give this person a manager who is in the workspace, or none if nobody is above them. If \
             another system fills in Gong's managers, correct it there: it may still have somebody who was deleted."
        }
        IssueKind::SelfManaged => "Give this person another manager, or none if nobody is above them.",
        IssueKind::Cycle => {
            "Find out who of them stands highest, and give that person a manager outside the ring, or none if \
             nobody is above them."
        }
        IssueKind::InactiveManager => {
            "Give these reports a new manager, for instance the manager of the inactive one; or activate that \
             user again, if they still work here."
        }
        IssueKind::Isolated => {
            "Give this person a manager, or leave it so if they belong to nobody's team. If they have left, \
             deactivate them."
        }
        IssueKind::MultipleRoots => {
            "If one of them leads the company, put the others below. Leave it so if these trees are meant to be \
             separate."
        }
        IssueKind::DuplicateEmail => {
            "Decide whose address it is and remove it from the others. If they are one person, keep one \
             user and deactivate the others."
        }
        IssueKind::DuplicateId => {
            "Wait for the next sync: listings change while they are read. If it stays, tell Gong's support \
             this id."
        }
        IssueKind::ExtremeSpan => {
            "Check that they all report to this person. If they do, think of managers in between."
        }
        IssueKind::DeepChain => {
            "Look at the line between the two for managers who stand below each other by mistake."
        }
        IssueKind::AvatarManager => "Give these people a manager of the company: an avatar is nobody in it.",
    }
}

/// So many of something.
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
