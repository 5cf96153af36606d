//! A page of issues.

use std::{collections::BTreeMap, sync::Arc};

use async_graphql::{Context, Object, Result, SimpleObject, connection::PageInfo};

use super::{PageArguments, cursor::Sequence, given::Excerpt, many};
use crate::{
    graphql::{
        error::Fault,
        model::{Issue, IssueKind, IssueSeverity},
        request::Allowance,
    },
    org::{self, Issues, OrgSnapshot},
};

/// How many kinds of issues there are.
const KINDS: usize = 11;

/// Issues of one list, and which of them are on the page.
pub(in crate::graphql) struct IssueConnection {
    snapshot: Arc<OrgSnapshot>,
    issues: Arc<Issues>,
    bounds: org::Bounds,
    /// Places in `issues`, ascending.
    listed: Vec<u32>,
    excerpt: Excerpt,
}

impl IssueConnection {
    pub(in crate::graphql) fn new(
        snapshot: Arc<OrgSnapshot>,
        issues: Arc<Issues>,
        bounds: org::Bounds,
        listed: Vec<u32>,
        arguments: &PageArguments,
    ) -> Result<Self, Fault> {
        let rank = |at: usize| rank(&issues.all()[listed[at] as usize]);
        let sequence = Sequence::named("issues");
        let excerpt = Excerpt::ranked(snapshot.version, sequence, arguments, listed.len(), rank)?;
        Ok(Self { snapshot, issues, bounds, listed, excerpt })
    }

    fn node(&self, at: usize) -> Issue {
        Issue::new(self.snapshot.clone(), self.issues.clone(), self.bounds, self.listed[at])
    }

    /// How many issues of the list have each of what `of` tells.
    async fn counts<T: Ord>(
        &self,
        ctx: &Context<'_>,
        of: fn(&org::Issue) -> T,
    ) -> Result<BTreeMap<T, usize>> {
        let count = || {
            let mut counts = BTreeMap::new();
            for &at in &self.listed {
                *counts.entry(of(&self.issues.all()[at as usize])).or_insert(0) += 1;
            }
            (counts, self.listed.len())
        };
        Ok(Allowance::of(ctx)?.list(count).await?)
    }
}

/// Where an issue stands: as `org` orders them, as text.
fn rank(issue: &org::Issue) -> (String, String) {
    let rank = format!("{}{:010}{:02}", issue.severity as u8, u32::MAX - issue.below, issue.kind as u8);
    (rank, issue.key.clone())
}

/// A page of issues.
#[Object]
impl IssueConnection {
    /// How many issues there are in all, on whatever page.
    async fn total_count(&self) -> usize {
        self.excerpt.total()
    }

    /// How many there are of each kind, on whatever page; kinds that weren't found are left out.
    #[graphql(complexity = "many(KINDS, child_complexity)")]
    async fn counts_by_kind(&self, ctx: &Context<'_>) -> Result<Vec<IssueKindCount>> {
        let counts = self.counts(ctx, |issue| issue.kind).await?;
        Ok(counts.into_iter().map(|(kind, count)| IssueKindCount { kind: kind.into(), count }).collect())
    }

    /// How many there are of each severity, on whatever page; severities that weren't found are left out.
    async fn counts_by_severity(&self, ctx: &Context<'_>) -> Result<Vec<IssueSeverityCount>> {
        let counts = self.counts(ctx, |issue| issue.severity).await?;
        let count = |(severity, count): (org::Severity, usize)| IssueSeverityCount {
            severity: severity.into(),
            count,
        };
        Ok(counts.into_iter().map(count).collect())
    }

    /// Where this page stands among the others.
    async fn page_info(&self) -> PageInfo {
        self.excerpt.info()
    }

    /// The issues of this page.
    async fn nodes(&self) -> Vec<Issue> {
        self.excerpt.places().map(|at| self.node(at)).collect()
    }

    /// The issues of this page with their cursors.
    async fn edges(&self) -> Vec<IssueEdge> {
        self.excerpt.edges().map(|(at, cursor)| IssueEdge { cursor, node: self.node(at) }).collect()
    }
}

/// How many issues of a kind there are.
#[derive(SimpleObject)]
struct IssueKindCount {
    /// The kind.
    kind: IssueKind,
    /// How many.
    count: usize,
}

/// How many issues of a severity there are.
#[derive(SimpleObject)]
struct IssueSeverityCount {
    /// The severity.
    severity: IssueSeverity,
    /// How many.
    count: usize,
}

struct IssueEdge {
    cursor: String,
    node: Issue,
}

/// An issue on a page.
#[Object]
impl IssueEdge {
    /// Names this place in the list, for `after` and `before`. Stays valid when the company changes.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The issue.
    async fn node(&self) -> &Issue {
        &self.node
    }
}
