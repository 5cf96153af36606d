//! The shape of the company or of a part of it.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, Result, SimpleObject};

use super::User;
use crate::{
    graphql::{
        connection::{OrgStatsGroupConnection, PageArguments, cost},
        error::Fault,
        request::Allowance,
    },
    org::{self, Census, Figures, Group, OrgSnapshot, UserFilter, UserIndex, UserView},
};

/// What the people of a group have in common.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::GroupBy")]
pub(in crate::graphql) enum OrgStatsGroupBy {
    /// The depth: steps to the top or, where it is given, to `rootId`.
    Depth,
    /// The job title, without case and surrounding space; long ones by their first 256 bytes.
    Title,
    /// What follows the `@` of the primary e-mail address, without case.
    EmailDomain,
    /// Where the walk up ends: the same top or the same ring.
    Top,
    /// The manager.
    Manager,
}

pub(in crate::graphql) struct OrgStats {
    snapshot: Arc<OrgSnapshot>,
    root: Option<UserIndex>,
    group_by: Option<org::GroupBy>,
    census: Census,
    by_depth: Vec<u32>,
    layers: usize,
    without_depth: usize,
    figures: Figures,
}

/// The most depths that `headcountByDepth` tells of, and how many when it isn't told.
const MAX_DEPTHS: i64 = 1_000;
const USUAL_DEPTHS: i64 = 50;
/// Whom the census counts is looked at so often.
const VISITS_TO_COUNT: usize = 2;
/// Somebody who is put into a group costs about as much as so many who are looked at.
const VISITS_TO_GROUP: usize = 8;

impl OrgStats {
    /// Counts everybody, or `root` and everybody below.
    pub(in crate::graphql) async fn of(
        ctx: &Context<'_>,
        snapshot: Arc<OrgSnapshot>,
        root: Option<UserIndex>,
        filter: &UserFilter,
        group_by: Option<org::GroupBy>,
    ) -> Result<Self, Fault> {
        let (graph, allowance) = (&snapshot.graph, Allowance::of(ctx)?);
        let looks = VISITS_TO_COUNT.saturating_mul(filter.weight());
        let visits = graph.reachable(root).saturating_mul(looks);
        allowance.afford(visits)?;
        let count = || {
            let census = graph.census(root, filter);
            let counted = Self {
                by_depth: census.by_depth(),
                layers: census.layers(),
                without_depth: census.without_depth(),
                figures: census.figures(),
                snapshot: snapshot.clone(),
                root,
                group_by,
                census,
            };
            (counted, visits)
        };
        allowance.list(count).await
    }
}

/// What a list of depths may cost.
fn cost_of_depths(max_depth: Option<i64>, selection: usize) -> usize {
    cost(Some(max_depth.unwrap_or(USUAL_DEPTHS).saturating_add(1)), None, selection)
}

/// The shape of the company, or of somebody and everybody below. Counts whom the filter admits: without one
/// every person, no avatars. Nobody else counts, not as a direct report either.
#[Object]
impl OrgStats {
    /// The user at whom the counting begins; null for the whole company.
    async fn root(&self) -> Option<User> {
        self.root.map(|root| User(UserView::member(self.snapshot.clone(), root)))
    }

    /// How many people there are.
    async fn headcount(&self) -> usize {
        self.figures.headcount
    }

    /// How many of them are active.
    async fn active_count(&self) -> usize {
        self.figures.active
    }

    /// How many of them are inactive.
    async fn inactive_count(&self) -> usize {
        self.figures.headcount - self.figures.active
    }

    /// How many of them have direct reports.
    async fn manager_count(&self) -> usize {
        self.figures.managers()
    }

    /// How many of them have none.
    async fn individual_contributor_count(&self) -> usize {
        self.figures.individual_contributors()
    }

    /// How many direct reports the managers have.
    async fn span(&self) -> SpanOfControl {
        SpanOfControl::from(&self.figures)
    }

    /// How many depths there are that somebody has.
    async fn layers(&self) -> usize {
        self.layers
    }

    /// The greatest depth that somebody has: steps to the top or, where it is given, to `rootId`. Null if nobody
    /// has one.
    async fn max_depth(&self) -> Option<usize> {
        self.by_depth.len().checked_sub(1)
    }

