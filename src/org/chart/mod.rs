//! An org chart: users as a list in which each names the one above, always one tree.

mod forest;

use super::{ChainEnd, OrgGraph, UserFilter, UserIndex};
use forest::Forest;

/// What a chart is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartScope {
    /// Who stands at the top; the whole company for `None`.
    pub root: Option<UserIndex>,
    /// Who is wanted. Whoever isn't, and has somebody wanted below, stays as a link between the others.
    pub filter: UserFilter,
}

/// How much of a chart is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChartLimits {
    /// Steps below the root node; all for `None`.
    pub depth: Option<u32>,
    /// Nodes, the root among them, which is there in any case. Nodes nearer to the root come first.
    pub nodes: usize,
}

/// What kept children out of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartLimit {
    /// [`ChartLimits::depth`].
    Depth,
    /// [`ChartLimits::nodes`].
    Nodes,
}

/// A user's place in a chart, or the company's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartNode {
    /// The user; `None` for the company, which stands above the tops where there is not just one.
    pub user: Option<UserIndex>,
    /// The node above, by its place in the list; `None` for the first node and nobody else.
    pub parent: Option<usize>,
    /// Steps up to the first node.
    pub depth: u32,
    /// Place among the children of the parent, from 0. Children stand by name; under the company tops
    /// by name, then rings by their smallest ids.
    pub sibling: u32,
    /// Whether the filter admits the user; no for the company.
    pub matches: bool,
    /// Children, shown or not.
    pub children: u32,
    /// Children that are left out.
    pub hidden: u32,
    /// What they are left out for.
    pub limit: Option<ChartLimit>,
    /// Users below whom the filter admits, shown or not.
    pub below: u32,
    /// Why nobody of the company stands above: for those at whom a line ends, or a ring was cut.
    pub line_end: Option<ChainEnd>,
}

/// A chart: the root first, everybody after their parent, siblings together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The nodes; never none.
    pub nodes: Vec<ChartNode>,
    /// Users looked at.
    pub visits: usize,
}

impl OrgGraph {
    /// The chart of `scope`, within `limits`. A ring is cut where it gives one tree: above the root, or,
    /// where nobody is named as root, above the smallest id.
    ///
    /// Costs a look at every user of the scope if there is a filter, and at all reports of whom it shows.
    pub fn chart(&self, scope: &ChartScope, limits: ChartLimits) -> Chart {
        let forest = Forest::new(self, scope);
        let tops = forest.tops();
        let mut visits = forest.visits() + tops.len();
        let first = match *tops {
            [top] => forest.node(top, None, 0, 0),
            _ => ChartNode {
                user: None,
                parent: None,
                depth: 0,
                sibling: 0,
                matches: false,
                children: 0,
                hidden: 0,
                limit: None,
                below: forest.wanted(),
                line_end: None,
            },
        };
        let mut nodes = vec![first];
        let mut at = 0;
        while let Some(parent) = nodes.get(at) {
            let depth = parent.depth + 1;
            let children = match parent.user {
                None => tops.clone(),
                Some(user) => forest.children(user, &mut visits),
            };
            let too_deep = limits.depth.is_some_and(|deepest| depth > deepest);
            let room = if too_deep { 0 } else { limits.nodes.saturating_sub(nodes.len()) };
            let hidden = children.len().saturating_sub(room);
            let limit = if too_deep { ChartLimit::Depth } else { ChartLimit::Nodes };
            let shown = (0..).zip(&children).take(room);
            nodes.extend(shown.map(|(sibling, &child)| forest.node(child, Some(at), depth, sibling)));
            if let Some(parent) = nodes.get_mut(at) {
                parent.children = children.len() as u32;
                parent.hidden = hidden as u32;
                parent.limit = (hidden > 0).then_some(limit);
            }
            at += 1;
        }
        Chart { nodes, visits }
    }

    /// How many nodes the chart of `scope` has without limits, and how many users were looked at for that.
    pub fn chart_size(&self, scope: &ChartScope) -> (usize, usize) {
        let forest = Forest::new(self, scope);
        let tops = forest.tops();
        let company = usize::from(tops.len() != 1);
        let (kept, visits) = forest.size();
        (kept + company, visits + forest.visits())
    }
}
