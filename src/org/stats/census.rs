//! Who is counted, with what is counted of each.

use super::Figures;
use crate::org::{OrgGraph, UserFilter, UserIndex};

/// The people that are counted. Nobody else is, not as a report either: a span is the number of direct reports
/// who are counted themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    pub(super) members: Vec<Member>,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) user: UserIndex,
    pub(super) active: bool,
    /// How many direct reports.
    pub(super) span: u32,
    pub(super) depth: Option<u32>,
}

impl OrgGraph {
    /// Everybody whom `filter` admits, or of `root` and those below it everybody whom it admits. Depths are
    /// steps to the top or, where there is one, to `root`. Looks at [`reachable`](Self::reachable) users.
    pub fn census(&self, root: Option<UserIndex>, filter: &UserFilter) -> Census {
        let places = self.places(root);
        let users = &self.walk.order[places.clone()];
        let sieve = filter.over(self);
        let counted: Vec<_> = users.iter().copied().filter(|&user| sieve.admits(user)).collect();
        let mut spans = vec![0; places.len()];
        for manager in counted.iter().filter_map(|&user| self.manager(user)) {
            let place = self.walk.places[manager.at()].enter as usize;
            // The manager of `root` is outside.
            if places.contains(&place) {
                spans[place - places.start] += 1;
            }
        }
        let member = |user: UserIndex| Member {
            user,
            active: self.user(user).active(),
            span: spans[self.walk.places[user.at()].enter as usize - places.start],
            depth: match root {
                None => self.depth(user),
                Some(root) if root == user => Some(0),
                Some(root) => self.distance(root, user),
            },
        };
        Census { members: counted.into_iter().map(member).collect() }
    }

    /// How many users there are, or how many are `root` or below it, avatars among them.
    pub fn reachable(&self, root: Option<UserIndex>) -> usize {
        self.places(root).len()
    }

    /// The places of the walk at which `root` and everybody below it stand.
    fn places(&self, root: Option<UserIndex>) -> std::ops::Range<usize> {
        root.map_or(0..self.users.len(), |root| self.walk.team(root))
    }
}

impl Census {
    /// How many people are counted.
    pub fn headcount(&self) -> usize {
        self.members.len()
    }

    /// The numbers of all of them.
    pub fn figures(&self) -> Figures {
        Figures::of(&self.members)
    }

    /// How many people are at each depth, from 0 to the greatest that anybody has.
    pub fn by_depth(&self) -> Vec<u32> {
        let mut counts = Vec::new();
        for depth in self.members.iter().filter_map(|member| member.depth) {
            let depth = depth as usize;
            if counts.len() <= depth {
                counts.resize(depth + 1, 0);
            }
            counts[depth] += 1;
        }
        counts
    }

    /// How many depths there are that somebody has.
    pub fn layers(&self) -> usize {
        self.by_depth().into_iter().filter(|&headcount| headcount > 0).count()
    }

    /// How many people have no depth, because their line ends in a ring.
    pub fn without_depth(&self) -> usize {
        self.members.iter().filter(|member| member.depth.is_none()).count()
    }
}
