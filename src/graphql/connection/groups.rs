//! A page of groups of people.

use std::sync::Arc;

use async_graphql::{Object, connection::PageInfo};

use super::{PageArguments, cursor::Sequence, given::Excerpt};
use crate::{
    graphql::{error::Fault, model::OrgStatsGroup},
    org::{Group, GroupBy, OrgSnapshot},
};

/// The groups of some people, and which of them are on the page.
pub(in crate::graphql) struct OrgStatsGroupConnection {
    snapshot: Arc<OrgSnapshot>,
    groups: Arc<[Group]>,
    excerpt: Excerpt,
}

impl OrgStatsGroupConnection {
    pub(in crate::graphql) fn new(
        snapshot: Arc<OrgSnapshot>,
        by: GroupBy,
        groups: Arc<[Group]>,
        arguments: &PageArguments,
    ) -> Result<Self, Fault> {
        let sequence = Sequence::named(match by {
            GroupBy::Depth => "groups by depth",
            GroupBy::Title => "groups by title",
            GroupBy::EmailDomain => "groups by domain",
            GroupBy::Top => "groups by top",
            GroupBy::Manager => "groups by manager",
        });
        let rank = |at: usize| rank(&groups[at]);
        let excerpt = Excerpt::ranked(snapshot.version, sequence, arguments, groups.len(), rank)?;
        Ok(Self { snapshot, groups, excerpt })
    }

    fn node(&self, at: usize) -> OrgStatsGroup {
        OrgStatsGroup { snapshot: self.snapshot.clone(), groups: self.groups.clone(), at }
    }
}

/// Where a group stands: as `org` orders them, as text.
fn rank(group: &Group) -> (String, String) {
    let smaller = u64::MAX - group.figures.headcount as u64;
    let keyless = u8::from(group.key.is_none());
    (format!("{smaller:020}{keyless}"), group.key.clone().unwrap_or_default())
}

/// A page of groups of people.
#[Object]
impl OrgStatsGroupConnection {
    /// How many groups there are in all, on whatever page.
    async fn total_count(&self) -> usize {
        self.excerpt.total()
    }

    /// Where this page stands among the others.
    async fn page_info(&self) -> PageInfo {
        self.excerpt.info()
    }

    /// The groups of this page.
    async fn nodes(&self) -> Vec<OrgStatsGroup> {
        self.excerpt.places().map(|at| self.node(at)).collect()
    }

    /// The groups of this page with their cursors.
    async fn edges(&self) -> Vec<OrgStatsGroupEdge> {
        self.excerpt.edges().map(|(at, cursor)| OrgStatsGroupEdge { cursor, node: self.node(at) }).collect()
    }
}

struct OrgStatsGroupEdge {
    cursor: String,
    node: OrgStatsGroup,
}

/// A group on a page.
#[Object]
impl OrgStatsGroupEdge {
    /// Names this place in the list, for `after` and `before`. Stays valid when the company changes.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The group.
    async fn node(&self) -> &OrgStatsGroup {
        &self.node
    }
}
