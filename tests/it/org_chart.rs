//! Charts of random companies, held against the model and against what a tree must be.

use std::collections::{BTreeMap, VecDeque};

use orgraph::org::{
    ChainEnd, Chart, ChartLimit, ChartLimits, ChartNode, ChartScope, Fragment, UserFilter, UserKind,
};
use proptest::{option::of, prelude::*, test_runner::TestCaseResult};

use crate::{
    company::{GRAPHS, companies, for_all},
    org_tree::Judged,
};

/// Filters by their numbers; the model's own of the same number says who passes.
const FILTERS: u8 = 5;

fn filter(number: u8) -> UserFilter {
    match number {
        0 => UserFilter::default(),
        1 => UserFilter::of_any_kind(),
        2 => UserFilter { active: Some(false), ..UserFilter::default() },
        3 => UserFilter { title_contains: Some(Fragment::new("sales")), ..UserFilter::default() },
        _ => UserFilter { title_contains: Some(Fragment::new("nobody's")), ..UserFilter::of_any_kind() },
    }
}

#[derive(Clone, Debug)]
struct Wish {
    root: Option<u8>,
    filter: u8,
    depth: Option<u32>,
    nodes: usize,
}

fn wish(size: usize) -> impl Strategy<Value = Wish> {
    (of(any::<u8>()), 0..FILTERS, of(1..4_u32), 1..size).prop_map(|(root, filter, depth, nodes)| Wish {
        root,
        filter,
        depth,
        nodes,
    })
}

/// The chart as slowly and plainly as can be.
struct Drawn<'a> {
    company: &'a Judged,
    root: Option<usize>,
    filter: u8,
}

impl Drawn<'_> {
    fn admits(&self, user: usize) -> bool {
        let record = &self.company.model.users[user];
        let person = record.kind == UserKind::Person;
        match self.filter {
            0 => person,
            1 => true,
            2 => person && !record.active,
            3 => person && record.title.as_ref().is_some_and(|title| title.to_lowercase().contains("sales")),
            _ => false,
        }
    }

    fn inside(&self) -> Vec<usize> {
        let model = &self.company.model;
        match self.root {
            None => model.everybody().collect(),
            Some(root) => [vec![root], model.below(root)].concat(),
        }
    }

    fn parent(&self, user: usize) -> Option<usize> {
        let model = &self.company.model;
        let cut = match self.root {
            Some(root) => user == root,
            None => model.ring(user).first() == Some(&user),
        };
        if cut { None } else { model.manager(user) }
    }

    fn below(&self, user: usize) -> Vec<usize> {
        let up = |user: &usize| self.parent(*user);
        let is_below = |other: &usize| std::iter::successors(up(other), up).any(|above| above == user);
        self.inside().into_iter().filter(is_below).collect()
    }

    fn stays(&self, user: usize) -> bool {
        self.root == Some(user)
            || self.admits(user)
            || self.below(user).into_iter().any(|below| self.admits(below))
    }

    fn tops(&self) -> Vec<usize> {
        let model = &self.company.model;
        let mut tops: Vec<_> =
            model.by_name().into_iter().filter(|&user| model.manager(user).is_none()).collect();
        tops.extend(model.rings().iter().map(|ring| ring[0]));
        match self.root {
            Some(root) => vec![root],
            None => tops.into_iter().filter(|&top| self.stays(top)).collect(),
        }
    }

    fn children(&self, user: Option<usize>) -> Vec<usize> {
        let Some(user) = user else { return self.tops() };
        let inside = self.inside();
        let child = |child: &usize| inside.contains(child) && self.parent(*child) == Some(user);
        self.company.model.by_name().into_iter().filter(child).filter(|&child| self.stays(child)).collect()
    }

    fn line_end(&self, user: usize) -> Option<ChainEnd> {
        let model = &self.company.model;
        match model.manager(user) {
            None => Some(model.end(user)),
            Some(_) if self.parent(user).is_none() && model.in_ring(user) => Some(ChainEnd::Cycle),
            Some(_) => None,
        }
    }

    /// Everybody who stays, nearest to the root first, with the place of the parent, depth and the place
    /// among the siblings.
    fn nodes(&self) -> Vec<(Option<usize>, Option<usize>, u32, u32)> {
        let tops = self.tops();
        let first = if let [top] = tops[..] { Some(top) } else { None };
        let mut queue = VecDeque::from([(first, None, 0, 0)]);
        let mut nodes = Vec::new();
        while let Some(node) = queue.pop_front() {
            for (sibling, child) in (0..).zip(self.children(node.0)) {
                queue.push_back((Some(child), Some(nodes.len()), node.2 + 1, sibling));
            }
            nodes.push(node);
        }
        nodes
    }

    fn chart(&self, limits: ChartLimits) -> Vec<ChartNode> {
        let deepest = limits.depth.unwrap_or(u32::MAX);
        let all = self.nodes();
        let shown: Vec<_> = all.iter().filter(|node| node.2 <= deepest).take(limits.nodes).collect();
        let node = |&&(user, parent, depth, sibling): &&(Option<usize>, Option<usize>, u32, u32)| {
            let children = self.children(user);
            let is_shown = |child: &&usize| shown.iter().any(|node| node.0 == Some(**child));
            let hidden = children.len() - children.iter().filter(is_shown).count();
            let limit = if depth < deepest { ChartLimit::Nodes } else { ChartLimit::Depth };
            let below = user.map_or(self.inside(), |user| self.below(user));
            ChartNode {
                user: user.map(|user| self.company.people[user]),
                parent,
                depth,
                sibling,
                matches: user.is_some_and(|user| self.admits(user)),
                children: children.len() as u32,
                hidden: hidden as u32,
                limit: (hidden > 0).then_some(limit),
                below: below.into_iter().filter(|&user| self.admits(user)).count() as u32,
                line_end: user.and_then(|user| self.line_end(user)),
            }
        };
        shown.iter().map(node).collect()
    }
}

