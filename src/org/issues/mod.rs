//! What is wrong with the company, as one list that somebody can work through.
//!
//! Each [`IssueKind`] says exactly what it is; how bad it is, [`Severity`] says. The list is worked out when it is
//! first asked for and kept with the graph.

mod below;
mod find;
mod kind;

use std::{cmp::Reverse, ops::Range, sync::Arc};

use super::{EmailAddress, OrgGraph, UserIndex};

pub use kind::{IssueKind, Severity};

/// How much is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most direct reports that are no [`IssueKind::ExtremeSpan`].
    pub span: u32,
    /// The greatest depth that is no [`IssueKind::DeepChain`].
    pub depth: u32,
}

impl Bounds {
    /// Fixed numbers and not measures of the company itself: whether somebody's span is an issue doesn't
    /// depend on what others do.
    pub const USUAL: Self = Self { span: 50, depth: 15 };
}

/// Conditions that all have to hold; `None` asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssueFilter {
    /// Issues of one of these kinds.
    pub kinds: Option<Vec<IssueKind>>,
    /// Issues of one of these severities.
    pub severities: Option<Vec<Severity>>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// What it is.
    pub kind: IssueKind,
    /// How bad it is.
    pub severity: Severity,
    /// With the kind names the issue, in this company and its later snapshots: the id of a user, for a shared
    /// address its hash, nothing where there is one issue of the kind at most.
    pub key: String,
    /// The people touched, each once; in which order, the kind says.
    pub people: Vec<UserIndex>,
    /// How many other persons sit below those.
    pub below: u32,
    /// The address in common, for [`IssueKind::DuplicateEmail`], as the first of the people spells it.
    pub address: Option<EmailAddress>,
    /// What was counted, where the kind counts something; 0 elsewhere.
    pub amount: u32,
}

/// All issues of a company: the worst first, among equals those with most people below.
pub struct Issues {
    all: Vec<Issue>,
    /// Places in `all`, by kind and key.
    by_name: Vec<u32>,
    touching: Touching,
}

impl OrgGraph {
    /// What is wrong with this company. With the usual bounds worked out once; with others every time, in
    /// O(n log n) for n users.
    pub fn issues(&self, bounds: Bounds) -> Arc<Issues> {
        let find = || Arc::new(Issues::of(self, bounds));
        if bounds == Bounds::USUAL { self.issues.get_or_init(find).clone() } else { find() }
    }
}

impl Issues {
    fn of(graph: &OrgGraph, bounds: Bounds) -> Self {
        let mut all = find::issues(graph, bounds);
        all.sort_unstable_by(|a, b| a.rank().cmp(&b.rank()));
        let mut by_name: Vec<_> = (0..all.len() as u32).collect();
        by_name.sort_unstable_by_key(|&at| all[at as usize].name());
        let touching = Touching::of(&all, graph.users.len());
        Self { all, by_name, touching }
    }

    /// All issues.
    pub fn all(&self) -> &[Issue] {
        &self.all
    }

    /// The places in [`all`](Self::all) of the issues that `filter` admits. Looks at all issues.
    pub fn list(&self, filter: &IssueFilter) -> Vec<u32> {
        let listed = (0..).zip(&self.all).filter(|(_, issue)| {
            filter.kinds.as_ref().is_none_or(|kinds| kinds.contains(&issue.kind))
                && filter.severities.as_ref().is_none_or(|severities| severities.contains(&issue.severity))
        });
        listed.map(|(at, _)| at).collect()
    }

    /// The places in [`all`](Self::all) of the issues that touch `user`.
    pub fn touching(&self, user: UserIndex) -> &[u32] {
        &self.touching.issues[self.touching.of_user(user)]
    }

    /// The place of the issue of this kind with this key.
    pub fn find(&self, kind: IssueKind, key: &str) -> Option<u32> {
        let found = self.by_name.binary_search_by(|&at| self.all[at as usize].name().cmp(&(kind, key)));
        found.ok().map(|found| self.by_name[found])
    }
}

impl Issue {
    /// Where the issue stands among others.
    fn rank(&self) -> (Severity, Reverse<u32>, IssueKind, &str) {
        (self.severity, Reverse(self.below), self.kind, &self.key)
    }

    fn name(&self) -> (IssueKind, &str) {
        (self.kind, &self.key)
    }
}

/// From a user to the issues that touch it.
struct Touching {
    /// User to the first of its places in `issues`; one entry more than users.
    starts: Vec<u32>,
    issues: Vec<u32>,
}

impl Touching {
    fn of(all: &[Issue], users: usize) -> Self {
        let mut starts = vec![0; users + 1];
        for user in all.iter().flat_map(|issue| &issue.people) {
            starts[user.at() + 1] += 1;
        }
        for user in 0..users {
            starts[user + 1] += starts[user];
        }
        let mut next = starts.clone();
        let mut issues = vec![0; starts[users] as usize];
        for (at, issue) in (0..).zip(all) {
            for user in &issue.people {
                let place = &mut next[user.at()];
                issues[*place as usize] = at;
                *place += 1;
            }
        }
        Self { starts, issues }
    }

    fn of_user(&self, user: UserIndex) -> Range<usize> {
        self.starts[user.at()] as usize..self.starts[user.at() + 1] as usize
    }
}
