//! Every line from a user up to a manager, however many steps apart: the closure of who reports to whom.

use std::{cell::Cell, ops::Range};

use super::{OrgGraph, Take, UserId, UserIndex};

/// Which lines are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineScope {
    /// Only lines between this user and those below, and among those; all for `None`.
    pub under: Option<UserIndex>,
    /// Only lines of at most so many steps; all for `None`.
    pub max_distance: Option<u32>,
    /// Also a line of no steps from every user to itself.
    pub with_self: bool,
}

/// `descendant` is so many steps below `ancestor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub struct Line {
    pub ancestor: UserIndex,
    pub descendant: UserIndex,
    pub distance: u32,
}

/// Where a page of lines begins or ends. It keeps its meaning when the company changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinePosition {
    /// Who is at the lower end.
    pub descendant: UserId,
    /// Where that user stood in the tree, counted from the first of the listing: for when it is gone.
    pub place: u32,
    /// Steps up to the ancestor.
    pub distance: u32,
}

/// A part of the lines: after one, before another, both left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub struct LineWindow {
    pub after: Option<LinePosition>,
    pub before: Option<LinePosition>,
    pub take: Take,
}

/// Lines of a window, in the order of the listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinePage {
    /// The lines.
    pub lines: Vec<Line>,
    /// Whether there are lines before them.
    pub has_previous: bool,
    /// Whether there are lines after them.
    pub has_next: bool,
}

/// The lines of a scope, by descendant in the order of the tree, then by distance. None is kept: each
/// is walked when asked for.
pub struct Lines<'a> {
    graph: &'a OrgGraph,
    scope: LineScope,
    /// The lower ends.
    users: &'a [UserIndex],
    /// How many managers of every lower end are above the scope.
    outside: usize,
    /// Users looked at so far.
    visits: Cell<usize>,
}

/// A place between two lines: before the line of the user at this place that has this distance.
type Cut = (usize, u32);

impl OrgGraph {
    /// The lines of `scope`.
    pub fn lines(&self, scope: LineScope) -> Lines<'_> {
        let walk = &self.walk;
        let (users, outside) = match scope.under {
            None => (walk.order.as_slice(), 0),
            Some(top) if walk.in_ring(top) => (&walk.order[walk.below(top)], 0),
            Some(top) => {
                let positions = walk.places[top.at()].enter as usize..walk.places[top.at()].exit as usize;
                (&walk.order[positions], self.chain_length(top))
            }
        };
        Lines { graph: self, scope, users, outside, visits: Cell::new(0) }
    }
}