/// What `d3.stratify` asks of a table: ids that differ, one row without a parent, parents that are there,
/// and everybody below that one row. Returns how many children each row has.
pub(crate) fn stratify<'a>(rows: &[(&'a str, Option<&'a str>)]) -> BTreeMap<&'a str, usize> {
    let mut children: BTreeMap<_, _> = rows.iter().map(|(id, _)| (*id, 0)).collect();
    assert_eq!(children.len(), rows.len(), "an id comes twice");
    let roots: Vec<_> = rows.iter().filter(|(_, parent)| parent.is_none()).collect();
    assert_eq!(roots.len(), 1, "there must be one root: {roots:?}");
    let parents: BTreeMap<_, _> = rows.iter().copied().collect();
    for (id, parent) in rows {
        if let Some(parent) = parent {
            *children.get_mut(parent).unwrap_or_else(|| panic!("{parent}, above {id}, is not there")) += 1;
        }
        let steps = std::iter::successors(Some(*id), |&id| parents[id]).take(rows.len() + 1).count();
        assert!(steps <= rows.len(), "{id} is in a circle");
    }
    children
}

fn is_a_tree(company: &Judged, chart: &Chart) -> TestCaseResult {
    let id = |node: &ChartNode| node.user.map_or("", |user| company.graph().user(user).id());
    let row = |node: &ChartNode| (id(node), node.parent.map(|parent| id(&chart.nodes[parent])));
    let rows: Vec<_> = chart.nodes.iter().map(row).collect();
    let children = stratify(&rows);
    for node in &chart.nodes {
        prop_assert_eq!(children[id(node)] as u32, node.children - node.hidden);
    }
    let parents: Vec<_> = chart.nodes.iter().map(|node| node.parent).collect();
    prop_assert!(parents.is_sorted(), "siblings together, after their parents: {:?}", parents);
    Ok(())
}

#[test]
fn charts_of_small_companies() {
    for_all(GRAPHS, (companies(7), wish(9)), |(company, wish)| drawn(&Judged::of(company.users()), &wish));
}

#[test]
fn charts_of_larger_companies() {
    for_all(60, (companies(30), wish(40)), |(company, wish)| drawn(&Judged::of(company.users()), &wish));
}

fn drawn(company: &Judged, wish: &Wish) -> TestCaseResult {
    let size = company.model.users.len();
    let root = wish.root.filter(|_| size > 0).map(|root| usize::from(root) % size);
    let scope = ChartScope { root: root.map(|root| company.people[root]), filter: filter(wish.filter) };
    let model = Drawn { company, root, filter: wish.filter };

    let limits = ChartLimits { depth: wish.depth, nodes: wish.nodes };
    let chart = company.graph().chart(&scope, limits);
    is_a_tree(company, &chart)?;
    prop_assert_eq!(&chart.nodes, &model.chart(limits));

    let whole = company.graph().chart(&scope, ChartLimits { depth: None, nodes: usize::MAX });
    is_a_tree(company, &whole)?;
    prop_assert_eq!(company.graph().chart_size(&scope).0, model.nodes().len());
    prop_assert_eq!(whole.nodes.len(), model.nodes().len());
    prop_assert!(whole.nodes.iter().all(|node| node.hidden == 0 && node.limit.is_none()));
    Ok(())
}
