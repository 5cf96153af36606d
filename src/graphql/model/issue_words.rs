//! What is wrong, in words.

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

/// So many of something.
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