impl Lines<'_> {
    /// How many lines there are. Costs a look at every user.
    pub fn count(&self) -> u64 {
        (0..self.users.len()).map(|at| self.distances(at).len() as u64).sum()
    }

    /// All of them, one by one. Nothing is gathered.
    pub fn each(&self) -> impl Iterator<Item = Line> {
        (0..self.users.len()).flat_map(|at| self.up(at, self.distances(at)))
    }

    /// The lines of `window`. Costs a step for each of them, and the way up to the first.
    pub fn page(&self, window: &LineWindow) -> LinePage {
        let start = window.after.as_ref().map_or((0, 0), |edge| self.cut(edge, 1));
        let end = window.before.as_ref().map_or((self.users.len(), 0), |edge| self.cut(edge, 0)).max(start);
        match window.take {
            Take::First(wanted) => {
                let (lines, reached) = self.first(start, end, wanted);
                LinePage { lines, has_previous: self.any_before(start), has_next: self.any_from(reached) }
            }
            Take::Last(wanted) => {
                let (lines, reached) = self.last(start, end, wanted);
                LinePage { lines, has_previous: self.any_before(reached), has_next: self.any_from(end) }
            }
        }
    }

    /// The position of a line of this listing.
    pub fn position(&self, line: &Line) -> LinePosition {
        let descendant = UserId::new(self.graph.user(line.descendant).id());
        LinePosition { descendant, place: self.place(line.descendant), distance: line.distance }
    }

    /// What the listing has cost so far, in users looked at.
    pub fn visits(&self) -> usize {
        self.visits.get()
    }

    /// At most `wanted` lines from `start` on, and where they end.
    fn first(&self, start: Cut, end: Cut, wanted: usize) -> (Vec<Line>, Cut) {
        let mut lines = Vec::new();
        let mut reached = start;
        while lines.len() < wanted && reached < end {
            let at = reached.0;
            let within = self.within(at, reached, end);
            let taken =
                within.start..within.end.min(within.start.saturating_add(clamped(wanted - lines.len())));
            reached = if taken.end < within.end { (at, taken.end) } else { (at + 1, 0) };
            lines.extend(self.up(at, taken));
        }
        (lines, reached.min(end))
    }

    /// At most `wanted` lines down to `end`, and where they begin.
    fn last(&self, start: Cut, end: Cut, wanted: usize) -> (Vec<Line>, Cut) {
        let mut lines = Vec::new();
        let mut reached = end;
        while lines.len() < wanted && reached > start {
            let at = if reached.1 > 0 { reached.0 } else { reached.0 - 1 };
            let within = self.within(at, start, reached);
            let taken =
                within.start.max(within.end.saturating_sub(clamped(wanted - lines.len())))..within.end;
            reached = if taken.start > within.start { (at, taken.start) } else { (at, 0) };
            let upwards: Vec<_> = self.up(at, taken).collect();
            lines.extend(upwards.into_iter().rev());
        }
        lines.reverse();
        (lines, reached.max(start))
    }

    fn any_from(&self, (at, distance): Cut) -> bool {
        at < self.users.len() && self.distances(at).end > self.distances(at).start.max(distance)
            || (at + 1..self.users.len()).any(|later| !self.distances(later).is_empty())
    }

    fn any_before(&self, (at, distance): Cut) -> bool {
        at < self.users.len() && self.distances(at).start < self.distances(at).end.min(distance)
            || (0..at).rev().any(|earlier| !self.distances(earlier).is_empty())
    }

    /// The lines of the user at this place that have these distances.
    fn up(&self, at: usize, distances: Range<u32>) -> impl Iterator<Item = Line> {
        self.visits.update(|visits| visits + distances.end as usize);
        let descendant = self.users[at];
        let line = std::iter::successors(Some(descendant), |&above| self.graph.manager(above));
        let above = line.skip(distances.start as usize);
        above.zip(distances).map(move |(ancestor, distance)| Line { ancestor, descendant, distance })
    }

    /// The distances of the lines of the user at this place.
    fn distances(&self, at: usize) -> Range<u32> {
        self.visits.update(|visits| visits + 1);
        let above = (self.graph.chain_length(self.users[at]) - self.outside) as u32;
        let end = self.scope.max_distance.map_or(above, |most| above.min(most)) + 1;
        u32::from(!self.scope.with_self)..end
    }

    /// Those of them that stand between two cuts.
    fn within(&self, at: usize, start: Cut, end: Cut) -> Range<u32> {
        let all = self.distances(at);
        let first = if start.0 == at { all.start.max(start.1) } else { all.start };
        let last = if end.0 == at { all.end.min(end.1) } else { all.end };
        first..last.max(first)
    }

    /// The cut before the line at `edge`, or so many lines further on.
    fn cut(&self, edge: &LinePosition, further: u32) -> Cut {
        let found = self.graph.find(edge.descendant.as_str()).map(|user| self.place(user) as usize);
        match found.filter(|&place| place < self.users.len()) {
            Some(place) => (place, edge.distance.saturating_add(further)),
            // Where somebody was who is gone, the next one stands now.
            None => ((edge.place as usize).min(self.users.len()), 0),
        }
    }

    /// Where `user` stands, counted from the first; beyond the last for whoever isn't here.
    fn place(&self, user: UserIndex) -> u32 {
        let position = |user: UserIndex| self.graph.walk.places[user.at()].enter;
        let first = self.users.first().map_or(0, |&first| position(first));
        position(user).checked_sub(first).unwrap_or(u32::MAX)
    }
}

fn clamped(lines: usize) -> u32 {
    u32::try_from(lines).unwrap_or(u32::MAX)
}
