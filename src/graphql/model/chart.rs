//! An org chart.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};

use super::{OrphanReason, User, chain::ChainEnd};
use crate::{
    graphql::request::Allowance,
    org::{self, ChartScope, OrgSnapshot, UserView},
};

/// What stands at a place of an org chart.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
enum OrgChartNodeKind {
    /// A user.
    User,
    /// The company: stands above the tops of its trees where there is not just one.
    Company,
}

/// What kept people out of an org chart.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::ChartLimit")]
enum OrgChartLimit {
    /// `maxDepth`.
    #[graphql(name = "MAX_DEPTH")]
    Depth,
    /// `maxNodes`.
    #[graphql(name = "MAX_NODES")]
    Nodes,
}

/// The id of the company's node; longer where somebody has it, which no user of Gong's does.
const COMPANY_ID: &str = "orgChart:company";

pub(in crate::graphql) struct OrgChart {
    scope: ChartScope,
    drawing: Arc<Drawing>,
}

struct Drawing {
    snapshot: Arc<OrgSnapshot>,
    chart: org::Chart,
    company_id: String,
}

impl OrgChart {
    pub(in crate::graphql) fn new(snapshot: Arc<OrgSnapshot>, scope: ChartScope, chart: org::Chart) -> Self {
        let mut company_id = COMPANY_ID.to_owned();
        while snapshot.graph.find(&company_id).is_some() {
            company_id.push('_');
        }
        Self { scope, drawing: Arc::new(Drawing { snapshot, chart, company_id }) }
    }
}

/// People as a list in which each names the one above, whatever the records say: always one tree, with the
/// root first and everybody else after their parent, nearest to the root first, siblings together. It can
/// be handed to `d3.stratify` as it is.
#[Object]
impl OrgChart {
    /// The nodes. The first, and no other, has no parent; every other parent is among them; no id comes
    /// twice.
    async fn nodes(&self) -> Vec<OrgChartNode> {
        let places = 0..self.drawing.chart.nodes.len();
        places.map(|at| OrgChartNode { drawing: self.drawing.clone(), at }).collect()
    }

    /// How many nodes there are without `maxDepth` and `maxNodes`.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<usize> {
        let weight = self.scope.filter.weight();
        let size = || {
            let (size, visits) = self.drawing.snapshot.graph.chart_size(&self.scope);
            (size, visits.saturating_mul(weight))
        };
        Ok(Allowance::of(ctx)?.list(size).await?)
    }

    /// Whether nodes were left out because of `maxDepth` or `maxNodes`; their parents tell which.
    async fn truncated(&self) -> bool {
        self.drawing.chart.nodes.iter().any(|node| node.limit.is_some())
    }
}

struct OrgChartNode {
    drawing: Arc<Drawing>,
    at: usize,
}

impl OrgChartNode {
    fn node(&self) -> &org::ChartNode {
        &self.drawing.chart.nodes[self.at]
    }

    fn id_at(&self, at: usize) -> ID {
        let drawing = &self.drawing;
        let id = |user| drawing.snapshot.graph.user(user).id();
        ID::from(drawing.chart.nodes[at].user.map_or(drawing.company_id.as_str(), id))
    }
}

/// A place in an org chart.
#[Object]
impl OrgChartNode {
    /// The user's id; the company has one of its own.
    async fn id(&self) -> ID {
        self.id_at(self.at)
    }

    /// The `id` of the node above; null for the first node alone.
    async fn parent_id(&self) -> Option<ID> {
        self.node().parent.map(|parent| self.id_at(parent))
    }

    /// What stands here.
    async fn kind(&self) -> OrgChartNodeKind {
        if self.node().user.is_some() { OrgChartNodeKind::User } else { OrgChartNodeKind::Company }
    }

    /// The user; null for the company.
    async fn user(&self) -> Option<User> {
        self.node().user.map(|user| User(UserView::member(self.drawing.snapshot.clone(), user)))
    }

    /// Steps up to the first node of the chart.
    async fn depth(&self) -> u32 {
        self.node().depth
    }

    /// Place among the children of the same parent, from 0. Children stand by name; under the company tops
    /// stand by name, and after them rings by their smallest ids.
    async fn sibling_index(&self) -> u32 {
        self.node().sibling
    }

    /// Whether the filter admits the user. False for somebody who is only here as a link to people below,
    /// or as the root that was asked for, and for the company.
    async fn matches(&self) -> bool {
        self.node().matches
    }

    /// How many children the node has, shown or not.
    async fn child_count(&self) -> u32 {
        self.node().children
    }

    /// How many of them are left out; those who are shown are the first.
    async fn hidden_child_count(&self) -> u32 {
        self.node().hidden
    }

    /// What children are left out for; null when all are there.
    async fn truncated_at(&self) -> Option<OrgChartLimit> {
        self.node().limit.map(Into::into)
    }

    /// How many users whom the filter admits are below this node, at any depth, shown or not. The members
    /// of a ring are below the one at whom it was cut.
    async fn subtree_size(&self) -> u32 {
        self.node().below
    }

    /// Why nobody of the company is above: set for users at whom a line ends, with `CYCLE` for the member
    /// of a ring above whom it was cut to make a tree.
    async fn line_end(&self) -> Option<ChainEnd> {
        self.node().line_end.map(Into::into)
    }

    /// Why the user's line to a root is broken or missing; null when it isn't.
    async fn orphan_reason(&self) -> Option<OrphanReason> {
        self.drawing.snapshot.graph.orphan_reason(self.node().user?).map(Into::into)
    }
}
