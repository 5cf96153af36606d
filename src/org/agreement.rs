//! Another list of a manager's direct reports, held against ours.

use std::collections::{BTreeSet, HashSet};

use super::{OrgGraph, UserId, UserIndex, UserKind};

/// Where two lists of a manager's direct reports differ; they agree where both sides are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disagreement {
    /// Who is on the other list and doesn't report to the manager here, each once, in that list's order.
    pub only_there: Vec<UserId>,
    /// Active persons who report to the manager here and are not on the other list.
    pub only_here: BTreeSet<UserIndex>,
}

impl Disagreement {
    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        self.only_there.is_empty() && self.only_here.is_empty()
    }
}

impl OrgGraph {
    /// Compares the direct reports of `manager` with `theirs`. Whether others count people who have left and
    /// avatars is not known: those who are missing there make no difference. Nobody reports to a manager who
    /// isn't in the graph.
    pub fn compare_reports<'a>(
        &self,
        manager: Option<UserIndex>,
        theirs: impl IntoIterator<Item = &'a UserId>,
    ) -> Disagreement {
        let ours = manager.map(|manager| self.direct_reports(manager)).unwrap_or_default();
        let here: HashSet<&str> = ours.iter().map(|&user| self.user(user).id()).collect();
        let mut there = HashSet::new();
        let mut only_there = Vec::new();
        for id in theirs {
            if there.insert(id.as_str()) && !here.contains(id.as_str()) {
                only_there.push(id.clone());
            }
        }
        let counts = |user: &UserIndex| {
            let user = self.user(*user);
            user.active() && user.kind() == UserKind::Person && !there.contains(user.id())
        };
        Disagreement { only_there, only_here: ours.iter().copied().filter(counts).collect() }
    }
}