    /// How many people are at each depth, from 0 down to the greatest that somebody has.
    #[graphql(complexity = "cost_of_depths(max_depth, child_complexity)")]
    async fn headcount_by_depth(
        &self,
        #[graphql(
            desc = "Not deeper than this, from 0 to 1,000. To read on from there, group by `DEPTH`.",
            default_with = "Some(USUAL_DEPTHS)"
        )]
        max_depth: Option<i64>,
    ) -> Result<Vec<DepthHeadcount>> {
        let max_depth = max_depth.unwrap_or(USUAL_DEPTHS);
        if !(0..=MAX_DEPTHS).contains(&max_depth) {
            let why = format!("must be from 0 to {MAX_DEPTHS}, not {max_depth}");
            return Err(Fault::argument("maxDepth", why).into());
        }
        let depths = self.by_depth.iter().zip(0..=max_depth);
        Ok(depths.map(|(&headcount, depth)| DepthHeadcount { depth, headcount }).collect())
    }

    /// How many people have no depth, because they are in or below a ring.
    async fn without_depth_count(&self) -> usize {
        self.without_depth
    }

    /// The people in groups, everybody in one: the largest first, ties by key as text. Null without `groupBy`.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    async fn groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<Option<OrgStatsGroupConnection>> {
        let Some(by) = self.group_by else { return Ok(None) };
        let page = PageArguments { first, after, last, before };
        let visits = VISITS_TO_GROUP * self.census.headcount();
        let groups = || (self.census.groups(&self.snapshot.graph, by).into(), visits);
        let groups = Allowance::of(ctx)?.list(groups).await?;
        Ok(Some(OrgStatsGroupConnection::new(self.snapshot.clone(), by, groups, &page)?))
    }
}

/// How many people are at a depth.
#[derive(SimpleObject)]
struct DepthHeadcount {
    /// The depth.
    depth: i64,
    /// How many people.
    headcount: u32,
}

/// How many direct reports some managers have. Null where there are no managers.
#[derive(SimpleObject)]
struct SpanOfControl {
    /// The smallest number.
    min: Option<u32>,
    /// The number in the middle; of an even number of managers the mean of the two in the middle.
    median: Option<f64>,
    /// The mean.
    mean: Option<f64>,
    /// The greatest number.
    max: Option<u32>,
    /// How many managers have how many: 1, 2 to 3, 4 to 6, 7 to 10, 11 to 15, 16 to 25, 26 to 50, 51 and more.
    histogram: Vec<SpanBucket>,
}

/// Managers with about as many direct reports.
#[derive(SimpleObject)]
struct SpanBucket {
    /// From so many direct reports.
    from: u32,
    /// To so many; null for the last bucket, which has no end.
    to: Option<u32>,
    /// How many managers.
    manager_count: usize,
}

impl From<&Figures> for SpanOfControl {
    fn from(figures: &Figures) -> Self {
        let spans = &figures.spans;
        let bucket = |(from, to, manager_count)| SpanBucket { from, to, manager_count };
        Self {
            min: spans.min(),
            median: spans.median(),
            mean: spans.mean(),
            max: spans.max(),
            histogram: spans.histogram().map(bucket).collect(),
        }
    }
}

pub(in crate::graphql) struct OrgStatsGroup {
    pub(in crate::graphql) snapshot: Arc<OrgSnapshot>,
    pub(in crate::graphql) groups: Arc<[Group]>,
    pub(in crate::graphql) at: usize,
}

impl OrgStatsGroup {
    fn figures(&self) -> &Figures {
        &self.groups[self.at].figures
    }
}

/// People who have something in common.
#[Object]
impl OrgStatsGroup {
    /// What they have in common: the depth, the title or domain in lower case, the id of the top or manager
    /// (of a ring the smallest one). Null for those who have no such thing.
    async fn key(&self) -> Option<&str> {
        self.groups[self.at].key.as_deref()
    }

    /// The same for people to read: a title in its commonest spelling, a name where there is one. Null where
    /// `key` is.
    async fn label(&self) -> Option<&str> {
        let group = &self.groups[self.at];
        let name = group.user.and_then(|user| self.snapshot.graph.user(user).name());
        name.or(group.label.as_deref())
    }

    /// The top or the manager, where the groups are by that; of a ring the member with the smallest id.
    async fn user(&self) -> Option<User> {
        let user = self.groups[self.at].user?;
        Some(User(UserView::member(self.snapshot.clone(), user)))
    }

    /// How many people there are.
    async fn headcount(&self) -> usize {
        self.figures().headcount
    }

    /// How many of them are active.
    async fn active_count(&self) -> usize {
        self.figures().active
    }

    /// How many of them are inactive.
    async fn inactive_count(&self) -> usize {
        self.figures().headcount - self.figures().active
    }

    /// How many of them have direct reports, in whatever group.
    async fn manager_count(&self) -> usize {
        self.figures().managers()
    }

    /// How many of them have none.
    async fn individual_contributor_count(&self) -> usize {
        self.figures().individual_contributors()
    }

    /// How many direct reports the managers among them have, in whatever group.
    async fn span(&self) -> SpanOfControl {
        SpanOfControl::from(self.figures())
    }
}
