//! Lines and trees: who is above whom, by which way, and the company as a chart or as a table.

use std::collections::HashSet;

use async_graphql::{Context, ID, Object, Result};

use crate::{
    graphql::{
        connection::{PageArguments, ReportingLineConnection, cost, many},
        error::Fault,
        find::{self, MAX_IDS, World},
        input::UserFilter,
        model::{CommonManager, ManagerRelation, NoPathReason, OrgChart, OrgPath, User, UserDistance},
        request::Allowance,
    },
    org::{ChartLimits, ChartScope, LineScope, OrgSnapshot, UserIndex, UserView},
};

/// Nodes of a chart when `maxNodes` doesn't say how many, and the most.
const DEFAULT_NODES: usize = 1_000;
const MAX_NODES: usize = 10_000;

#[derive(Default)]
pub(super) struct Tree;

#[Object]
impl Tree {
    /// Whether one user is above another, directly or further up. Answered from the snapshot alone: whom it
    /// doesn't know is unknown.
    async fn is_manager_of(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Gong's id of the supposed manager.")] manager_id: ID,
        #[graphql(desc = "Gong's id of the supposed report.")] user_id: ID,
    ) -> Result<ManagerRelation> {
        let snapshot = World::of(ctx)?.snapshot;
        let found = |id: &ID| snapshot.graph.find(id);
        let relation = found(&manager_id)
            .zip(found(&user_id))
            .map(|(manager, user)| snapshot.graph.relation(manager, user));
        let user = |id| found(id).map(|user| User(UserView::member(snapshot.clone(), user)));
        let (manager, below) = (user(&manager_id), user(&user_id));
        let (_, unknown) = known(&snapshot, &[manager_id, user_id]);
        Ok(ManagerRelation::new(relation, manager, below, unknown))
    }

    /// The nearest user who is above all of these, or why there is none. Answered from the snapshot alone:
    /// whom it doesn't know is named and left out.
    #[graphql(complexity = "many(user_ids.len(), child_complexity)")]
    async fn common_manager(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Gong's ids of the users, from 1 to 1,000; an id that comes twice counts once.")]
        user_ids: Vec<ID>,
    ) -> Result<CommonManager> {
        if !(1..=MAX_IDS).contains(&user_ids.len()) {
            let why = format_args!("must be from 1 to {MAX_IDS} ids, not {}", user_ids.len());
            return Err(Fault::argument("userIds", why).into());
        }
        let snapshot = World::of(ctx)?.snapshot;
        let graph = &snapshot.graph;
        let (users, unknown_ids) = known(&snapshot, &user_ids);
        let steps = users.first().map_or(0, |&user| graph.chain_length(user)) + users.len();
        let common = Allowance::of(ctx)?.list(|| (graph.common_manager(&users), steps)).await?;

        let view = |user| User(UserView::member(snapshot.clone(), user));
        let distance = |user| common.ok().and_then(|manager| graph.distance(manager, user));
        let distances = users.iter().map(|&user| UserDistance { user: view(user), distance: distance(user) });
        Ok(CommonManager {
            manager: common.ok().map(view),
            reason: common.err().map(Into::into),
            users: distances.collect(),
            unknown_ids,
        })
    }

    /// The shortest way from one user to another along reporting lines: up, then down. Answered from the
    /// snapshot alone: whom it doesn't know is unknown.
    async fn path(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Gong's id of the user where the way begins.")] from_id: ID,
        #[graphql(desc = "Gong's id of the user where it ends.")] to_id: ID,
    ) -> Result<OrgPath> {
        let snapshot = World::of(ctx)?.snapshot;
        let graph = &snapshot.graph;
        let path = match (graph.find(&from_id), graph.find(&to_id)) {
            (Some(from), Some(to)) => {
                let path = || (graph.path(from, to), graph.chain_length(from));
                Allowance::of(ctx)?.list(path).await?.ok_or(NoPathReason::DifferentTrees)
            }
            _ => Err(NoPathReason::UnknownUser),
        };
        let (_, unknown_ids) = known(&snapshot, &[from_id, to_id]);
        Ok(OrgPath { snapshot, path, unknown_ids })
    }

