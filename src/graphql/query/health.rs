//! What is wrong with the company, and what shape it has.

use async_graphql::{Context, ID, Object, Result};

use crate::{
    graphql::{
        connection::{CycleConnection, IssueConnection, PageArguments, cost},
        error::Fault,
        find::World,
        input::{UserFilter, distinct},
        model::{IssueKind, IssueSeverity, OrgStats, OrgStatsGroupBy, issues},
        request::Allowance,
    },
    org::{Bounds, IssueFilter},
};

#[derive(Default)]
pub(super) struct Health;

const USUAL: Bounds = Bounds::USUAL;

#[Object]
impl Health {
    /// What is wrong with the company: the worst first, among equals what has most people below.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn org_health(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only issues of one of these kinds.")] kinds: Option<Vec<IssueKind>>,
        #[graphql(desc = "Only issues of one of these severities.")] severities: Option<Vec<IssueSeverity>>,
        #[graphql(
            desc = "The most direct reports that are no `EXTREME_SPAN`; from 1 up.",
            default_with = "Some(USUAL.span.into())"
        )]
        max_span: Option<i64>,
        #[graphql(
            desc = "The greatest depth that is no `DEEP_CHAIN`; from 1 up.",
            default_with = "Some(USUAL.depth.into())"
        )]
        max_depth: Option<i64>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<IssueConnection> {
        let bounds = Bounds {
            span: bound("maxSpan", max_span, USUAL.span)?,
            depth: bound("maxDepth", max_depth, USUAL.depth)?,
        };
        let page = PageArguments { first, after, last, before };
        let filter = IssueFilter { kinds: kinds.map(distinct), severities: severities.map(distinct) };
        let snapshot = World::of(ctx)?.snapshot;
        let issues = issues(ctx, &snapshot, bounds).await?;
        let listed = Allowance::of(ctx)?.list(|| (issues.list(&filter), issues.all().len())).await?;
        Ok(IssueConnection::new(snapshot, issues, bounds, listed, &page)?)
    }

    /// The rings of the company, each once, by their smallest ids: users who manage each other.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    async fn cycles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<CycleConnection> {
        let page = PageArguments { first, after, last, before };
        Ok(CycleConnection::new(World::of(ctx)?.snapshot, &page)?)
    }

    /// The shape of the company, or of one user and everybody below. Null for a `rootId` whom the snapshot
    /// doesn't know.
    async fn org_stats(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this user and everybody below; depths count from here.")] root_id: Option<ID>,
        #[graphql(desc = "Only users for whom all of this holds, as direct reports too.")] filter: Option<
            UserFilter,
        >,
        #[graphql(desc = "What to put people into `groups` by.")] group_by: Option<OrgStatsGroupBy>,
    ) -> Result<Option<OrgStats>> {
        let filter = filter.unwrap_or_default().try_into()?;
        let snapshot = World::of(ctx)?.snapshot;
        let root = match root_id {
            None => None,
            Some(id) => match snapshot.graph.find(&id) {
                None => return Ok(None),
                root => root,
            },
        };
        let group_by = group_by.map(Into::into);
        Ok(Some(OrgStats::of(ctx, snapshot, root, &filter, group_by).await?))
    }
}

/// A bound as clients write it. Greater ones than anybody can be beyond are as good as none.
fn bound(name: &'static str, given: Option<i64>, usual: u32) -> Result<u32, Fault> {
    match given {
        None => Ok(usual),
        Some(bound @ 1..) => Ok(u32::try_from(bound).unwrap_or(u32::MAX)),
        Some(bound) => Err(Fault::argument(name, format_args!("must be 1 or more, not {bound}"))),
    }
}
