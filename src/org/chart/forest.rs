//! The trees that a chart is drawn from: who stays, who is below whom, rings cut open.

use std::{borrow::Cow, ops::Range};

use crate::org::{ChainEnd, Direction, OrderField, OrgGraph, UserIndex};

use super::{ChartNode, ChartScope};

pub(super) struct Forest<'a> {
    graph: &'a OrgGraph,
    root: Option<UserIndex>,
    /// The positions of the walk that the chart is about.
    positions: Range<usize>,
    /// For each of these positions and the one after them: how many wanted users are before.
    before: Cow<'a, [u32]>,
}

impl<'a> Forest<'a> {
    pub(super) fn new(graph: &'a OrgGraph, scope: &ChartScope) -> Self {
        let walk = &graph.walk;
        let positions = match scope.root {
            None => 0..walk.order.len(),
            Some(root) if walk.in_ring(root) => walk.below(root),
            Some(root) => walk.places[root.at()].enter as usize..walk.places[root.at()].exit as usize,
        };
        let before = if scope.filter.is_every_person() {
            Cow::Borrowed(&graph.counts.before[positions.start..=positions.end])
        } else {
            let (sieve, mut wanted) = (scope.filter.over(graph), 0);
            let counts = walk.order[positions.clone()].iter().map(|&user| {
                wanted += u32::from(sieve.admits(user));
                wanted
            });
            Cow::Owned(std::iter::once(0).chain(counts).collect())
        };
        Self { graph, root: scope.root, positions, before }
    }

    /// Users looked at so far.
    pub(super) fn visits(&self) -> usize {
        if matches!(self.before, Cow::Owned(_)) { self.positions.len() } else { 0 }
    }

    /// How many users are wanted.
    pub(super) fn wanted(&self) -> u32 {
        self.wanted_in(self.positions.clone())
    }

    /// Those at the top who stay; the root does in any case.
    pub(super) fn tops(&self) -> Vec<UserIndex> {
        if let Some(root) = self.root {
            return vec![root];
        }
        let walk = &self.graph.walk;
        let tops = walk.components.iter().map(|component| walk.order[component.start as usize]);
        tops.filter(|&top| self.stays(top)).collect()
    }

    /// The children of `parent` who stay, by name. Counts in `visits` whom it looks at.
    pub(super) fn children(&self, parent: UserIndex, visits: &mut usize) -> Vec<UserIndex> {
        let (graph, cut) = (self.graph, self.cut(parent));
        let mut reports = Cow::Borrowed(graph.direct_reports(parent));
        // In a ring the walk isn't by name: the one who is in the ring too has a place of its own.
        if graph.walk.in_ring(parent) {
            graph.sort(reports.to_mut(), OrderField::Name, Direction::Ascending);
        }
        *visits += reports.len();
        let reports = reports.iter().copied().filter(|&report| Some(report) != cut);
        reports.filter(|&report| self.stays(report)).collect()
    }

    pub(super) fn node(&self, user: UserIndex, parent: Option<usize>, depth: u32, sibling: u32) -> ChartNode {
        let ends_here = self.graph.manager(user).is_none();
        let line_end = if ends_here {
            Some(self.graph.top(user))
        } else {
            (self.cut(user) == Some(user)).then_some(ChainEnd::Cycle)
        };
        ChartNode {
            user: Some(user),
            parent,
            depth,
            sibling,
            matches: self.is_wanted(user),
            children: 0,
            hidden: 0,
            limit: None,
            below: self.wanted_below(user),
            line_end,
        }
    }

    /// How many users stay, and how many were looked at.
    pub(super) fn size(&self) -> (usize, usize) {
        let users = &self.graph.walk.order[self.positions.clone()];
        let stay = users.iter().filter(|&&user| Some(user) == self.root || self.stays(user)).count();
        (stay, users.len())
    }

    fn stays(&self, user: UserIndex) -> bool {
        self.is_wanted(user) || self.wanted_below(user) > 0
    }

    fn is_wanted(&self, user: UserIndex) -> bool {
        let at = self.graph.walk.places[user.at()].enter as usize;
        self.wanted_in(at..at + 1) > 0
    }

    /// The member above whom the ring of `user`'s tree is cut, if there is a ring in the chart.
    fn cut(&self, user: UserIndex) -> Option<UserIndex> {
        let walk = &self.graph.walk;
        match self.root {
            Some(root) => walk.in_ring(root).then_some(root),
            None => walk.component_of(user).ring.first().copied(),
        }
    }

    /// How many wanted users are below `user`, the ring being cut.
    fn wanted_below(&self, user: UserIndex) -> u32 {
        let walk = &self.graph.walk;
        let own = walk.places[user.at()].enter as usize..walk.places[user.at()].exit as usize;
        let Some(cut) = self.cut(user).filter(|_| walk.in_ring(user)) else {
            return self.wanted_in(own.start + 1..own.end);
        };
        let component = walk.component_of(user);
        let whole = component.start as usize..component.end as usize;
        let itself = u32::from(self.is_wanted(user));
        if user == cut {
            return self.wanted_in(whole) - itself;
        }
        // The members of a ring stand in its order, each with those below it, and each is managed by the
        // next: below `user` are all from the one after the cut up to `user`, counted round.
        let after_cut = walk.places[cut.at()].exit as usize;
        let wanted = if after_cut <= own.start {
            self.wanted_in(after_cut..own.end)
        } else {
            self.wanted_in(whole.start..own.end) + self.wanted_in(after_cut..whole.end)
        };
        wanted - itself
    }

    fn wanted_in(&self, positions: Range<usize>) -> u32 {
        let before = |at: usize| self.before[at - self.positions.start];
        before(positions.end) - before(positions.start)
    }
}
