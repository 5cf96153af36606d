//! Whom alone a filter can admit, where it names them, so that nobody else has to be looked at.

use std::{borrow::Cow, collections::HashSet};

use super::sieve::{Part, Sieve, Under};
use crate::org::{OrgGraph, OrphanReason, UserId, UserIndex};

/// Some users in the order of the tree.
type Users<'a> = Cow<'a, [UserIndex]>;

impl<'a> Sieve<'a> {
    /// Some users in the order of the tree, fewer than `most`, outside of whom nobody passes; `None` where the
    /// filter doesn't name any.
    pub(in crate::org) fn few(&self, most: usize) -> Option<Users<'a>> {
        self.root.few(self.graph(), most)
    }
}

impl<'a> Part<'a> {
    /// The fewest that one of the conditions leaves, all of which have to hold.
    fn few(&self, graph: &'a OrgGraph, most: usize) -> Option<Users<'a>> {
        let under = match self.under {
            Under::Anybody => None,
            Under::One(manager) => Some(Cow::Borrowed(&graph.walk.order[graph.walk.below(manager)])),
            Under::Nobody => Some(Cow::Borrowed([].as_slice())),
        };
        let mut fewest = under.filter(|users| users.len() < most);
        let left = |fewest: &Option<Users<'a>>| fewest.as_ref().map_or(most, |users| users.len());
        let named = [
            self.filter.ids.as_ref().map(|ids| graph.with_ids(ids, left(&fewest))),
            self.filter.manager_ids.as_ref().map(|ids| graph.with_manager_ids(ids, left(&fewest))),
        ];
        for users in named.into_iter().flatten().flatten() {
            if users.len() < left(&fewest) {
                fewest = Some(Cow::Owned(users));
            }
        }
        for part in &self.and {
            let within = left(&fewest);
            fewest = part.few(graph, within).or(fewest);
        }
        fewest
    }
}

impl OrgGraph {
    /// Who has one of these ids, if that can't be `most` or more.
    fn with_ids(&self, ids: &HashSet<UserId>, most: usize) -> Option<Vec<UserIndex>> {
        let found = || ids.iter().filter_map(|id| self.find(id.as_str())).collect();
        (ids.len() < most).then(|| self.in_tree_order(found()))
    }

    /// Everybody whose `managerId` is one of these and perhaps more, if they are fewer than `most`.
    fn with_manager_ids(&self, ids: &HashSet<UserId>, most: usize) -> Option<Vec<UserIndex>> {
        let mut users = Vec::new();
        let mut is_missing = false;
        for id in ids {
            let Some(manager) = self.find(id.as_str()) else {
                is_missing = true;
                continue;
            };
            users.extend_from_slice(self.direct_reports(manager));
            // Who is their own manager is nobody's report.
            users.push(manager);
            if users.len() >= most {
                return None;
            }
        }
        if is_missing {
            let dangling =
                |user: &UserIndex| self.orphan_reason(*user) == Some(OrphanReason::ManagerNotFound);
            users.extend(self.extracts.orphans.iter().copied().filter(dangling));
        }
        let users = self.in_tree_order(users);
        (users.len() < most).then_some(users)
    }

    /// These users in the order of the tree, each once.
    pub(in crate::org) fn in_tree_order(&self, mut users: Vec<UserIndex>) -> Vec<UserIndex> {
        users.sort_unstable_by_key(|user| self.walk.places[user.at()].enter);
        users.dedup();
        users
    }
}