    /// An org chart as a flat list of nodes that name their parents: of everybody below a user, or of the
    /// whole company. Null for a root whom the snapshot doesn't know.
    ///
    /// Without `rootId` the first node is the top of the company; where the company has several tops, or
    /// none, it is a node that stands for the company. A ring is cut above its member with the smallest
    /// id, or above the root if that is a member.
    #[graphql(
        complexity = "nodes_of(max_nodes).saturating_mul(child_complexity).saturating_add(1).min(1 << 40)"
    )]
    async fn org_chart(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Gong's id of the user at the top. Without it: the whole company.")] root_id: Option<
            ID,
        >,
        #[graphql(desc = "Only nodes at most this many steps below the first; from 1 up.")] max_depth: Option<
            i64,
        >,
        #[graphql(
            desc = "Only users for whom all of this holds. Somebody else stays, with `matches: false`, where \
                    such a user is below."
        )]
        filter: Option<UserFilter>,
        #[graphql(
            desc = "The most nodes, from 1 to 10,000; 1,000 without it. Those nearest to the root are shown."
        )]
        max_nodes: Option<i64>,
    ) -> Result<Option<OrgChart>> {
        let depth = find::steps("maxDepth", max_depth)?;
        if let Some(nodes) = max_nodes.filter(|nodes| !(1..=MAX_NODES as i64).contains(nodes)) {
            let why = format_args!("must be from 1 to {MAX_NODES}, not {nodes}");
            return Err(Fault::argument("maxNodes", why).into());
        }
        let snapshot = World::of(ctx)?.snapshot;
        let Ok(root) = find_optional(&snapshot, root_id.as_ref()) else { return Ok(None) };
        let scope = ChartScope { root, filter: filter.unwrap_or_default().try_into()? };
        let (allowance, weight) = (Allowance::of(ctx)?, scope.filter.weight());
        if !scope.filter.is_every_person() {
            allowance.afford(snapshot.graph.users().len().saturating_mul(weight))?;
        }
        let draw = || {
            let chart = snapshot.graph.chart(&scope, ChartLimits { depth, nodes: nodes_of(max_nodes) });
            let visits = chart.visits.saturating_mul(weight);
            (chart, visits)
        };
        let chart = allowance.list(draw).await?;
        Ok(Some(OrgChart::new(snapshot, scope, chart)))
    }

    /// Every line from a user up to a manager, however many steps apart: the closure table of who reports
    /// to whom, avatars included. By descendant in the order of the tree, then by distance. Null for an
    /// `under` whom the snapshot doesn't know.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn reporting_lines(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Gong's id of a user: only lines both ends of which are this user or below.")]
        under: Option<ID>,
        #[graphql(desc = "Only lines of at most this many steps; from 1 up.")] max_distance: Option<i64>,
        #[graphql(
            desc = "Also a line of 0 steps from every user to itself, as closure tables often have.",
            default_with = "Some(false)"
        )]
        include_self: Option<bool>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<Option<ReportingLineConnection>> {
        let max_distance = find::steps("maxDistance", max_distance)?;
        let page = PageArguments { first, after, last, before };
        let snapshot = World::of(ctx)?.snapshot;
        let Ok(under) = find_optional(&snapshot, under.as_ref()) else { return Ok(None) };
        let scope = LineScope { under, max_distance, with_self: include_self.unwrap_or_default() };
        Ok(Some(ReportingLineConnection::new(ctx, snapshot, scope, &page).await?))
    }
}

/// The users of the snapshot with these ids, and the ids that it doesn't know: each once, in order.
fn known(snapshot: &OrgSnapshot, ids: &[ID]) -> (Vec<UserIndex>, Vec<ID>) {
    let mut met = HashSet::new();
    let (mut users, mut unknown) = (Vec::new(), Vec::new());
    for id in ids.iter().filter(|id| met.insert(id.as_str())) {
        match snapshot.graph.find(id) {
            Some(user) => users.push(user),
            None => unknown.push(id.clone()),
        }
    }
    (users, unknown)
}

/// An id that nobody has.
struct Unknown;

/// Whoever has this id, if one is given.
fn find_optional(snapshot: &OrgSnapshot, id: Option<&ID>) -> Result<Option<UserIndex>, Unknown> {
    id.map(|id| snapshot.graph.find(id).ok_or(Unknown)).transpose()
}

/// How many nodes `maxNodes` asks for.
fn nodes_of(max_nodes: Option<i64>) -> usize {
    let asked = max_nodes.map(|nodes| usize::try_from(nodes).unwrap_or(0));
    asked.unwrap_or(DEFAULT_NODES).clamp(1, MAX_NODES)
}
